/* Axes of what a thread is created with. */
#include <threadbench/bench.h>

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#include "engine.h"
#include "place.h"

static enum tb_status needs_attributes(struct tb_run *run)
{
    if (!run->runtime || tb_runtime_can(run->runtime, TB_ATTRIBUTES))
        return TB_DONE;
    return tb_skip(run, "%s: it has no attributes to create a thread with", run->runtime->name);
}

static const char *const guard_labels[] = {"page", "none", "65536", "1048576"};

static enum tb_status guard_apply(struct tb_run *run, int64_t value)
{
    static const size_t bytes[] = {[TB_64K] = 65536, [TB_1M] = 1048576};

    if (value == TB_PAGE)
        return TB_DONE;
    run->engine->attributes.unguarded = value == TB_NONE;
    run->engine->attributes.guard_bytes = value == TB_NONE ? 0 : bytes[value];
    return needs_attributes(run);
}

const struct tb_axis tb_axis_guard = {
    .name = "guard",
    .doc =
        "inaccessible bytes below a stack; a page by default, which without a guard is the stack's",
    .labels = guard_labels,
    .apply = guard_apply,
};

static const char *const guard_by_labels[] = {"library", "mprotect", "madvise"};

const struct tb_axis tb_axis_guard_by = {
    .name = "guard-by",
    .doc = "the call that makes a stack's guard; without it, the one that the C library makes here",
    .labels = guard_by_labels,
};

static const char *const thp_labels[] = {"system", "madvise", "never"};

const struct tb_axis tb_axis_thp = {
    .name = "thp",
    .doc = "transparent huge pages for a stack: as the system is set, or the kernel is advised to "
           "take them, or not to",
    .labels = thp_labels,
};

static const char *const priority_labels[] = {"usual", "nice", "fifo", "rr"};

enum { NICE_STEPS = 10, NICEST = 19, LOWEST_REAL_TIME = 1 };

/* A real-time policy is tried on the caller, who then goes back to its own. */
static enum tb_status set_policy(struct tb_run *run, int policy)
{
    const struct sched_param lowest = {.sched_priority = LOWEST_REAL_TIME};
    int own = sched_getscheduler(0);
    struct sched_param before = {0};

    if (needs_attributes(run) != TB_DONE)
        return TB_SKIP;
    if (own < 0 || sched_getparam(0, &before))
        return tb_fail(run, "sched_getscheduler", errno);
    if (sched_setscheduler(0, policy, &lowest))
        return tb_skip(run, "a real-time policy needs CAP_SYS_NICE or RLIMIT_RTPRIO: %s",
                       strerror(errno));
    if (sched_setscheduler(0, own, &before))
        return tb_fail(run, "sched_setscheduler", errno);
    run->engine->attributes.policy = policy;
    run->engine->attributes.priority = LOWEST_REAL_TIME;
    return TB_DONE;
}

/* Threads inherit it. Whoever may go a step up will be able to come back. */
static enum tb_status be_nice(struct tb_run *run)
{
    int before;

    errno = 0;
    before = getpriority(PRIO_PROCESS, 0); /* the calling thread's, as the kernel sees it */
    if (errno)
        return tb_fail(run, "getpriority", errno);
    if (before > NICEST - NICE_STEPS)
        return tb_skip(run, "no nice value is %d higher than this process's, %d", NICE_STEPS,
                       before);
    if (setpriority(PRIO_PROCESS, 0, before - 1))
        return tb_skip(run, "the way back from a nice value needs CAP_SYS_NICE or RLIMIT_NICE: %s",
                       strerror(errno));
    run->engine->niced = true;
    run->engine->nice_before = before;
    return setpriority(PRIO_PROCESS, 0, before + NICE_STEPS) ? tb_fail(run, "setpriority", errno)
                                                             : TB_DONE;
}

static enum tb_status priority_apply(struct tb_run *run, int64_t value)
{
    switch (value) {
    case TB_NICE:
        return be_nice(run);
    case TB_FIFO:
        return set_policy(run, SCHED_FIFO);
    case TB_RR:
        return set_policy(run, SCHED_RR);
    default:
        return TB_DONE;
    }
}

static void priority_undo(struct tb_run *run, int64_t value)
{
    (void)value;
    if (run->engine->niced)
        (void)setpriority(PRIO_PROCESS, 0, run->engine->nice_before); /* it may: it was tried */
}

const struct tb_axis tb_axis_priority = {
    .name = "priority",
    .doc = "usual; parent and child at a nice value 10 higher; child under a real-time policy from "
           "its creation on",
    .labels = priority_labels,
    .apply = priority_apply,
    .undo = priority_undo,
};

static const char *const affinity_labels[] = {"inherited", "same", "other"};

static enum tb_status affinity_apply(struct tb_run *run, int64_t value)
{
    int cpu = value == TB_CPU_OTHER ? tb_place_other() : tb_place_home();

    if (value == TB_CPU_INHERITED)
        return TB_DONE;
    if (cpu == TB_NO_CPU && tb_place_unknown())
        return tb_skip(run, "the CPUs' topology is not known: %s", tb_place_unknown());
    if (cpu == TB_NO_CPU)
        return tb_skip(run, "this process may use one CPU only");
    CPU_ZERO(&run->engine->cpus);
    CPU_SET(cpu, &run->engine->cpus);
    run->engine->attributes.cpus = &run->engine->cpus;
    return needs_attributes(run);
}

const struct tb_axis tb_axis_affinity = {
    .name = "affinity",
    .doc = "the CPU that a thread is bound to at its creation: its parent's, or another",
    .labels = affinity_labels,
    .apply = affinity_apply,
};
