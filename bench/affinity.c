/* Where a thread may run, set by sched_setaffinity of the calling thread.
 *
 * affinity/set: a call that leaves the thread on its CPU: it is allowed that one alone, and that
 * one and a second, in turn, as the kernel does nothing for a set that is the same. A mean over a
 * block.
 *
 * affinity/migrate: a call that allows the other CPU only: it returns there, which the thread sees
 * in the CPU's number. The kernel has another thread, of its own, take this one off its CPU. */
#include <threadbench/bench.h>

#include <errno.h>
#include <sched.h>

enum { PAIRS = 32 };

struct sets {
    cpu_set_t before; /* of the calling thread, to be given back */
    int cpus[2];
    cpu_set_t one, both, other;
};

static int setup(struct tb_run *run)
{
    struct sets *sets = run->own;
    int found = 0;

    if (sched_getaffinity(0, sizeof(sets->before), &sets->before))
        return errno;
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0 && found < 2; cpu--)
        if (CPU_ISSET(cpu, &sets->before))
            sets->cpus[found++] = cpu;
    CPU_SET(sets->cpus[0], &sets->one);
    CPU_SET(sets->cpus[1], &sets->other);
    CPU_OR(&sets->both, &sets->one, &sets->other);
    return sched_setaffinity(0, sizeof(sets->one), &sets->one) ? errno : 0;
}

static void teardown(struct tb_run *run)
{
    struct sets *sets = run->own;

    (void)sched_setaffinity(0, sizeof(sets->before), &sets->before); /* what it had, or refused */
}

static int set(const cpu_set_t *cpus)
{
    return sched_setaffinity(0, sizeof(*cpus), cpus);
}

static enum tb_status stay(struct tb_run *run)
{
    struct sets *sets = run->own;

    if (CPU_COUNT(&sets->before) < 2)
        return tb_skip(run, "this process may use one CPU only");
    while (tb_next(run)) {
        int failed = 0;

        tb_start(run);
        for (int i = 0; i < PAIRS; i++) {
            failed |= set(&sets->both);
            failed |= set(&sets->one);
        }
        tb_stop(run);
        if (failed)
            return tb_fail(run, "sched_setaffinity", errno);
    }
    return TB_DONE;
}

static enum tb_status migrate(struct tb_run *run)
{
    struct sets *sets = run->own;
    int at = 0;

    if (CPU_COUNT(&sets->before) < 2)
        return tb_skip(run, "this process may use one CPU only");
    while (tb_next(run)) {
        int64_t end_ns;
        int failed;

        at = !at;
        tb_start(run);
        failed = set(at ? &sets->other : &sets->one);
        end_ns = tb_clock_ns();
        if (failed || tb_clock_cpu() != sets->cpus[at])
            return tb_fail(run, "sched_setaffinity", failed ? errno : EXDEV);
        tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, sets->cpus[at]);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_affinity[] = {
    {
        .name = "affinity/set",
        .doc =
            "changing the CPUs the calling thread may use, but not the one it is on; mean over 64",
        .threadless = true,
        .block = 2 * PAIRS,
        .statistic = "p10",
        .own_bytes = sizeof(struct sets),
        .setup = setup,
        .run = stay,
        .teardown = teardown,
    },
    {
        .name = "affinity/migrate",
        .doc = "the call that moves the calling thread to another CPU",
        .threadless = true,
        .statistic = "p10",
        .own_bytes = sizeof(struct sets),
        .setup = setup,
        .run = migrate,
        .teardown = teardown,
    },
    {0},
};
