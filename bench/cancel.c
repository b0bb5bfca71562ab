/* Cancelling a thread that sleeps in a cancellation point, as the kernel reports before each
 * sample. The C library makes the thread; no runtime takes part.
 *
 * cancel/deliver: from before the cancelling call until the thread's cleanup handler runs: the
 * signal, the thread's wake, and the unwinding of its frames up to the handler. cancel/lifecycle:
 * from before the call until the join has returned.
 *
 * cancel/handlers: pushing a cleanup handler and popping it again, by a thread that is not
 * cancelled; a mean over a block.
 *
 * glibc unwinds by a library of the compiler's, libgcc_s, which it loads for the first cancellation
 * or pthread_exit of a process. `warm:cold` is that first one. The label has whether the library
 * had been loaded before for something else.
 *
 * cancel/unwinder: opening that library and looking up its functions, as glibc does then.
 * cancel/unwind: its walk over the five innermost frames of the stack, by _Unwind_ForcedUnwind, and
 * the jump out of them. These explain what the first one takes more. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <unistd.h>
#include <unwind.h>

#include "first.h"
#include "unwinder.h"

enum { PAIRS = 256 };
static const int64_t deadline_ns = 10000000000;

/* Written by the thread; read once `tid` is there, the rest after the join. */
struct victim {
    pthread_t thread;
    _Atomic pid_t tid;
    int64_t handled_ns;
    int cpu;
};

static void handle(void *argument)
{
    struct victim *victim = argument;

    victim->handled_ns = tb_clock_ns();
    victim->cpu = tb_clock_cpu();
}

static void *sleep_until_cancelled(void *argument)
{
    struct victim *victim = argument;

    pthread_cleanup_push(handle, victim);
    atomic_store_explicit(&victim->tid, gettid(), memory_order_release);
    for (;;)
        (void)pause(); /* a signal without a handler of its own does not end it */
    pthread_cleanup_pop(0);
    return NULL;
}

/* On one CPU the thread needs that CPU to fall asleep, hence the yield. */
static int await_asleep(struct victim *victim)
{
    int64_t begin_ns = tb_clock_ns();
    bool asleep = false;
    int fd, err;

    while (!atomic_load_explicit(&victim->tid, memory_order_acquire))
        (void)sched_yield(); /* always succeeds, here and below */
    err = tb_proc_open_state(atomic_load_explicit(&victim->tid, memory_order_relaxed), &fd);
    if (err)
        return err;
    while (!asleep && tb_clock_ns() - begin_ns < deadline_ns) {
        asleep = tb_proc_is_asleep(fd);
        if (!asleep)
            (void)sched_yield();
    }
    (void)close(fd); /* read only: nothing to lose */
    return asleep ? 0 : ETIMEDOUT;
}

/* It is cancelled also where it did not fall asleep, so that it ends. */
static enum tb_status cancel(struct tb_run *run, bool whole)
{
    struct victim victim = {.cpu = -1};
    int64_t end_ns;
    int err = pthread_create(&victim.thread, NULL, sleep_until_cancelled, &victim), late;

    if (err)
        return tb_fail(run, "pthread_create", err);
    late = await_asleep(&victim);
    tb_start(run);
    err = pthread_cancel(victim.thread);
    err = err ? err : pthread_join(victim.thread, NULL);
    end_ns = tb_clock_ns();
    if (err || late || !victim.handled_ns)
        return tb_fail(run, "asleep, cancelled and joined", err ? err : late ? late : ECANCELED);
    if (whole)
        tb_phase_at(run, victim.handled_ns);
    tb_record_stamps(run, (whole ? end_ns : victim.handled_ns) - run->start_ns, run->start_cpu,
                     victim.cpu);
    return TB_DONE;
}

static enum tb_status deliver(struct tb_run *run)
{
    note_unwinder(run);
    while (tb_next(run))
        if (cancel(run, false) != TB_DONE)
            return tb_broken(run);
    return TB_DONE;
}

static enum tb_status lifecycle(struct tb_run *run)
{
    note_unwinder(run);
    while (tb_next(run))
        if (cancel(run, true) != TB_DONE)
            return tb_broken(run);
    return TB_DONE;
}

static void push_and_pop(struct victim *unused)
{
    pthread_cleanup_push(handle, unused);
    pthread_cleanup_pop(0);
}

static enum tb_status handlers(struct tb_run *run)
{
    struct victim unused;

    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < PAIRS; i++)
            push_and_pop(&unused);
        tb_stop(run);
    }
    return TB_DONE;
}

/* ---- the unwinder ---- */

/* What glibc looks up, from 2.35 on. */
static bool has_all(void *library)
{
    static const char *const names[] = {"_Unwind_Backtrace", "_Unwind_ForcedUnwind",
                                        "_Unwind_GetCFA",    "_Unwind_GetIP",
                                        "_Unwind_Resume",    "__gcc_personality_v0"};
    bool all = true;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        all &= dlsym(library, names[i]) != NULL;
    return all;
}

static enum tb_status find_unwinder(struct tb_run *run)
{
    note_unwinder(run);
    while (tb_next(run)) {
        void *library;
        bool found;

        tb_start(run);
        library = dlopen(unwinder, RTLD_NOW);
        found = library && has_all(library);
        tb_stop(run);
        if (library)
            (void)dlclose(library); /* nothing of it is kept */
        if (!found)
            return tb_skip(run, "%s cannot be loaded, or has other functions", unwinder);
    }
    return TB_DONE;
}

/* An unwinding that is forced, and where it is left. */
struct walk {
    _Unwind_Reason_Code (*force)(struct _Unwind_Exception *, _Unwind_Stop_Fn, void *);
    struct _Unwind_Exception exception;
    int frames_left;
    jmp_buf end;
};

static _Unwind_Reason_Code step(int version, _Unwind_Action action, _Unwind_Exception_Class class,
                                struct _Unwind_Exception *exception,
                                struct _Unwind_Context *context, void *own)
{
    struct walk *walk = own;

    (void)version;
    (void)action;
    (void)class;
    (void)exception;
    (void)context; /* the frames are those of this file's functions and their callers */
    if (--walk->frames_left <= 0)
        longjmp(walk->end, 1);
    return _URC_NO_REASON;
}

/* It comes back at once where the library refuses, and then some frames are left. */
static void force(struct walk *walk)
{
    enum { FRAMES = 5 };

    walk->exception = (struct _Unwind_Exception){0};
    walk->frames_left = FRAMES;
    if (!_setjmp(walk->end))
        (void)walk->force(&walk->exception, step, walk);
}

static enum tb_status unwind(struct tb_run *run)
{
    void *library = dlopen(unwinder, RTLD_NOW);
    struct walk walk = {0};

    if (library)
        *(void **)&walk.force = dlsym(library, "_Unwind_ForcedUnwind");
    while (walk.force && walk.frames_left <= 0 && tb_next(run)) {
        tb_start(run);
        force(&walk);
        tb_stop(run);
    }
    if (library)
        (void)dlclose(library); /* nothing of it is kept */
    if (!walk.force)
        return tb_skip(run, "%s cannot be loaded, or has other functions", unwinder);
    return walk.frames_left > 0 ? tb_fail(run, "_Unwind_ForcedUnwind", ENOTSUP) : TB_DONE;
}

/* What the first of a process takes more. */
#define FIRST_SIGNAL_PART(phase)                                                                   \
    FIRST_MORE_PART(phase, "a first signal", NULL, "signal/deliver/cpu:same/warm:resident",        \
                    "signal/deliver/cpu:same")
#define FIRST_CANCEL_PARTS(phase)                                                                  \
    FIRST_PARTS(phase, phase "_lower_half_mean", "cancel/lifecycle/cpu:same/warm:cold",            \
                "cancel/lifecycle/cpu:same/warm:resident", "cancel/lifecycle/cpu:same")

static const struct tb_phase_part first[] = {
    FIRST_WHOLE_PARTS("cancel/deliver", ""),
    FIRST_SIGNAL_PART(TB_WHOLE),
    FIRST_UNWINDER_PART(TB_WHOLE),
    FIRST_WALK_PART(TB_WHOLE),
    {0},
};

static const struct tb_phase_part phases_of_first[] = {
    FIRST_CANCEL_PARTS("deliver"),
    FIRST_SIGNAL_PART("deliver"),
    FIRST_UNWINDER_PART("deliver"),
    FIRST_WALK_PART("deliver"),
    FIRST_CANCEL_PARTS("end"),
    FIRST_EXIT_PART("end"),
    {0},
};

const struct tb_bench tb_bench_cancel[] = {
    {
        .name = "cancel/deliver",
        .doc = "from before pthread_cancel until the cleanup handler of a thread that slept runs",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .statistic = "p10",
        .parts_case = "cpu:same/warm:cold",
        .parts = first,
        .run = deliver,
    },
    {
        .name = "cancel/lifecycle",
        .doc = "from before pthread_cancel of a thread that slept until its join has returned, "
               "divided where its cleanup handler runs",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .phases = {"deliver", "end"},
        .statistic = "p10",
        .standard = {"cpu:same/warm:cold"},
        .parts_case = "cpu:same/warm:cold",
        .parts = phases_of_first,
        .run = lifecycle,
    },
    {
        .name = "cancel/handlers",
        .doc = "a call that pushes a cleanup handler and pops it; mean over 256",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = PAIRS,
        .statistic = "p10",
        .run = handlers,
    },
    {
        .name = "cancel/unwinder",
        .doc = "opening libgcc_s and looking up its functions, as glibc does to end a first thread",
        .threadless = true,
        .sweeps = {TB_SWEEP(warm, TB_COLD, TB_RESIDENT), TB_SWEEP(cpu, TB_CPU_SAME)},
        .run = find_unwinder,
    },
    {
        .name = "cancel/unwind",
        .doc = "a forced unwinding of the five innermost frames of a stack, by libgcc_s",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME), TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .statistic = "p10",
        .run = unwind,
    },
    {0},
};
