/*
 * The doctor on hosts that are made up: nothing to say of a good one, and for each of its checks a
 * fact that sets it off and one that is next to it and does not.
 */
#include "check.h"

#include <cjson/cJSON.h>

#include "document/checks.h"
#include "util/json.h"

static const char good_host[] =
    "{\"library_build_type\": \"release\", \"library_version\": \"v1.9.5\", \"threadbench\": {"
    "\"subject\": {\"knows_threadbench\": true, \"environment\": {\"LD_LIBRARY_PATH\": \"lib\"}},"
    "\"clock\": {\"cost_ns\": 24.1},"
    "\"build\": {\"optimised\": true, \"asserts\": true, \"sanitizers\": null},"
    "\"before\": {\"load_avg\": [0.02, 3, 9], \"steal_percent\": 0,"
    "  \"cpu_some_avg10_percent\": 0.1, \"memory_some_avg10_percent\": 0,"
    "  \"memory_available_kib\": 8000000, \"swap_cached_kib\": 0},"
    "\"host\": {\"machine\": \"x86_64\", \"topology\": {\"allowed_pus\": 8},"
    "  \"virtualisation\": {\"hypervisor\": false, \"container\": null},"
    "  \"limits\": {\"processes\": 90000, \"cgroup_pids_max\": null, \"threads_max\": 90000,"
    "    \"pid_max\": 32768, \"max_map_count\": 65530, \"address_space_bytes\": null,"
    "    \"cgroup_cpus\": null},"
    "  \"settings\": {\"tracer_pid\": 0, \"governor\": \"performance\", \"intel_no_turbo\": 1,"
    "    \"boost\": 0, \"smt_active\": 0, \"cpus_offline\": null, \"cpus_isolated\": null,"
    "    \"clocksource\": \"tsc\", \"pcid\": true, \"aslr\": 2, \"personality\": \"00000000\","
    "    \"transparent_hugepages\": \"always [madvise] never\", \"scheduling_policy\": 0,"
    "    \"nice\": 0, \"rt_runtime_us\": 950000, \"core_pattern\": \"core\"},"
    "  \"mitigations\": {\"meltdown\": \"Not affected\", \"retbleed\": \"Not affected\","
    "    \"mds\": \"Not affected\"}}}}";

/* Members to be changed, in JSON, by their paths from "threadbench" on, or from the top with "/".
 */
struct change {
    const char *path, *value;
};

/* What a finding is set off by, and what comes next to that and is none. */
static const struct sample {
    const char *id, *severity, *part; /* of its text */
    struct change bad, good;
    struct change both[2]; /* in either of them */
} samples[] = {
    {"traced",
     "warning",
     "process 77 traces",
     {"host.settings.tracer_pid", "77"},
     {"host.settings.tracer_pid", "0"}},
    {"unoptimised",
     "warning",
     "without optimisation",
     {"build.optimised", "false"},
     {"build", "null"}},
    {"sanitizers",
     "warning",
     "(address,undefined)",
     {"build.sanitizers", "\"address,undefined\""},
     {"build.sanitizers", "\"\""}},
    {"library-debug",
     "note",
     "'debug'",
     {"/library_build_type", "\"debug\""},
     {"/library_build_type", "\"unknown\""}},
    {"library-debug",
     "warning",
     "'debug'",
     {"/library_build_type", "\"debug\""},
     {"/library_build_type", "\"release\""},
     {{"subject.knows_threadbench", "false"}}},
    {"library-old",
     "note",
     "1.7.1 has no skips",
     {"/library_version", "\"1.7.1\""},
     {"/library_version", "\"v1.8.4\""}},
    {"library-old",
     "note",
     "older than 1.8.4",
     {"/library_version", "null"},
     {"/library_version", "\"v1.8.4\""}},
    {"other-run",
     "warning",
     "(process 7: x)",
     {"other_run", "\"process 7: x\""},
     {"other_run", "null"}},
    {"other-run-unknown",
     "note",
     "cannot open",
     {"other_run_unknown", "\"cannot open\""},
     {"other_run_unknown", "null"}},
    {"preload",
     "warning",
     "LD_PRELOAD is libx.so",
     {"subject.environment.LD_PRELOAD", "\"libx.so\""},
     {"subject.environment.LD_PRELOAD", "\"\""}},
    {"tunables",
     "note",
     "is glibc.x=1",
     {"subject.environment.GLIBC_TUNABLES", "\"glibc.x=1\""},
     {"subject.environment.GLIBC_TUNABLES", "\"\""}},
    {"governor",
     "warning",
     "governor powersave:",
     {"host.settings.governor", "\"powersave\""},
     {"host.settings.governor", "null"}},
    {"governor",
     "warning",
     "governor performance, powersave:",
     {"host.settings.governor", "\"performance, powersave\""},
     {"host.settings.governor", "\"performance\""}},
    {"turbo",
     "note",
     "turbo is on",
     {"host.settings.intel_no_turbo", "0"},
     {"host.settings.intel_no_turbo", "null"}},
    {"turbo", "note", "boost is on", {"host.settings.boost", "1"}, {"host.settings.boost", "null"}},
    {"smt",
     "note",
     "share cores",
     {"host.settings.smt_active", "1"},
     {"host.settings.smt_active", "null"}},
    {"one-cpu",
     "warning",
     "only one CPU",
     {"host.topology.allowed_pus", "1"},
     {"host.topology.allowed_pus", "2"}},
    {"cpus-offline",
     "note",
     "CPUs 2-3 are",
     {"host.settings.cpus_offline", "\"2-3\""},
     {"host.settings.cpus_offline", "\"\""}},
    {"cpus-isolated",
     "note",
     "CPUs 1 are",
     {"host.settings.cpus_isolated", "\"1\""},
     {"host.settings.cpus_isolated", "\"\""}},
    {"clock-cost", "warning", "takes 480 ns", {"clock.cost_ns", "480"}, {"clock.cost_ns", "60"}},
    {"clock-source",
     "warning",
     "clock source hpet",
     {"host.settings.clocksource", "\"hpet\""},
     {"host.settings.clocksource", "\"kvm-clock\""},
     {{"clock", "null"}}},
    {"page-tables",
     "warning",
     "without PCID",
     {"host.mitigations.meltdown", "\"Mitigation: PTI\""},
     {"host.mitigations.meltdown", "\"Vulnerable\""},
     {{"host.settings.pcid", "false"}}},
    {"page-tables",
     "note",
     "than on processors",
     {"host.mitigations.meltdown", "\"Mitigation: PTI\""},
     {"host.mitigations.meltdown", "null"}},
    {"mitigations",
     "note",
     "way into the kernel",
     {"host.mitigations.retbleed", "\"Mitigation: IBRS\""},
     {"host.mitigations.retbleed", "\"Vulnerable\""}},
    {"mitigations",
     "note",
     "way out of the kernel",
     {"host.mitigations.mds", "\"Mitigation: Clear CPU buffers; SMT disabled\""},
     {"host.mitigations.mds", "\"Vulnerable\""}},
    {"aslr",
     "warning",
     "randomize_va_space is 0",
     {"host.settings.aslr", "0"},
     {"host.settings.aslr", "null"}},
    {"personality",
     "warning",
     "personality 00040000",
     {"host.settings.personality", "\"00040000\""},
     {"host.settings.personality", "null"}},
    {"huge-pages",
     "note",
     "always used",
     {"host.settings.transparent_hugepages", "\"[always] madvise never\""},
     {"host.settings.transparent_hugepages", "\"always madvise [never]\""}},
    {"real-time",
     "warning",
     "after 950000 us",
     {"host.settings.scheduling_policy", "1"},
     {"host.settings.scheduling_policy", "6"}},
    {"real-time",
     "warning",
     "after 950000 us",
     {"host.settings.rt_runtime_us", "950000"},
     {"host.settings.rt_runtime_us", "-1"},
     {{"host.settings.scheduling_policy", "2"}}},
    {"nice", "warning", "value is 19", {"host.settings.nice", "19"}, {"host.settings.nice", "0"}},
    {"nice", "note", "value is -1", {"host.settings.nice", "-1"}, {"host.settings.nice", "null"}},
    {"batch",
     "warning",
     "SCHED_BATCH",
     {"host.settings.scheduling_policy", "3"},
     {"host.settings.scheduling_policy", "6"}},
    {"idle",
     "warning",
     "SCHED_IDLE",
     {"host.settings.scheduling_policy", "5"},
     {"host.settings.scheduling_policy", "0"}},
    {"core-pattern",
     "note",
     "(|/bin/crash %P)",
     {"host.settings.core_pattern", "\"|/bin/crash %P\""},
     {"host.settings.core_pattern", "\"core.%p\""}},
    {"limit-user",
     "warning",
     "1024 threads (RLIMIT_NPROC)",
     {"host.limits.processes", "1024"},
     {"host.limits.processes", "null"}},
    {"limit-cgroup",
     "warning",
     "100 threads (pids.max)",
     {"host.limits.cgroup_pids_max", "100"},
     {"host.limits.cgroup_pids_max", "9000"}},
    {"limit-threads",
     "warning",
     "have 4999 threads",
     {"host.limits.threads_max", "4999"},
     {"host.limits.threads_max", "5000"}},
    {"limit-ids",
     "warning",
     "301 thread ids",
     {"host.limits.pid_max", "301"},
     {"host.limits.pid_max", "32768"}},
    {"limit-maps",
     "warning",
     "9999 maps, a thread takes up to two",
     {"host.limits.max_map_count", "9999"},
     {"host.limits.max_map_count", "10000"}},
    {"limit-maps",
     "warning",
     "9999 maps, a thread takes up to two",
     {"stacks_guarded_by", "\"mprotect\""},
     {"stacks_guarded_by", "\"madvise\""},
     {{"host.limits.max_map_count", "9999"}}},
    {"limit-maps",
     "warning",
     "4999 maps, a thread takes up to one",
     {"host.limits.max_map_count", "4999"},
     {"host.limits.max_map_count", "5000"},
     {{"stacks_guarded_by", "\"madvise\""}}},
    {"limit-addresses",
     "warning",
     "8589934592 bytes",
     {"host.limits.address_space_bytes", "8589934592"},
     {"host.limits.address_space_bytes", "89589934592"}},
    {"limit-cpu",
     "warning",
     "use 0.5 CPUs",
     {"host.limits.cgroup_cpus", "0.5"},
     {"host.limits.cgroup_cpus", "2"}},
    {"virtual-machine",
     "note",
     "virtual machine",
     {"host.virtualisation.hypervisor", "true"},
     {"host.virtualisation.hypervisor", "null"}},
    {"steal",
     "warning",
     "taken 3.25 % of",
     {"before.steal_percent", "3.2531"},
     {"before.steal_percent", "0.1"}},
    {"container",
     "note",
     "(podman)",
     {"host.virtualisation.container", "\"podman\""},
     {"host.virtualisation.container", "\"\""}},
    {"load", "note", "is 1.75", {"before.load_avg", "[1.75, 0, 0]"}, {"before.load_avg", "[]"}},
    {"pressure",
     "warning",
     "for 12.5 % of",
     {"before.cpu_some_avg10_percent", "12.5"},
     {"before.cpu_some_avg10_percent", "1"}},
    {"no-pressure",
     "note",
     "does not report",
     {"before.cpu_some_avg10_percent", "null"},
     {"before.cpu_some_avg10_percent", "0"}},
    {"memory-pressure",
     "warning",
     "waited for memory",
     {"before.memory_some_avg10_percent", "7"},
     {"before.memory_some_avg10_percent", "null"}},
    {"memory",
     "warning",
     "100000 KiB",
     {"before.memory_available_kib", "100000"},
     {"before.memory_available_kib", "null"}},
    {"swap",
     "note",
     "5120 KiB",
     {"before.swap_cached_kib", "5120"},
     {"before.swap_cached_kib", "null"}},
};

static void apply(cJSON *context, const struct change *change)
{
    cJSON *object = context;
    char path[64];
    char *name = path, *dot;

    if (!change->path)
        return;
    if (change->path[0] != '/')
        object = cJSON_GetObjectItemCaseSensitive(context, "threadbench");
    (void)snprintf(path, sizeof path, "%s", change->path + (change->path[0] == '/'));
    while ((dot = strchr(name, '.'))) {
        *dot = '\0';
        object = cJSON_GetObjectItemCaseSensitive(object, name);
        assert_non_null(object);
        name = dot + 1;
    }
    tb_json_set(object, name, cJSON_Parse(change->value));
}

/* The findings on the good host after these changes. */
static cJSON *examine(const struct change *change, const struct change *both)
{
    cJSON *context = cJSON_Parse(good_host);
    cJSON *findings;

    assert_non_null(context);
    apply(context, &both[0]);
    apply(context, &both[1]);
    apply(context, change);
    findings = tb_checks(context);
    cJSON_Delete(context);
    return findings;
}

static void check_nothing_on_a_good_host(void **state)
{
    const struct change none[2] = {{NULL, NULL}, {NULL, NULL}};
    cJSON *findings = examine(none, none);

    (void)state; /* no test here has one */
    assert_int_equal(cJSON_GetArraySize(findings), 0);
    cJSON_Delete(findings);
}

static void check_each_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *sample = &samples[i];
        cJSON *bad = examine(&sample->bad, sample->both);
        cJSON *good = examine(&sample->good, sample->both);
        const cJSON *finding = cJSON_GetArrayItem(bad, 0);

        if (cJSON_GetArraySize(bad) != 1 || cJSON_GetArraySize(good) != 0)
            fail_msg("%s: %s", sample->id, cJSON_Print(bad));
        assert_string_equal(tb_json_text(finding, "id"), sample->id);
        assert_string_equal(tb_json_text(finding, "severity"), sample->severity);
        assert_contains(tb_json_text(finding, "text"), sample->part);
        assert_null(strchr(tb_json_text(finding, "text"), '@'));
        assert_true(strlen(tb_json_text(finding, "advice")) > 10);
        cJSON_Delete(bad);
        cJSON_Delete(good);
    }
}

/* What is not told, or is of another type than it should be, is no finding. */
static void check_what_is_not_known(void **state)
{
    static const char *const contexts[] = {
        "{}",
        "null",
        "[]",
        "{\"threadbench\": 3}",
        "{\"threadbench\": {\"host\": []}}",
        "{\"threadbench\": {\"before\": {\"steal_percent\": \"9\"}}}",
        "{\"threadbench\": {\"host\": {\"settings\": {\"governor\": 5, \"aslr\": \"0\"}}}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        cJSON *context = cJSON_Parse(contexts[i]);
        cJSON *findings = tb_checks(context);

        assert_int_equal(cJSON_GetArraySize(findings), 0);
        cJSON_Delete(findings);
        cJSON_Delete(context);
    }
}

static void check_warnings_come_first(void **state)
{
    const struct change both[2] = {{"host.settings.smt_active", "1"},
                                   {"before.memory_available_kib", "1"}};
    cJSON *findings = examine(&(struct change){"before.load_avg", "[7]"}, both);
    static const char *const ids[] = {"memory", "smt", "load"};

    (void)state;
    assert_int_equal(cJSON_GetArraySize(findings), 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(tb_json_text(cJSON_GetArrayItem(findings, i), "id"), ids[i]);
    cJSON_Delete(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_nothing_on_a_good_host),
        cmocka_unit_test(check_each_both_ways),
        cmocka_unit_test(check_what_is_not_known),
        cmocka_unit_test(check_warnings_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
