#include "run/host.h"

#include <glob.h>
#include <linux/capability.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "document/origin.h"
#include "run/procstat.h"
#include "util/json.h"
#include "util/memory.h"

enum kind {
    TEXT,    /* what follows the mark; of several files each different text once */
    NUMBER,  /* what follows it; "max", "unlimited" and the like are null */
    FLAG,    /* whether the mark is there; null where the file is not */
    PRESENT, /* the mark itself, where there is such a file */
};

/* A member of the object, read from files. */
struct fact {
    const char *object; /* the member is in this inner object; NULL: in the outer one */
    const char *key;    /* NULL: the file's own name */
    enum kind kind;
    const char *path; /* a pattern of glob() */
    const char *mark; /* as in tb_kernel_text() */
};

/* Inode number, from the kernel's linux/proc_ns.h. */
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
        fact->kind == PRESENT ? tb_copy(fact->mark) : tb_kernel_text(path, fact->mark);

    if (fact->kind == NUMBER)
        tb_json_set_number(object, key, tb_kernel_number(path, fact->mark));
    else if (fact->kind == FLAG)
        tb_json_set_flag(object, key, text != NULL);
    else if (text && *text)
        add_text(object, key, text);
}

static void add_fact(cJSON *outer, const struct fact *fact)
{
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

static void add_facts(cJSON *outer, const struct fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_fact(outer, &facts[i]);
}

static void add_system(cJSON *host)
{
    struct utsname names = {0};
    cJSON *kernel = tb_json_set_object(host, "kernel");

    (void)uname(&names); /* fails only for a bad address; empty then */
    tb_json_set_text(host, "name", names.nodename);
    tb_json_set_text(host, "machine", names.machine);
    tb_json_set_text(kernel, "name", names.sysname);
    tb_json_set_text(kernel, "release", names.release);
    tb_json_set_text(kernel, "version", names.version);
}

/* Limits of a control group, given its folder, in both versions of them. */
static double pids_max(const char *folder)
{
    tb_autofree char *path = tb_print("%s/pids.max", folder);

    return tb_kernel_number(path, "");
}

static double cpu_max(const char *folder)
{
    tb_autofree char *path = tb_print("%s/cpu.max", folder);
    double quota_period[2];

    return tb_kernel_numbers(path, "", quota_period, 2) == 2 ? quota_period[0] / quota_period[1]
                                                             : NAN;
}

static double cpu_cfs(const char *folder)
{
    tb_autofree char *quota = tb_print("%s/cpu.cfs_quota_us", folder);
    tb_autofree char *period = tb_print("%s/cpu.cfs_period_us", folder);

    return tb_kernel_number(quota, "") / tb_kernel_number(period, "");
}

/* The least of all that apply. */
static void add_group_limits(cJSON *limits)
{
    static const struct {
        const char *key, *mark, *root;
        double (*read)(const char *folder);
    } table[] = {
        {"cgroup_pids_max", "0::", "/sys/fs/cgroup", pids_max},
        {"cgroup_pids_max", ":pids:", "/sys/fs/cgroup/pids", pids_max},
        {"cgroup_cpus", "0::", "/sys/fs/cgroup", cpu_max},
        {"cgroup_cpus", ":cpu:", "/sys/fs/cgroup/cpu", cpu_cfs},
        {"cgroup_cpus", ":cpu,cpuacct:", "/sys/fs/cgroup/cpu", cpu_cfs},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double least = tb_cgroup_least(table[i].mark, table[i].root, table[i].read);

        tb_json_set_number(limits, table[i].key,
                           fmin(least, tb_json_number(limits, table[i].key, NAN)));
    }
}

static bool has_capability(unsigned long long set, int capability)
{
    return set >> capability & 1;
}

/* Whether the kernel lets this process have more threads than RLIMIT_NPROC: it does for root and
 * for who has one of two capabilities, both of the first user namespace alone. */
static bool is_above_user_limit(void)
{
    tb_autofree char *effective = tb_kernel_text("/proc/self/status", "CapEff");
    unsigned long long set = effective ? strtoull(effective, NULL, 16) : 0;
    struct stat status;

    return !stat("/proc/self/ns/user", &status) && status.st_ino == first_user_namespace &&
           (!getuid() || has_capability(set, CAP_SYS_RESOURCE) ||
            has_capability(set, CAP_SYS_ADMIN));
}

/* Whether a process that has threads gets a hash table of its own for its futexes: the kernel then
 * knows of their number, PR_FUTEX_HASH_GET_SLOTS, which older headers lack. */
static bool has_private_futex_hash(void)
{
    enum { FUTEX_HASH = 78, GET_SLOTS = 2 };

    return prctl(FUTEX_HASH, GET_SLOTS, 0, 0, 0) >= 0;
}

/* What this process has and no file shows. */
static void add_own(cJSON *host)
{
    cJSON *settings = member(host, "settings"), *limits = member(host, "limits");

    tb_json_set_number(settings, "scheduling_policy", sched_getscheduler(0));
    tb_json_set_number(settings, "nice", getpriority(PRIO_PROCESS, 0)); /* never fails */
    tb_json_set_flag(settings, "private_futex_hash", has_private_futex_hash());
    if (is_above_user_limit())
        tb_json_set(limits, "processes", cJSON_CreateNull());
}

cJSON *tb_host_probe(const char *name)
{
    cJSON *host = cJSON_CreateObject();

    add_system(host);
    if (name)
        tb_json_set_text(host, "name", name);
    add_facts(host, host_facts, sizeof host_facts / sizeof *host_facts);
    tb_json_set(host, "topology", tb_topology_probe());
    add_own(host);
    add_group_limits(member(host, "limits"));
    return host;
}

cJSON *tb_host_context(const char *name)
{
    cJSON *context = cJSON_CreateObject();

    tb_json_set(tb_json_set_object(context, "threadbench"), "host", tb_host_probe(name));
    tb_json_set_text(context, "host_name", tb_json_text(context, "threadbench.host.name"));
    return context;
}

const char *tb_host_differs(const cJSON *here, const cJSON *context)
{
    struct tb_origin origin = {0};

    (void)tb_origin_differs(&origin, here); /* from nothing */
    return tb_origin_differs(&origin, context);
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
