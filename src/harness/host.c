#include "host.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "file.h"
#include "json.h"
#include "memory.h"
#include "topology.h"

static void set_line(cJSON *object, const char *key, const char *path)
{
    char *line = tb_file_line(path);

    tb_json_set_text(object, key, line);
    free(line);
}

/* A setting that is a number; "max" and all else that is none becomes null. */
static void set_value(cJSON *object, const char *key, const char *path)
{
    char *line = tb_file_line(path), *end = line;
    double value = line ? strtod(line, &end) : NAN;

    tb_json_set_number(object, key, line && end != line ? value : NAN);
    free(line);
}

/* The first value of `field` in /proc/cpuinfo; the caller's, NULL for none. */
static char *cpu_field(const char *field)
{
    char *text, *value = NULL;
    const char *at;
    size_t size;

    if (tb_file_read("/proc/cpuinfo", 16 << 20, &text, &size))
        return NULL;
    for (at = text; at && strncmp(at, field, strlen(field));) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    at = at ? strchr(at, ':') : NULL;
    if (at) {
        at += 1 + strspn(at + 1, " \t");
        value = tb_print("%.*s", (int)strcspn(at, "\n"), at);
    }
    free(text);
    return value;
}

static void add_system(cJSON *host)
{
    char name[256] = "", libc[128] = "";
    struct utsname kernel = {0};
    cJSON *object;

    (void)uname(&kernel); /* fails only for a bad address; empty then */
    (void)gethostname(name, sizeof name - 1);
    tb_json_set_text(host, "name", name);
    tb_json_set_text(host, "machine", kernel.machine);
    /* 0 and an empty text where the libc is not glibc. */
    (void)confstr(_CS_GNU_LIBC_VERSION, libc, sizeof libc);
    tb_json_set_text(host, "libc", *libc ? libc : NULL);
    object = tb_json_set_object(host, "kernel");
    tb_json_set_text(object, "name", kernel.sysname);
    tb_json_set_text(object, "release", kernel.release);
    tb_json_set_text(object, "version", kernel.version);
}

static void add_cpu(cJSON *host)
{
    char *model = cpu_field("model name");

    tb_json_set_text(host, "cpu", model);
    tb_json_set(host, "topology", tb_topology_probe());
    free(model);
}

static void add_virtualisation(cJSON *host)
{
    char *flags = cpu_field("flags");
    cJSON *object = tb_json_set_object(host, "virtualisation");

    tb_json_set_flag(object, "hypervisor", flags && strstr(flags, " hypervisor"));
    set_line(object, "vendor", "/sys/class/dmi/id/sys_vendor");
    set_line(object, "product", "/sys/class/dmi/id/product_name");
    set_line(object, "type", "/sys/hypervisor/type");
    set_line(object, "container", "/run/systemd/container");
    free(flags);
}

static void add_limit(cJSON *object, const char *key, __rlimit_resource_t resource)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

    (void)getrlimit(resource, &limit); /* fails only for a bad argument */
    tb_json_set_number(object, key, limit.rlim_cur == RLIM_INFINITY ? NAN : (double)limit.rlim_cur);
}

/* pids.max of the control group this process is in, for either version of control groups. */
static void add_group_limit(cJSON *object)
{
    static const char *const marks[] = {"0::", ":pids:"};
    char *text, *path;
    size_t size;

    tb_json_set_number(object, "cgroup_pids_max", NAN);
    if (tb_file_read("/proc/self/cgroup", 1 << 16, &text, &size))
        return;
    for (int i = 0; i < 2; i++) {
        const char *at = strstr(text, marks[i]);

        if (!at)
            continue;
        at += strlen(marks[i]);
        path =
            tb_print("/sys/fs/cgroup%s%.*s/pids.max", i ? "/pids" : "", (int)strcspn(at, "\n"), at);
        if (access(path, R_OK) == 0)
            set_value(object, "cgroup_pids_max", path);
        free(path);
    }
    free(text);
}

static void add_limits(cJSON *host)
{
    cJSON *object = tb_json_set_object(host, "limits");

    add_limit(object, "processes", RLIMIT_NPROC);
    add_limit(object, "address_space_bytes", RLIMIT_AS);
    add_limit(object, "stack_bytes", RLIMIT_STACK);
    add_limit(object, "open_files", RLIMIT_NOFILE);
    set_value(object, "threads_max", "/proc/sys/kernel/threads-max");
    set_value(object, "pid_max", "/proc/sys/kernel/pid_max");
    set_value(object, "max_map_count", "/proc/sys/vm/max_map_count");
    add_group_limit(object);
}

static void add_mitigations(cJSON *host)
{
    static const char *const names[] = {"gather_data_sampling",
                                        "itlb_multihit",
                                        "l1tf",
                                        "mds",
                                        "meltdown",
                                        "mmio_stale_data",
                                        "retbleed",
                                        "spec_store_bypass",
                                        "spectre_v1",
                                        "spectre_v2",
                                        "srbds"};
    cJSON *object = tb_json_set_object(host, "mitigations");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = tb_print("/sys/devices/system/cpu/vulnerabilities/%s", names[i]);

        set_line(object, names[i], path);
        free(path);
    }
}

static void add_settings(cJSON *host)
{
    cJSON *object = tb_json_set_object(host, "settings");

    set_line(object, "clocksource",
             "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    set_line(object, "governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    set_value(object, "aslr", "/proc/sys/kernel/randomize_va_space");
    set_value(object, "smt_active", "/sys/devices/system/cpu/smt/active");
    set_line(object, "transparent_hugepages", "/sys/kernel/mm/transparent_hugepage/enabled");
}

cJSON *tb_host_probe(void)
{
    cJSON *host = cJSON_CreateObject();

    add_system(host);
    add_cpu(host);
    add_virtualisation(host);
    add_limits(host);
    add_settings(host);
    add_mitigations(host);
    return host;
}

cJSON *tb_host_moment(void)
{
    static const char mark[] = "avg10=";
    char *line = tb_file_line("/proc/pressure/cpu");
    const char *at = line ? strstr(line, mark) : NULL;
    cJSON *moment = cJSON_CreateObject();
    double load[3] = {0};
    int count = getloadavg(load, 3);

    tb_json_set(moment, "load_avg", cJSON_CreateDoubleArray(load, count > 0 ? count : 0));
    tb_json_set_number(moment, "cpu_some_avg10_percent",
                       at ? strtod(at + strlen(mark), NULL) : NAN);
    free(line);
    return moment;
}
