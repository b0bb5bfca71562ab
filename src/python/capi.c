/* What threads cost in the interpreter's own C API: operations that no Python code calls, each
 * timed in blocks, as one takes less than a look at the clock. */
#include <threadbench/bench.h>

#include <errno.h>

#include "api.h"

enum { BLOCK = 64 };

static void *key;

static void attach_detach(void)
{
    tb_py.PyEval_RestoreThread(tb_py.PyEval_SaveThread());
}

static void ensure_release(void)
{
    void *state = tb_py.PyEval_SaveThread();

    tb_py.PyGILState_Release(tb_py.PyGILState_Ensure());
    tb_py.PyEval_RestoreThread(state);
}

static void state_new_delete(void)
{
    void *state = tb_py.PyThreadState_New(tb_py.PyInterpreterState_Get());

    tb_py.PyThreadState_Clear(state);
    tb_py.PyThreadState_Delete(state);
}

static void key_create_delete(void)
{
    (void)tb_py.PyThread_tss_create(key); /* that keys can be had is asked before the series */
    (void)tb_py.PyThread_tss_set(key, &key);
    tb_py.PyThread_tss_delete(key);
}

static enum tb_status repeat(struct tb_run *run, void (*operation)(void))
{
    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            operation();
        tb_stop(run);
    }
    return TB_DONE;
}

static enum tb_status attach(struct tb_run *run)
{
    return repeat(run, attach_detach);
}

static enum tb_status ensure(struct tb_run *run)
{
    return repeat(run, ensure_release);
}

static enum tb_status state(struct tb_run *run)
{
    return repeat(run, state_new_delete);
}

static enum tb_status tss(struct tb_run *run)
{
    return repeat(run, key_create_delete);
}

static int tss_setup(struct tb_run *run)
{
    (void)run;
    key = tb_py.PyThread_tss_alloc();
    if (!key)
        return ENOMEM;
    if (!tb_py.PyThread_tss_create(key)) {
        tb_py.PyThread_tss_delete(key);
        return 0;
    }
    tb_py.PyThread_tss_free(key);
    key = NULL;
    return EAGAIN;
}

static void tss_teardown(struct tb_run *run)
{
    (void)run;
    if (key)
        tb_py.PyThread_tss_free(key);
    key = NULL;
}

#define EACH                                                                                       \
    .threadless = true, .statistic = "p10", .block = BLOCK,                                        \
    .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)}

const struct tb_bench tb_bench_capi[] = {
    {.name = "python/attach",
     .doc = "the thread state detached and attached; mean over 64",
     EACH,
     .run = attach},
    {.name = "python/ensure",
     .doc = "detached, PyGILState_Ensure and _Release, attached; mean of 64",
     EACH,
     .run = ensure},
    {.name = "python/state",
     .doc = "a thread state made, cleared and deleted; mean over 64",
     EACH,
     .run = state},
    {.name = "python/tss",
     .doc = "a PyThread_tss key created, set and deleted; mean over 64",
     EACH,
     .setup = tss_setup,
     .run = tss,
     .teardown = tss_teardown},
    {0},
};
