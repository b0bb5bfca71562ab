#include "document/checks.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"

enum operation {
    HAS,     /* a text with `text` in it */
    LACKS,   /* the opposite of that: what is no text, too */
    OUTSIDE, /* a text that is no part of `text` */
    SET,     /* neither missing nor null nor empty */
    MISSING, /* the opposite of that */
    TRUE,
    FALSE, /* and there */
    ABOVE, /* a number above `number` */
    BELOW, /* a number below `number` */
};

struct condition {
    const char *path; /* of members of the context, an array's by index; NULL: no condition */
    enum operation operation;
    const char *text;
    double number;
};

/* A finding, where all conditions hold. In `text` "@" is the value that the first one looked at. */
struct check {
    const char *id;
    const char *severity;
    struct condition conditions[3];
    const char *text;
    const char *advice;
};

#define WARNING        "warning"
#define NOTE           "note"
#define RUN            "threadbench."
#define HOST           RUN "host."
#define SETTING        HOST "settings."
#define LIMIT          HOST "limits."
#define MITIGATION     HOST "mitigations."
#define VIRTUALISATION HOST "virtualisation."
#define BEFORE         RUN "before."
#define KNOWN          RUN "subject.knows_threadbench"
#define ENVIRONMENT    RUN "subject.environment."

#define CPU            "/sys/devices/system/cpu/"
#define SOURCES        "/sys/devices/system/clocksource/clocksource0/"
#define FAST_CLOCKS    "tsc kvm-clock arch_sys_counter hyperv_clocksource_tsc_page timebase tod"
#define MITIGATED                                                                                  \
    "compare with hosts alike; booting with 'mitigations=off' ends it, and the protection"

/* The suite's largest cases hold 4,096 threads at once, each with a stack of 8 MiB: in two maps, or
 * in one where the C library guards it by madvise. */
enum { threads = 5000 };

/* One line each for the conditions, the text and the advice. */
/* clang-format off */
static const struct check checks[] = {
    {"traced", WARNING, {{SETTING "tracer_pid", ABOVE, NULL, 0}},
     "process @ traces this one, as debuggers and strace do: system calls may stop for it",
     "measure without it"},
    {"unoptimised", WARNING, {{RUN "build.optimised", FALSE}},
     "the suite was built without optimisation",
     "'meson configure --buildtype=debugoptimized' and 'ninja' in its build folder add it"},
    {"sanitizers", WARNING, {{RUN "build.sanitizers", SET}},
     "the suite was built with sanitizers (@), which follow every thread and access",
     "'meson configure -Db_sanitize=none' and 'ninja' in its build folder leave them out"},
    {"library-debug", WARNING, {{"library_build_type", HAS, "debug"}, {KNOWN, FALSE}},
     "the program's google-benchmark calls itself '@': assertions may stand in the timed loop",
     "link a library built with -DNDEBUG (Debian's 1.7.1 is not); manual times do not change"},
    {"library-debug", NOTE, {{"library_build_type", HAS, "debug"}, {KNOWN, TRUE}},
     "google-benchmark calls itself '@' because it was packaged without NDEBUG, as Debian's is",
     "nothing: rows with manual times, as all of the suite's have, are the same with any build"},
    {"library-old", NOTE, {{"library_version", HAS, "1.7."}},
     "google-benchmark @ has no skips, and ignores --benchmark_min_time=0.1s in silence",
     "nothing: threadbench knows both; by hand give it --benchmark_min_time=0.1"},
    {"library-old", NOTE,
     {{"library_version", MISSING}, {"library_build_type", OUTSIDE, "unknown"}},
     "the program's google-benchmark does not give its version: it is older than 1.8.4",
     "compare with the same version: 1.9.0 changed what the times of threaded rows mean"},
    {"other-run", WARNING, {{RUN "other_run", SET}},
     "another threadbench measures on this host (@), which disturbs both",
     "measure one after the other: --wait waits"},
    {"other-run-unknown", NOTE, {{RUN "other_run_unknown", SET}},
     "another threadbench that measures on this host is not noticed: @",
     "THREADBENCH_LOCK names a file or folder that everybody can open"},
    {"preload", WARNING, {{ENVIRONMENT "LD_PRELOAD", SET}},
     "LD_PRELOAD is @: every program that is measured loads it",
     "'unset LD_PRELOAD' takes it away, unless it is what you measure"},
    {"tunables", NOTE, {{ENVIRONMENT "GLIBC_TUNABLES", SET}},
     "GLIBC_TUNABLES is @",
     "'unset GLIBC_TUNABLES' gives the C library's defaults, unless it is what you measure"},

    {"governor", WARNING, {{SETTING "governor", OUTSIDE, "performance"}},
     "frequency governor @: clock rates follow the load, and short work finds them low",
     "'cpupower frequency-set -g performance' keeps them up until the machine is restarted"},
    {"turbo", NOTE, {{SETTING "intel_no_turbo", BELOW, NULL, 1}},
     "turbo is on: the clock rate depends on heat and on what the other CPUs do",
     "'echo 1 >" CPU "intel_pstate/no_turbo' keeps a steady, lower rate"},
    {"turbo", NOTE, {{SETTING "boost", ABOVE, NULL, 0}},
     "boost is on: the clock rate depends on heat and on what the other CPUs do",
     "'echo 0 >" CPU "cpufreq/boost' keeps a steady, lower rate"},
    {"smt", NOTE, {{SETTING "smt_active", ABOVE, NULL, 0}},
     "CPUs share cores (SMT): what runs on one slows its sibling",
     "'echo off >" CPU "smt/control' leaves one CPU of each core"},
    {"one-cpu", WARNING, {{HOST "topology.allowed_pus", BELOW, NULL, 2}},
     "only one CPU may be used: cases that need two (cpu:other) are skipped",
     "'taskset -pc 0-1 $$' gives this shell two, if its control group has them"},
    {"cpus-offline", NOTE, {{SETTING "cpus_offline", SET}},
     "CPUs @ are offline",
     "'echo 1 >" CPU "cpuN/online' brings CPU N back"},
    {"cpus-isolated", NOTE, {{SETTING "cpus_isolated", SET}},
     "CPUs @ are isolated: the scheduler puts no thread there by itself",
     "'taskset -c' with such CPUs measures on them, but gives up free placement"},
    {"clock-cost", WARNING, {{RUN "clock.cost_ns", ABOVE, NULL, 250}},
     "reading the clock takes @ ns, as much as a system call; a sample has two readings",
     "'cat " SOURCES "available_clocksource' shows whether there is a better source"},
    {"clock-source", WARNING,
     {{SETTING "clocksource", OUTSIDE, FAST_CLOCKS}, {RUN "clock", MISSING}},
     "clock source @: each reading is a system call",
     "'echo tsc >" SOURCES "current_clocksource' takes the CPU's own"},

    {"page-tables", WARNING,
     {{MITIGATION "meltdown", HAS, "PTI"}, {SETTING "pcid", FALSE}, {HOST "machine", HAS, "86"}},
     "page-table isolation without PCID: system calls and page faults cost several times as much",
     MITIGATED},
    {"page-tables", NOTE, {{MITIGATION "meltdown", HAS, "PTI"}, {SETTING "pcid", TRUE}},
     "page-table isolation: system calls cost more than on processors that need none",
     MITIGATED},
    {"mitigations", NOTE, {{MITIGATION "retbleed", HAS, "Mitigation"}},
     "every way into the kernel costs more (retbleed, @)",
     MITIGATED},
    {"mitigations", NOTE, {{MITIGATION "mds", HAS, "Clear CPU buffers"}},
     "every way out of the kernel costs more (mds, @)",
     MITIGATED},
    {"aslr", WARNING, {{SETTING "aslr", BELOW, NULL, 2}},
     "randomize_va_space is @: all repetitions share a memory layout, and its luck",
     "'sysctl kernel.randomize_va_space=2' gives every process one of its own"},
    {"personality", WARNING, {{SETTING "personality", OUTSIDE, "00000000"}},
     "personality @, not 0: with 00040000 (setarch -R) all repetitions share a memory layout",
     "measure without setarch"},
    {"huge-pages", NOTE, {{SETTING "transparent_hugepages", HAS, "[always]"}},
     "transparent huge pages are always used: the first touch of a stack may clear 2 MiB",
     "'echo madvise >/sys/kernel/mm/transparent_hugepage/enabled' keeps them to who asks"},
    {"real-time", WARNING,
     {{SETTING "rt_runtime_us", ABOVE, NULL, -1}, {SETTING "scheduling_policy", ABOVE, NULL, 0},
      {SETTING "scheduling_policy", BELOW, NULL, 3}},
     "real-time threads, as these are, may be stopped after @ us of each period",
     "'sysctl kernel.sched_rt_runtime_us=-1' lifts that; a spinning thread then keeps its CPU"},
    {"nice", WARNING, {{SETTING "nice", ABOVE, NULL, 0}},
     "the nice value is @: whoever else wants a CPU goes first",
     "measure without nice"},
    {"nice", NOTE, {{SETTING "nice", BELOW, NULL, 0}},
     "the nice value is @: these threads go before others, which may be what they wait for",
     "measure without nice"},
    {"batch", WARNING,
     {{SETTING "scheduling_policy", ABOVE, NULL, 2}, {SETTING "scheduling_policy", BELOW, NULL, 4}},
     "the policy is SCHED_BATCH: a thread that wakes waits for the one that runs",
     "'chrt -o 0' before the command gives it the usual one"},
    {"idle", WARNING,
     {{SETTING "scheduling_policy", ABOVE, NULL, 4}, {SETTING "scheduling_policy", BELOW, NULL, 6}},
     "the policy is SCHED_IDLE: whoever else wants a CPU goes first",
     "'chrt -o 0' before the command gives it the usual one"},
    {"core-pattern", NOTE, {{SETTING "core_pattern", HAS, "|"}},
     "a worker that crashes is first handed to a program (@), which takes long",
     "'sysctl kernel.core_pattern=core' writes a file instead"},

    {"limit-user", WARNING, {{LIMIT "processes", BELOW, NULL, threads}},
     "this user may have @ threads (RLIMIT_NPROC): the largest cases, of 4,096, may fail",
     "'ulimit -u unlimited' lifts it in this shell, up to its hard limit"},
    {"limit-cgroup", WARNING, {{LIMIT "cgroup_pids_max", BELOW, NULL, threads}},
     "this control group may have @ threads (pids.max): the largest cases, of 4,096, may fail",
     "start the container with more --pids-limit, the service with more TasksMax="},
    {"limit-threads", WARNING, {{LIMIT "threads_max", BELOW, NULL, threads}},
     "the machine may have @ threads: the largest cases, of 4,096, may fail",
     "'sysctl kernel.threads-max=32768' allows more"},
    {"limit-ids", WARNING, {{LIMIT "pid_max", BELOW, NULL, threads}},
     "the machine has @ thread ids: the largest cases, of 4,096, may fail",
     "'sysctl kernel.pid_max=32768' allows more"},
    {"limit-maps", WARNING,
     {{LIMIT "max_map_count", BELOW, NULL, 2 * threads},
      {RUN "stacks_guarded_by", LACKS, "madvise"}},
     "a process may have @ maps, a thread takes up to two: the largest cases, of 4,096, may "
     "fail",
     "'sysctl vm.max_map_count=65530' allows the usual number"},
    {"limit-maps", WARNING,
     {{LIMIT "max_map_count", BELOW, NULL, threads}, {RUN "stacks_guarded_by", HAS, "madvise"}},
     "a process may have @ maps, a thread takes up to one: the largest cases, of 4,096, may "
     "fail",
     "'sysctl vm.max_map_count=65530' allows the usual number"},
    {"limit-addresses", WARNING,
     {{LIMIT "address_space_bytes", BELOW, NULL, (double)threads * (8 << 20)}},
     "a process may have @ bytes of addresses (RLIMIT_AS): the largest cases may fail",
     "'ulimit -v unlimited' lifts it in this shell, up to its hard limit"},
    {"limit-cpu", WARNING, {{LIMIT "cgroup_cpus", BELOW, NULL, 2}},
     "this control group may use @ CPUs; what uses more is stopped for the rest of a period",
     "start the container without --cpus, the service without CPUQuota="},

    {"virtual-machine", NOTE, {{VIRTUALISATION "hypervisor", TRUE}},
     "a virtual machine: what its host and other guests do cannot be seen from here",
     "compare what ran interleaved, in one session"},
    {"steal", WARNING, {{BEFORE "steal_percent", ABOVE, NULL, 0.1}},
     "the hypervisor has taken @ % of the CPUs' time since the machine started",
     "look at steal_share of the repetitions; a machine with CPUs of its own has none"},
    {"container", NOTE, {{VIRTUALISATION "container", SET}},
     "a container (@): its filter of system calls, if it has one, runs at each of them",
     "compare with runs in the same kind of container"},
    {"load", NOTE, {{BEFORE "load_avg.0", ABOVE, NULL, 0.5}},
     "the load average of the last minute is @",
     "'top' shows whose it is; that of a run of your own takes minutes to fall"},
    {"pressure", WARNING, {{BEFORE "cpu_some_avg10_percent", ABOVE, NULL, 1}},
     "for @ % of the last ten seconds some task waited for a CPU",
     "'top' shows who is busy: measure when that has ended"},
    {"no-pressure", NOTE, {{BEFORE "cpu_some_avg10_percent", MISSING}, {BEFORE "load_avg", SET}},
     "the kernel does not report who waits for a CPU: disturbance by others shows less",
     "'psi=1' on the kernel's command line turns it on, where it is built in"},
    {"memory-pressure", WARNING, {{BEFORE "memory_some_avg10_percent", ABOVE, NULL, 0.1}},
     "for @ % of the last ten seconds some task waited for memory",
     "'top -o RES' shows who has it: page faults cost a multiple until it is free"},
    {"memory", WARNING, {{BEFORE "memory_available_kib", BELOW, NULL, 512 << 10}},
     "@ KiB of memory are available: the largest cases may push others out",
     "'top -o RES' shows who has the rest"},
    {"swap", NOTE, {{BEFORE "swap_cached_kib", ABOVE, NULL, 0}},
     "@ KiB have been swapped out and in again: memory has been short",
     "look at majflt of the repetitions: where it is not 0, they waited for a disk"},
};
/* clang-format on */

static bool is_set(const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);

    return item && !cJSON_IsNull(item) && (!text || *text);
}

static bool holds(const struct condition *condition, const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);
    double number = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    const bool results[] = {
        [HAS] = text && condition->text && strstr(text, condition->text),
        [LACKS] = condition->text && !(text && strstr(text, condition->text)),
        [OUTSIDE] = text && condition->text && !strstr(condition->text, text),
        [SET] = is_set(item),
        [MISSING] = !is_set(item),
        [TRUE] = cJSON_IsTrue(item),
        [FALSE] = cJSON_IsFalse(item),
        [ABOVE] = number > condition->number,
        [BELOW] = number < condition->number,
    };

    return results[condition->operation];
}

/* The text with the value in place of its "@"; the caller's. */
static char *fill(const char *text, const cJSON *item)
{
    int size = (int)strcspn(text, "@");
    double number = cJSON_IsNumber(item) ? item->valuedouble : 0;
    int digits = rint(number) == number ? 15 : 3;

    if (!text[size])
        return tb_copy(text);
    if (cJSON_IsString(item))
        return tb_print("%.*s%s%s", size, text, item->valuestring, text + size + 1);
    return tb_print("%.*s%.*g%s", size, text, digits, number, text + size + 1);
}

static void find(cJSON *findings, const char *id, const char *severity, const char *text,
                 const char *advice)
{
    cJSON *finding = tb_json_add_object(findings);

    tb_json_set_text(finding, "id", id);
    tb_json_set_text(finding, "severity", severity);
    tb_json_set_text(finding, "text", text);
    tb_json_set_text(finding, "advice", advice);
}

static void examine(const cJSON *context, const struct check *check, cJSON *findings)
{
    const struct condition *condition = check->conditions;
    tb_autofree char *text = NULL;

    for (size_t i = 0; i < sizeof check->conditions / sizeof *condition; i++) {
        if (condition[i].path && !holds(&condition[i], tb_json_find(context, condition[i].path)))
            return;
    }
    text = fill(check->text, tb_json_find(context, condition->path));
    find(findings, check->id, check->severity, text, check->advice);
}

cJSON *tb_checks(const cJSON *context)
{
    static const char *const severities[] = {WARNING, NOTE};
    cJSON *findings = cJSON_CreateArray();

    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
            if (!strcmp(checks[k].severity, severities[i]))
                examine(context, &checks[k], findings);
        }
    }
    return findings;
}

void tb_checks_add_uncounted(cJSON *findings, enum tb_metric metric, const char *why)
{
    const char *name = tb_metric_names[metric];
    tb_autofree char *id = tb_print("no-%s", name);
    tb_autofree char *text = tb_print("%s cannot be counted: %s", name, why);
    tb_autofree char *advice =
        tb_print("'run --counts' leaves them out, and 'ab --metric %s' needs them", name);

    find(findings, id, NOTE, text, advice);
}

cJSON *tb_subject_checks(const char *label, const cJSON *seen)
{
    static const struct {
        const char *list, *id, *before, *advice;
    } kinds[] = {
        {"without_effect", "no-effect", "",
         "correct it or leave it out: the subject is measured as if it were not there"},
        {"stderr", "stderr", "a process that ended well wrote on stderr: ",
         "see whether the subject is what it was meant to be"},
    };
    cJSON *findings = cJSON_CreateArray();
    const cJSON *item;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        tb_json_each(item, tb_json_find(seen, kinds[i].list)) {
            tb_autofree char *text = tb_print("%s%s%s%s", label ? label : "", label ? ": " : "",
                                              kinds[i].before, item->valuestring);

            find(findings, kinds[i].id, WARNING, text, kinds[i].advice);
        }
    }
    return findings;
}
