// std::async of C++11, which makes a thread for each task and a state that it shares with a future.
// The future cannot be detached: its end waits for the thread.
#include "std.hh"

#include <future>

using handle = std::future<void>;

static int create(struct tb_thread *thread)
{
    return tb_std_try([thread] {
        *static_cast<handle *>(thread->own) =
            std::async(std::launch::async, thread->task.run, &thread->task);
    });
}

// It waits for the thread, takes the result and lets the shared state go.
static int join(struct tb_thread *thread)
{
    return tb_std_try([thread] { static_cast<handle *>(thread->own)->get(); });
}

extern const struct tb_runtime tb_runtime_std_async;
const struct tb_runtime tb_runtime_std_async = {
    .name = "std-async",
    .doc = "std::async of C++ with launch::async, and get of its future",
    .kind = TB_WRAPPED,
    .can = TB_RUNS | TB_RUNS_LIBC | TB_OWN_STACK,
    .prepare = tb_std_prepare<handle>,
    .create = create,
    .join = join,
    .release = tb_std_release<handle>,
};
