// Coroutines of C++20: fibres without a stack. Their frame is allocated when they are made, and
// they can be left by their own function only, not by one that it calls.
#include <threadbench/runtime.h>

#include <cerrno>
#include <coroutine>
#include <exception>
#include <new>

namespace
{

// Begins and ends suspended, so that it can be asked whether it has ended.
struct routine {
    struct promise_type {
        routine get_return_object() noexcept
        {
            return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        static routine get_return_object_on_allocation_failure() noexcept
        {
            return {};
        }
        std::suspend_always initial_suspend() noexcept
        {
            return {};
        }
        std::suspend_always final_suspend() noexcept
        {
            return {};
        }
        void return_void() noexcept
        {
        }
        void unhandled_exception() noexcept
        {
            std::terminate();
        }
    };

    std::coroutine_handle<promise_type> handle;
};

routine run(tb_task *task)
{
    task->run(task);
    co_return;
}

std::coroutine_handle<> handle_of(const tb_thread *thread)
{
    return static_cast<const routine *>(thread->own)->handle;
}

// Suspends, and resumes the other one in its place: a symmetric transfer.
struct transfer : std::suspend_always {
    const tb_thread *to;

    explicit transfer(const tb_thread *other) : to(other)
    {
    }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept
    {
        return handle_of(to);
    }
};

// All on one thread.
bool is_armed(const tb_task *task)
{
    return atomic_load_explicit(&task->armed, memory_order_relaxed) != 0;
}

// As a loop that asks first, clang 14 does not compile it.
routine leave_until_unarmed(tb_task *task)
{
    if (!is_armed(task))
        co_return;
    do
        co_await std::suspend_always{};
    while (is_armed(task));
}

routine pass_until_unarmed(tb_task *task, tb_thread *other)
{
    if (!is_armed(task))
        co_return;
    do {
        while (task->spins) {
            task->spins--;
            co_await transfer(other);
        }
        co_await std::suspend_always{};
    } while (is_armed(task));
}

int prepare(struct tb_thread *thread)
{
    if (thread->stack_bytes)
        return ENOTSUP;
    thread->own = new (std::nothrow) routine;
    return thread->own ? 0 : ENOMEM;
}

int keep(struct tb_thread *thread, routine made)
{
    *static_cast<routine *>(thread->own) = made;
    return made.handle ? 0 : ENOMEM;
}

int create(struct tb_thread *thread)
{
    return keep(thread, run(&thread->task));
}

int create_leaving(struct tb_thread *thread)
{
    return keep(thread, leave_until_unarmed(&thread->task));
}

int create_passing(struct tb_thread *thread, struct tb_thread *other)
{
    return keep(thread, pass_until_unarmed(&thread->task, other));
}

void resume(struct tb_thread *thread)
{
    handle_of(thread).resume();
}

int join(struct tb_thread *thread)
{
    auto handle = handle_of(thread);

    while (!handle.done())
        handle.resume();
    handle.destroy();
    return 0;
}

void release(struct tb_thread *thread)
{
    delete static_cast<routine *>(thread->own);
    thread->own = nullptr;
}

const struct tb_switching switching = {
    .create_leaving = create_leaving,
    .create_passing = create_passing,
    .resume = resume,
};

} // namespace

extern const struct tb_runtime tb_runtime_coroutine;
const struct tb_runtime tb_runtime_coroutine = {
    .name = "coroutine",
    .doc = "a coroutine of C++20, its frame allocated; resume and destroy of its handle",
    .kind = TB_FIBRES,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC | TB_SWITCHES,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
    .switching = &switching,
};
