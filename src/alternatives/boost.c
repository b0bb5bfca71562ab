/* Fibres by Boost.Context. Its two functions are assembly with C's calling convention; the
 * library's own header is for C++, so they are declared here. */
#include "fibre.h"

/* Where a context was left, and what its other side handed over. */
struct transfer {
    void *context;
    void *data;
};

struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *stack_end, size_t size, void (*start)(struct transfer from));

struct fibre {
    struct tb_fibre base;
    void *self, *caller;
};

/* Whose function begins at the next jump. */
static struct tb_thread *started;

/* Who jumps hands over where its own context is to be kept. */
static void arrive(struct transfer from)
{
    *(void **)from.data = from.context;
}

static void leave(struct tb_thread *thread)
{
    struct fibre *own = thread->own;

    arrive(jump_fcontext(own->caller, &own->self));
}

static void start(struct transfer from)
{
    struct tb_thread *thread = started;
    struct fibre *own = thread->own;

    arrive(from);
    thread->task.run(&thread->task);
    own->base.done = true;
    leave(thread);
}

static void resume(struct tb_thread *thread)
{
    struct fibre *own = thread->own;

    started = thread;
    arrive(jump_fcontext(own->self, &own->caller));
}

static void pass(struct tb_thread *thread, struct tb_thread *to)
{
    started = to;
    arrive(jump_fcontext(((struct fibre *)to->own)->self, &((struct fibre *)thread->own)->self));
}

static int prepare(struct tb_thread *thread)
{
    return tb_fibre_prepare(thread, sizeof(struct fibre));
}

static int create(struct tb_thread *thread)
{
    struct fibre *own = thread->own;

    own->base.done = false;
    own->self = make_fcontext((char *)own->base.stack + own->base.stack_bytes,
                              own->base.stack_bytes, start);
    return 0;
}

static const struct tb_switching switching = {
    .create_leaving = tb_fibre_create_leaving,
    .create_passing = tb_fibre_create_passing,
    .resume = resume,
    .leave = leave,
    .pass = pass,
};

const struct tb_runtime tb_runtime_boost = {
    .name = "boost",
    .doc = "make_fcontext and jump_fcontext of Boost.Context, on a ready stack",
    .kind = TB_FIBRES,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC | TB_STACK_SIZE | TB_SWITCHES,
    .prepare = prepare,
    .create = create,
    .join = tb_fibre_join,
    .release = tb_fibre_release,
    .switching = &switching,
};
