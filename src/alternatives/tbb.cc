// oneTBB's task group, in an arena of one thread per CPU, but at least two. The caller is one of
// them: while it waits it may run the task itself. The threads stay until the process ends.
#include "std.hh"

#include <algorithm>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

namespace
{

int team()
{
    return std::max(tbb::info::default_concurrency(), 2);
}

// What a series has; the control lets the library make a thread also where there is one CPU.
struct pool {
    tbb::global_control threads{tbb::global_control::max_allowed_parallelism,
                                static_cast<size_t>(team())};
    tbb::task_arena arena{team()};
    tbb::task_group group;
};

pool *all;

// The caller is one of the team.
int64_t count_threads()
{
    return team() - 1;
}

int enter()
{
    return tb_std_try([] { all = new pool; });
}

void leave()
{
    delete all;
    all = nullptr;
}

void within(void (*body)(void *argument), void *argument)
{
    all->arena.execute([=] { body(argument); });
}

int prepare(struct tb_thread *thread)
{
    return thread->stack_bytes ? ENOTSUP : 0;
}

int create(struct tb_thread *thread)
{
    tb_task *task = &thread->task;

    return tb_std_try([task] { all->group.run([task] { task->run(task); }); });
}

// It waits for all tasks of the group, this one among them.
int join(struct tb_thread *)
{
    return all->group.wait() == tbb::complete ? 0 : ECANCELED;
}

void release(struct tb_thread *)
{
}

} // namespace

extern const struct tb_runtime tb_runtime_tbb;
const struct tb_runtime tb_runtime_tbb = {
    .name = "tbb",
    .doc = "run of a oneTBB task_group in an arena of a thread per CPU, and its wait",
    .kind = TB_POOLS,
    .can = TB_RUNS | TB_RUNS_LIBC,
    .lasting = true,
    .threads = count_threads,
    .enter = enter,
    .leave = leave,
    .within = within,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
};
