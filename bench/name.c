/* Giving a thread its name, by pthread_setname_np.
 *
 * name/self: by the thread itself, which is a system call. name/another: by another thread, for
 * which glibc writes to a file in /proc. Each is a mean over a block; the names alternate. The
 * named thread of the second sleeps. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <pthread.h>

enum { BLOCK = 64, NAME_SIZE = 16 };

struct named {
    struct tb_partners *partners;
    char before[NAME_SIZE];
};

static int setup_self(struct tb_run *run)
{
    struct named *named = run->own;

    return pthread_getname_np(pthread_self(), named->before, sizeof(named->before));
}

static void teardown_self(struct tb_run *run)
{
    struct named *named = run->own;

    (void)pthread_setname_np(pthread_self(), named->before); /* the name that it had */
}

/* It takes no turn. */
static int setup_another(struct tb_run *run)
{
    struct named *named = run->own;

    return tb_partners_create(run, 1, tb_partner_arrive, NULL, &named->partners);
}

static void teardown_another(struct tb_run *run)
{
    struct named *named = run->own;

    tb_partners_destroy(named->partners);
}

static enum tb_status name(struct tb_run *run, pthread_t thread)
{
    static const char *const names[] = {"threadbench-0", "threadbench-1"};

    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            err |= pthread_setname_np(thread, names[i % 2]);
        tb_stop(run);
        if (err)
            return tb_skip(run, "the C library or the kernel names no thread (error %d)", err);
    }
    return TB_DONE;
}

static enum tb_status name_self(struct tb_run *run)
{
    return name(run, pthread_self());
}

static enum tb_status name_another(struct tb_run *run)
{
    const struct named *named = run->own;

    return name(run, named->partners->each[0].thread);
}

const struct tb_bench tb_bench_name[] = {
    {
        .name = "name/self",
        .doc = "a thread gives itself a name; mean over 64",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = BLOCK,
        .statistic = "p10",
        .own_bytes = sizeof(struct named),
        .setup = setup_self,
        .run = name_self,
        .teardown = teardown_self,
    },
    {
        .name = "name/another",
        .doc = "a thread gives another one a name; mean over 64",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = BLOCK,
        .statistic = "p10",
        .own_bytes = sizeof(struct named),
        .setup = setup_another,
        .run = name_another,
        .teardown = teardown_another,
    },
    {0},
};
