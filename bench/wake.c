/* Waking a thread that sleeps in a futex, as the kernel reports before each sample.
 *
 * wake/futex: from before the waking call to the woken thread's first instruction. wake/call: the
 * waking call alone, until it returns; on one CPU the woken thread may run before it does.
 * wake/nobody: the call when nobody sleeps there; a mean over as many futexes.
 *
 * The kernel looks sleepers up in a hash table: one for all processes, or, from Linux 6.16 on, one
 * of the process's own once it has made a thread. That grows with the number of threads, up to what
 * the number of CPUs allows. The label has its size. Who wakes goes through all sleepers in the
 * same slot, whatever they wait for. The threads of the axis `live` sleep in one futex, so in one
 * slot, and which other futexes are in it depends on their addresses: hence many of them. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <errno.h>
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK = 512 };
enum { FUTEX_HASH = 78, GET_SLOTS = 2 }; /* PR_FUTEX_HASH…, which older headers lack */

struct bed {
    _Atomic uint32_t awake;
    struct tb_partners *partners;
};

static void note_hash(struct tb_run *run)
{
    int slots = prctl(FUTEX_HASH, GET_SLOTS, 0, 0, 0);

    if (slots > 0)
        tb_note(run, "futex hash of its own: %d slots", slots);
    else
        tb_note(run, "futex hash of all processes");
}

static void sleep_until_woken(struct tb_partner *partner)
{
    struct bed *bed = partner->shared;

    tb_partner_arrive(partner);
    while (!atomic_load_explicit(&bed->awake, memory_order_acquire))
        (void)syscall(SYS_futex, &bed->awake, FUTEX_WAIT_PRIVATE, 0, NULL); /* or again */
    tb_partner_stamp(partner);
}

static int setup(struct tb_run *run)
{
    struct bed *bed = run->own;

    return tb_partners_create(run, 1, sleep_until_woken, bed, &bed->partners);
}

static void teardown(struct tb_run *run)
{
    struct bed *bed = run->own;

    tb_partners_destroy(bed->partners);
}

static long wake(_Atomic uint32_t *awake)
{
    atomic_store_explicit(awake, 1, memory_order_release);
    return syscall(SYS_futex, awake, FUTEX_WAKE_PRIVATE, 1);
}

/* Also one that never came to sleep is woken, so that its turn ends. */
static enum tb_status wake_sleeper(struct tb_run *run, bool call_alone)
{
    struct bed *bed = run->own;
    struct tb_partner *sleeper = &bed->partners->each[0];

    note_hash(run);
    while (tb_next(run)) {
        int64_t end_ns;
        long woken;
        int err;

        atomic_store_explicit(&bed->awake, 0, memory_order_relaxed); /* ordered by the turn */
        tb_partner_go(sleeper);
        err = tb_partner_await_asleep(sleeper);
        tb_start(run);
        woken = wake(&bed->awake);
        end_ns = tb_clock_ns();
        tb_partner_await_done(sleeper);
        if (err || woken != 1)
            return tb_fail(run, "asleep, and woken", err ? err : ESRCH);
        tb_record_stamps(run, (call_alone ? end_ns : sleeper->stamp_ns) - run->start_ns,
                         run->start_cpu, sleeper->cpu);
    }
    return TB_DONE;
}

static enum tb_status until_it_runs(struct tb_run *run)
{
    return wake_sleeper(run, false);
}

static enum tb_status call(struct tb_run *run)
{
    return wake_sleeper(run, true);
}

/* Each in a cache line of its own. */
struct word {
    _Alignas(64) _Atomic uint32_t awake;
};

static enum tb_status nobody(struct tb_run *run)
{
    struct word words[BLOCK] = {0};

    note_hash(run);
    while (tb_next(run)) {
        long woken = 0;

        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            woken |= wake(&words[i].awake);
        tb_stop(run);
        if (woken)
            return tb_fail(run, "wake", EINVAL);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_wake[] = {
    {
        .name = "wake/futex",
        .doc = "from before the waking call to the first instruction of the thread that slept",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE, TB_CPU_SIBLING,
                            TB_CPU_FAR),
                   TB_SWEEP(live, 0, 16, 256, 4096)},
        .statistic = "p10",
        .standard = {"cpu:same/live:4096"},
        .own_bytes = sizeof(struct bed),
        .setup = setup,
        .run = until_it_runs,
        .teardown = teardown,
    },
    {
        .name = "wake/call",
        .doc = "the call that wakes a thread, until it returns",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE), TB_SWEEP(live, 0, 256)},
        .statistic = "p10",
        .own_bytes = sizeof(struct bed),
        .setup = setup,
        .run = call,
        .teardown = teardown,
    },
    {
        .name = "wake/nobody",
        .doc = "the waking call when nobody sleeps; mean over 512 futexes",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME), TB_SWEEP(made, TB_SOME, TB_NEVER),
                   TB_SWEEP(live, 0, 256, 4096)},
        .block = BLOCK,
        .statistic = "p10",
        .standard = {"cpu:same/live:4096"},
        .run = nobody,
    },
    {0},
};
