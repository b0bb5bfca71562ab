/* Fibres by makecontext and swapcontext of the C library, which save the signal mask: a system call
 * for each switch. */
#include "fibre.h"

#include <errno.h>
#include <ucontext.h>

struct fibre {
    struct tb_fibre base;
    ucontext_t self, caller;
};

/* makecontext passes ints only. */
static struct tb_thread *started;

static void start(void)
{
    struct tb_thread *thread = started;
    struct fibre *own = thread->own;

    thread->task.run(&thread->task);
    own->base.done = true;
    (void)swapcontext(&own->self, &own->caller); /* fails only for want of a stack, which it has */
}

static void resume(struct tb_thread *thread)
{
    struct fibre *own = thread->own;

    started = thread;
    (void)swapcontext(&own->caller, &own->self); /* as above */
}

static void leave(struct tb_thread *thread)
{
    struct fibre *own = thread->own;

    (void)swapcontext(&own->self, &own->caller); /* as above */
}

static void pass(struct tb_thread *thread, struct tb_thread *to)
{
    struct fibre *own = thread->own, *next = to->own;

    started = to;
    (void)swapcontext(&own->self, &next->self); /* as above */
}

static int prepare(struct tb_thread *thread)
{
    return tb_fibre_prepare(thread, sizeof(struct fibre));
}

static int create(struct tb_thread *thread)
{
    struct fibre *own = thread->own;

    own->base.done = false;
    if (getcontext(&own->self))
        return errno;
    own->self.uc_stack.ss_sp = own->base.stack;
    own->self.uc_stack.ss_size = own->base.stack_bytes;
    own->self.uc_link = NULL;
    makecontext(&own->self, start, 0);
    return 0;
}

static const struct tb_switching switching = {
    .create_leaving = tb_fibre_create_leaving,
    .create_passing = tb_fibre_create_passing,
    .resume = resume,
    .leave = leave,
    .pass = pass,
};

const struct tb_runtime tb_runtime_ucontext = {
    .name = "ucontext",
    .doc = "makecontext and swapcontext of the C library, on a ready stack",
    .kind = TB_FIBRES,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC | TB_STACK_SIZE | TB_SWITCHES,
    .prepare = prepare,
    .create = create,
    .join = tb_fibre_join,
    .release = tb_fibre_release,
    .switching = &switching,
};
