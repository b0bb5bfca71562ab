/* What a thread's memory costs where it comes from malloc. All is timed on the child's side.
 *
 * alloc/first: a thread's first malloc, for which the C library finds it an arena and makes its
 * cache of small blocks. glibc gives a new thread an arena that an ended one has left; where there
 * is none it makes one, up to eight for each CPU, and then threads share. The axis `arena` is which
 * of these it is. alloc/arena: the first malloc where an arena has to be made. Before each sample
 * another thread takes the arena that has been left, and keeps it; the first sample of a process
 * (the axis `warm`) has none before it.
 *
 * alloc/burst: a process's first such mallocs, by `alive` threads that are woken one right after
 * the other and all live on: the mean over them. The label has the largest.
 *
 * alloc/next: a later malloc of the thread, which finds no block that was freed. alloc/free:
 * freeing those. alloc/again: a malloc that takes the block which the free before it has left, with
 * the next such free.
 *
 * A malloc takes a few readings of the clock at most, so the last three are means over 64. One
 * reading is part of alloc/first, as that cannot be done twice in one thread. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Blocks of LATER_BYTES are joined to the free memory around them when an ended thread's cache is
 * emptied, so that the next thread finds none of them. */
enum { BLOCK = 64, BYTES = 64, LATER_BYTES = 256 };

/* ---- arenas ---- */

/* Each thread of `holders` that had a turn keeps memory, and with it its arena. */
struct arenas {
    int (*report)(int options, FILE *stream); /* glibc's malloc_info; NULL: another library */
    struct tb_partners *holders;
    size_t holding, most;
};

/* What that took is left in stamp_ns. */
static void hold(struct tb_partner *holder)
{
    int64_t begin_ns = tb_clock_ns();

    holder->shared = malloc(BYTES);
    tb_partner_stamp(holder);
    holder->stamp_ns -= begin_ns;
}

static void hold_another(struct arenas *arenas)
{
    struct tb_partner *holder = &arenas->holders->each[arenas->holding++];

    tb_partner_go(holder);
    tb_partner_await_done(holder);
}

/* So many there are, the program's first one included; 0: not known. */
static size_t count_arenas(const struct arenas *arenas)
{
    static const char mark[] = "<heap nr=";
    char *text = NULL;
    size_t size = 0, count = 0;
    FILE *stream = arenas->report ? open_memstream(&text, &size) : NULL;

    if (!stream)
        return 0;
    if (arenas->report(0, stream) || fclose(stream))
        size = 0;
    for (const char *at = size ? strstr(text, mark) : NULL; at; at = strstr(at + 1, mark))
        count++;
    free(text);
    return count;
}

/* glibc makes up to eight arenas for each CPU, and looks at that limit once there are nine. On very
 * many CPUs so many holders are too many. */
static size_t count_holders(const struct tb_run *run)
{
    enum { FOR_EACH_CPU = 8, BESIDES = 2, MOST = 512 };
    size_t all = FOR_EACH_CPU * (size_t)sysconf(_SC_NPROCESSORS_ONLN) + BESIDES;

    switch (tb_value(run, &tb_axis_arena)) {
    case TB_ARENA_SHARED:
        return all < MOST ? all : MOST;
    case TB_ARENA_MADE:
        return tb_value(run, &tb_axis_warm) == TB_WARM ? FOR_EACH_CPU + BESIDES : 0;
    default:
        return (size_t)tb_value(run, &tb_axis_alive);
    }
}

static int setup(struct tb_run *run)
{
    struct arenas *arenas = run->own;

    *(void **)&arenas->report = dlsym(RTLD_DEFAULT, "malloc_info");
    arenas->most = count_holders(run);
    return arenas->most ? tb_partners_create(run, arenas->most, hold, NULL, &arenas->holders) : 0;
}

/* The blocks that were held go back to where they came from. */
static void teardown(struct tb_run *run)
{
    struct arenas *arenas = run->own;

    while (arenas->holding)
        free(arenas->holders->each[--arenas->holding].shared);
    tb_partners_destroy(arenas->holders);
}

/* Runs a thread whose task stamps its allocations, and leaves its `arg` NULL if one has failed. */
static enum tb_status time_within(struct tb_run *run, struct tb_thread *thread)
{
    if (tb_run_thread(run, thread) != TB_DONE)
        return tb_broken(run);
    if (!thread->task.arg)
        return tb_fail(run, "malloc", ENOMEM);
    tb_record_stamps(run, thread->task.last_ns - thread->task.first_ns, run->start_cpu,
                     thread->task.cpu);
    return TB_DONE;
}

/* ---- the first ---- */

static void allocate_first(struct tb_task *task)
{
    task->cpu = tb_clock_cpu();
    task->first_ns = tb_clock_ns();
    task->arg = malloc(BYTES);
    task->last_ns = tb_clock_ns();
    free(task->arg);
}

static enum tb_status time_first(struct tb_run *run)
{
    struct tb_thread *thread = tb_thread_next(run, allocate_first);

    return thread ? time_within(run, thread) : tb_broken(run);
}

/* Holds arenas until one more thread is not given one of its own. */
static bool hold_all(struct arenas *arenas)
{
    size_t before, after = count_arenas(arenas);

    do {
        before = after;
        hold_another(arenas);
        after = count_arenas(arenas);
    } while (after > before && arenas->holding < arenas->most);
    return after == before;
}

/* The thread before has left its arena, or all of them are held. The first one may make one. */
static enum tb_status first(struct tb_run *run)
{
    struct arenas *arenas = run->own;
    size_t before = count_arenas(arenas), after;

    if (arenas->most && !before)
        return tb_skip(run, "the C library does not report its arenas");
    if (arenas->most && !hold_all(arenas))
        return tb_skip(run, "more than %zu threads are given an arena each", arenas->most);
    before = count_arenas(arenas);
    while (tb_next(run))
        if (time_first(run) != TB_DONE)
            return tb_broken(run);
    after = count_arenas(arenas);
    if (after > before + !arenas->most)
        return tb_skip(run, "%zu arenas were made meanwhile", after - before);
    if (after)
        tb_note(run, "arenas: %zu", after);
    return TB_DONE;
}

/* The first of a process has the main thread's arena before it, uncounted: to count uses what is to
 * be cold. */
static enum tb_status first_of_arena(struct tb_run *run)
{
    struct arenas *arenas = run->own;

    while (tb_next(run)) {
        size_t before = 1, after;

        if (arenas->most) {
            hold_another(arenas);
            before = count_arenas(arenas);
        }
        if (time_first(run) != TB_DONE)
            return tb_broken(run);
        after = count_arenas(arenas);
        if (!after)
            return tb_skip(run, "the C library does not report its arenas");
        if (after != before + 1)
            return tb_skip(run,
                           "the number of arenas stays at %zu (glibc.malloc.arena_max, or another "
                           "allocator)",
                           before);
    }
    return TB_DONE;
}

/* ---- many at once ---- */

/* How many arenas there are is counted afterwards: that uses what is to be cold. */
static void note_burst(struct tb_run *run, int64_t most_ns)
{
    size_t count = count_arenas(run->own);

    if (count)
        tb_note(run, "the largest %" PRId64 " ns; arenas: %zu", most_ns, count);
    else
        tb_note(run, "the largest %" PRId64 " ns", most_ns);
}

static enum tb_status burst(struct tb_run *run)
{
    struct arenas *arenas = run->own;
    struct tb_partner *each = arenas->holders->each;

    while (tb_next(run)) {
        int64_t sum_ns = 0, most_ns = 0;
        bool all = true;

        tb_start(run);
        for (size_t i = 0; i < arenas->most; i++)
            tb_partner_go(&each[i]);
        for (; arenas->holding < arenas->most; arenas->holding++) {
            const struct tb_partner *holder = &each[arenas->holding];

            tb_partner_await_done(&each[arenas->holding]);
            sum_ns += holder->stamp_ns;
            most_ns = holder->stamp_ns > most_ns ? holder->stamp_ns : most_ns;
            all &= holder->shared != NULL;
        }
        if (!all)
            return tb_fail(run, "malloc", ENOMEM);
        tb_record_stamps(run, (int64_t)((double)sum_ns / (double)arenas->most), run->start_cpu, -1);
        note_burst(run, most_ns);
    }
    return TB_DONE;
}

/* ---- later ones ---- */

/* Writes the stamps around what is timed. */
struct later {
    void (*stamp)(struct tb_task *task, void **blocks);
};

static bool allocate_all(void **blocks)
{
    bool all = true;

    for (int i = 0; i < BLOCK; i++) {
        blocks[i] = malloc(LATER_BYTES);
        all &= blocks[i] != NULL;
    }
    return all;
}

static void free_all(void **blocks)
{
    for (int i = 0; i < BLOCK; i++)
        free(blocks[i]);
}

static void stamp_next(struct tb_task *task, void **blocks)
{
    bool all;

    task->first_ns = tb_clock_ns();
    all = allocate_all(blocks);
    task->last_ns = tb_clock_ns();
    free_all(blocks);
    task->arg = all ? task : NULL;
}

static void stamp_free(struct tb_task *task, void **blocks)
{
    bool all = allocate_all(blocks);

    task->first_ns = tb_clock_ns();
    free_all(blocks);
    task->last_ns = tb_clock_ns();
    task->arg = all ? task : NULL;
}

/* The block is noted where others can see it, so that the compiler does not do without it. */
static void stamp_again(struct tb_task *task, void **blocks)
{
    bool all = true;

    task->first_ns = tb_clock_ns();
    for (int i = 0; i < BLOCK; i++) {
        *(void *_Atomic *)blocks = malloc(LATER_BYTES);
        all &= *blocks != NULL;
        free(*blocks);
    }
    task->last_ns = tb_clock_ns();
    task->arg = all ? task : NULL;
}

/* The thread's first malloc, and the first touch of its memory, come before. */
static void allocate_later(struct tb_task *task)
{
    const struct later *later = task->arg;
    void **blocks = calloc(BLOCK, sizeof(*blocks));

    task->cpu = tb_clock_cpu();
    task->arg = NULL;
    if (blocks)
        later->stamp(task, blocks);
    free(blocks);
}

static enum tb_status later(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, allocate_later);
        enum tb_status status;

        if (!thread)
            return tb_broken(run);
        thread->task.arg = (void *)run->bench->data; /* only read */
        status = time_within(run, thread);
        if (status != TB_DONE)
            return status;
    }
    return TB_DONE;
}

#define LATER(title, text, function)                                                               \
    {                                                                                              \
        .name = (title), .doc = (text), .needs = TB_RUNS_LIBC,                                     \
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)}, .block = BLOCK, .statistic = "p10",   \
        .data = &(const struct later){function}, .run = later,                                     \
    }

const struct tb_bench tb_bench_alloc[] = {
    {
        .name = "alloc/first",
        .doc = "a thread's first malloc, in an arena that the thread before it has left",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(arena, TB_ARENA_LEFT, TB_ARENA_SHARED),
                   TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .statistic = "p10",
        .standard = {"arena:shared/cpu:same/posix"},
        .own_bytes = sizeof(struct arenas),
        .setup = setup,
        .run = first,
        .teardown = teardown,
    },
    {
        .name = "alloc/arena",
        .doc = "a thread's first malloc, for which the C library makes an arena",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(arena, TB_ARENA_MADE), TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .own_bytes = sizeof(struct arenas),
        .setup = setup,
        .run = first_of_arena,
        .teardown = teardown,
    },
    {
        .name = "alloc/burst",
        .doc = "a process's first mallocs in threads that all do theirs now, and live on; mean "
               "over the threads",
        .threadless = true,
        .sweeps = {TB_SWEEP(alive, 16, 8, 64), TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                   TB_SWEEP(warm, TB_COLD)},
        .own_bytes = sizeof(struct arenas),
        .setup = setup,
        .run = burst,
        .teardown = teardown,
    },
    LATER("alloc/next", "a thread's later malloc, which finds no freed block; mean over 64",
          stamp_next),
    LATER("alloc/free", "freeing the blocks of such a malloc; mean over 64", stamp_free),
    LATER("alloc/again", "a malloc that takes a block just freed, and its free; mean over 64",
          stamp_again),
    {0},
};
