#include "run/host.h"

#include <glob.h>
#include <hwloc.h>
#include <linux/capability.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "run/procstat.h"
#include "util/json.h"
#include "util/memory.h"

enum kind {
    TEXT,    /* what follows the mark; of several files, each different one once */
    NUMBER,  /* "max", "unlimited" and all else that is none are null */
    FLAG,    /* whether the mark is there; null where the file is not */
    PRESENT, /* the mark, where there is such a file */
};

/* A member: what stands behind `mark` in the files of a pattern. */
struct fact {
    const char *object; /* NULL: the outer one */
    const char *key;    /* NULL: the file's own name */
    enum kind kind;
    const char *path, *mark;
};

/* Its inode, of the kernel's linux/proc_ns.h. */
static const ino_t first_user_namespace = 0xEFFFFFFD;

#define CPU "/sys/devices/system/cpu/"

static const struct fact host_facts[] = {
    {NULL, "cpu", TEXT, "/proc/cpuinfo", "model name"},
    {"virtualisation", "hypervisor", FLAG, "/proc/cpuinfo", " hypervisor"},
    {"virtualisation", "vendor", TEXT, "/sys/class/dmi/id/sys_vendor", ""},
    {"virtualisation", "product", TEXT, "/sys/class/dmi/id/product_name", ""},
    {"virtualisation", "type", TEXT, "/sys/hypervisor/type", ""},
    {"virtualisation", "container", TEXT, "/run/systemd/container", ""},
    {"virtualisation", "container", PRESENT, "/.dockerenv", "docker"},
    {"virtualisation", "container", PRESENT, "/run/.containerenv", "podman"},
    {"limits", "processes", NUMBER, "/proc/self/limits", "Max processes"},
    {"limits", "address_space_bytes", NUMBER, "/proc/self/limits", "Max address space"},
    {"limits", "stack_bytes", NUMBER, "/proc/self/limits", "Max stack size"},
    {"limits", "open_files", NUMBER, "/proc/self/limits", "Max open files"},
    {"limits", "threads_max", NUMBER, "/proc/sys/kernel/threads-max", ""},
    {"limits", "pid_max", NUMBER, "/proc/sys/kernel/pid_max", ""},
    {"limits", "max_map_count", NUMBER, "/proc/sys/vm/max_map_count", ""},
    {"settings", "clocksource", TEXT,
     "/sys/devices/system/clocksource/clocksource0/current_clocksource", ""},
    {"settings", "governor", TEXT, CPU "cpu[0-9]*/cpufreq/scaling_governor", ""},
    {"settings", "intel_no_turbo", NUMBER, CPU "intel_pstate/no_turbo", ""},
    {"settings", "boost", NUMBER, CPU "cpufreq/boost", ""},
    {"settings", "aslr", NUMBER, "/proc/sys/kernel/randomize_va_space", ""},
    {"settings", "personality", TEXT, "/proc/self/personality", ""},
    {"settings", "smt_active", NUMBER, CPU "smt/active", ""},
    {"settings", "cpus_online", TEXT, CPU "online", ""},
    {"settings", "cpus_offline", TEXT, CPU "offline", ""},
    {"settings", "cpus_isolated", TEXT, CPU "isolated", ""},
    {"settings", "transparent_hugepages", TEXT, "/sys/kernel/mm/transparent_hugepage/enabled", ""},
    {"settings", "core_pattern", TEXT, "/proc/sys/kernel/core_pattern", ""},
    {"settings", "rt_runtime_us", NUMBER, "/proc/sys/kernel/sched_rt_runtime_us", ""},
    {"settings", "tracer_pid", NUMBER, "/proc/self/status", "TracerPid"},
    {"settings", "pcid", FLAG, "/proc/cpuinfo", " pcid"},
    {"mitigations", NULL, TEXT, CPU "vulnerabilities/*", ""},
};

static const struct fact moment_facts[] = {
    {NULL, "cpu_some_avg10_percent", NUMBER, "/proc/pressure/cpu", "some avg10"},
    {NULL, "memory_some_avg10_percent", NUMBER, "/proc/pressure/memory", "some avg10"},
    {NULL, "memory_available_kib", NUMBER, "/proc/meminfo", "MemAvailable"},
    {NULL, "swap_cached_kib", NUMBER, "/proc/meminfo", "SwapCached"},
};

/* The inner object of that name, made where it is missing; the outer one for NULL. */
static cJSON *member(cJSON *outer, const char *name)
{
    cJSON *found = name ? cJSON_GetObjectItemCaseSensitive(outer, name) : outer;

    return found ? found : tb_json_set_object(outer, name);
}

static void add_text(cJSON *object, const char *key, const char *text)
{
    const char *had = tb_json_text(object, key);
    tb_autofree char *both = had ? tb_print("%s, %s", had, text) : tb_copy(text);

    if (!had || !strstr(had, text))
        tb_json_set_text(object, key, both);
}

static void add_file(cJSON *object, const char *key, const struct fact *fact, const char *path)
{
    tb_autofree char *text =
        fact->kind == PRESENT ? tb_copy(fact->mark) : tb_field(path, fact->mark);

    if (fact->kind == NUMBER)
        tb_json_set_number(object, key, tb_field_number(path, fact->mark));
    else if (fact->kind == FLAG)
        tb_json_set_flag(object, key, text != NULL);
    else if (text && *text)
        add_text(object, key, text);
}

static void add_facts(cJSON *outer, const struct fact *facts, size_t count)
{
    for (const struct fact *fact = facts; fact < facts + count; fact++) {
        cJSON *object = member(outer, fact->object);
        glob_t found = {0};

        if (fact->key && !cJSON_HasObjectItem(object, fact->key))
            tb_json_set(object, fact->key, cJSON_CreateNull());
        (void)glob(fact->path, 0, NULL, &found); /* what fails has found nothing */
        for (size_t i = 0; i < found.gl_pathc; i++) {
            const char *path = found.gl_pathv[i];

            add_file(object, fact->key ? fact->key : strrchr(path, '/') + 1, fact, path);
        }
        globfree(&found);
    }
}

static void add_system(cJSON *host)
{
    char libc[128] = "";
    struct utsname names = {0};
    cJSON *kernel = tb_json_set_object(host, "kernel");

    (void)uname(&names); /* fails only for a bad address; empty then */
    tb_json_set_text(host, "name", names.nodename);
    tb_json_set_text(host, "machine", names.machine);
    tb_json_set_text(kernel, "name", names.sysname);
    tb_json_set_text(kernel, "release", names.release);
    tb_json_set_text(kernel, "version", names.version);
    /* 0 and an empty text where the libc is not glibc. */
    (void)confstr(_CS_GNU_LIBC_VERSION, libc, sizeof libc);
    tb_json_set_text(host, "libc", *libc ? libc : NULL);
}

/* A limit of control groups, in either version of them: a number, or one number over another. */
static const struct group {
    const char *key, *mark, *folder, *file, *over, *over_mark;
} groups[] = {
    {"cgroup_pids_max", "0::", "/sys/fs/cgroup", "pids.max", NULL, NULL},
    {"cgroup_pids_max", ":pids:", "/sys/fs/cgroup/pids", "pids.max", NULL, NULL},
    {"cgroup_cpus", "0::", "/sys/fs/cgroup", "cpu.max", "cpu.max", " "},
    {"cgroup_cpus", ":cpu:", "/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", "cpu.cfs_period_us", ""},
    {"cgroup_cpus", ":cpu,cpuacct:", "/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", "cpu.cfs_period_us",
     ""},
};

static double read_group(const struct group *group, const char *path)
{
    tb_autofree char *file = tb_print("%s%s/%s", group->folder, path, group->file);
    tb_autofree char *over =
        tb_print("%s%s/%s", group->folder, path, group->over ? group->over : "");
    double value = tb_field_number(file, "");

    if (group->over)
        value /= tb_field_number(over, group->over_mark);
    return value >= 0 ? value : NAN; /* -1: no limit */
}

/* The least of a group's and its parents' limits, as far up as can be seen from here. */
static void add_group(cJSON *limits, const struct group *group)
{
    char *path = tb_field("/proc/self/cgroup", group->mark), *end = path;
    double least = tb_json_number(limits, group->key, NAN);

    while (end) {
        least = fmin(least, read_group(group, path));
        end = strrchr(path, '/');
        if (end)
            *end = '\0';
    }
    tb_json_set_number(limits, group->key, least);
    free(path);
}

static void add_caches(hwloc_topology_t topology, hwloc_obj_type_t type, cJSON *caches)
{
    static const char *const names[] = {
        [HWLOC_OBJ_CACHE_UNIFIED] = "Unified",
        [HWLOC_OBJ_CACHE_DATA] = "Data",
        [HWLOC_OBJ_CACHE_INSTRUCTION] = "Instruction",
    };
    hwloc_obj_t first = hwloc_get_obj_by_type(topology, type, 0);
    cJSON *item;

    if (!first)
        return;
    item = tb_json_add_object(caches);
    tb_json_set_number(item, "level", first->attr->cache.depth);
    tb_json_set_text(item, "type", names[first->attr->cache.type]);
    tb_json_set_number(item, "size_bytes", (double)first->attr->cache.size);
    tb_json_set_number(item, "shared_by", hwloc_bitmap_weight(first->cpuset));
    tb_json_set_number(item, "count", hwloc_get_nbobjs_by_type(topology, type));
}

/* How many CPUs this process may use; NaN where the system does not tell. */
static double count_allowed(hwloc_topology_t topology)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    int err = set ? hwloc_get_cpubind(topology, set, HWLOC_CPUBIND_THREAD) : -1;
    double count = err ? NAN : (double)hwloc_bitmap_weight(set);

    hwloc_bitmap_free(set);
    return count;
}

static void fill_topology(hwloc_topology_t topology, cJSON *object, cJSON *caches)
{
    static const struct {
        const char *key;
        hwloc_obj_type_t type;
    } counts[] = {
        {"packages", HWLOC_OBJ_PACKAGE},
        {"numa_nodes", HWLOC_OBJ_NUMANODE},
        {"cores", HWLOC_OBJ_CORE},
        {"pus", HWLOC_OBJ_PU},
    };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double count = hwloc_get_nbobjs_by_type(topology, counts[i].type);

        /* 0: there are none or they are hidden; -1: on several levels. */
        tb_json_set_number(object, counts[i].key, count > 0 ? count : NAN);
    }
    tb_json_set_flag(object, "smt",
                     tb_json_number(object, "pus", 0) > tb_json_number(object, "cores", INFINITY));
    tb_json_set_number(object, "allowed_pus", count_allowed(topology));
    for (hwloc_obj_type_t type = HWLOC_OBJ_TYPE_MIN; type < HWLOC_OBJ_TYPE_MAX; type++) {
        if (hwloc_obj_type_is_cache(type))
            add_caches(topology, type, caches);
    }
}

/*
 * The processors as hwloc sees them: packages, numa_nodes, cores, pus (logical CPUs), smt,
 * allowed_pus (that control groups and affinity leave to this process) and caches (level, type,
 * size_bytes, shared_by, count). Members are null, and caches empty, where it cannot tell.
 */
static cJSON *probe_topology(void)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *caches = tb_json_set_array(object, "caches"); /* stays empty where nothing is known */
    hwloc_topology_t topology;

    if (hwloc_topology_init(&topology))
        return object;
    /* Instruction caches are left out unless asked for; failing to ask only loses them. */
    (void)hwloc_topology_set_icache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL);
    if (hwloc_topology_load(topology) == 0)
        fill_topology(topology, object, caches);
    hwloc_topology_destroy(topology);
    return object;
}

static bool has_capability(unsigned long long set, int capability)
{
    return set >> capability & 1;
}

/* Whether the kernel lets this process have more threads than RLIMIT_NPROC: root and who may
 * override it, of the first user namespace, as which it asks. */
static bool is_above_user_limit(void)
{
    tb_autofree char *effective = tb_field("/proc/self/status", "CapEff");
    unsigned long long set = effective ? strtoull(effective, NULL, 16) : 0;
    struct stat status;

    return !stat("/proc/self/ns/user", &status) && status.st_ino == first_user_namespace &&
           (!getuid() || has_capability(set, CAP_SYS_RESOURCE) ||
            has_capability(set, CAP_SYS_ADMIN));
}

/* What this process has beside what files tell. */
static void add_own(cJSON *host)
{
    cJSON *settings = member(host, "settings"), *limits = member(host, "limits");

    tb_json_set_number(settings, "scheduling_policy", sched_getscheduler(0));
    tb_json_set_number(settings, "nice", getpriority(PRIO_PROCESS, 0)); /* ours is there */
    if (is_above_user_limit())
        tb_json_set(limits, "processes", cJSON_CreateNull());
}

cJSON *tb_host_probe(void)
{
    cJSON *host = cJSON_CreateObject();

    add_system(host);
    add_facts(host, host_facts, sizeof host_facts / sizeof *host_facts);
    tb_json_set(host, "topology", probe_topology());
    add_own(host);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        add_group(member(host, "limits"), &groups[i]);
    return host;
}

cJSON *tb_host_moment(void)
{
    cJSON *moment = cJSON_CreateObject();
    struct tb_totals totals = tb_totals_read();
    double load[3] = {0};
    int count = getloadavg(load, 3);

    tb_json_set(moment, "load_avg", cJSON_CreateDoubleArray(load, count > 0 ? count : 0));
    tb_json_set_number(moment, "steal_percent", 100 * totals.steal / totals.all);
    add_facts(moment, moment_facts, sizeof moment_facts / sizeof *moment_facts);
    return moment;
}
