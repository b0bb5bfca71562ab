// What the threads of C++'s library have in common: each is one of the C library's, and what its
// constructor allocates for it. They have no attributes. tb_std_try() is for all runtimes in C++.
#ifndef TB_ALTERNATIVES_STD_HH
#define TB_ALTERNATIVES_STD_HH

#include <threadbench/runtime.h>

#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

// What is made, or the errno value of why it is not: nothing is thrown into C.
template <typename Make> int tb_std_try(Make make) noexcept
{
    try {
        make();
        return 0;
    } catch (const std::system_error &error) {
        return error.code().value();
    } catch (const std::bad_alloc &) {
        return ENOMEM;
    } catch (...) {
        return EIO; // a library's own, which has no errno value
    }
}

// A room for a Handle, empty until `create`.
template <typename Handle> int tb_std_prepare(struct tb_thread *thread)
{
    if (thread->stack_bytes)
        return ENOTSUP;
    thread->own = new (std::nothrow) Handle;
    return thread->own ? 0 : ENOMEM;
}

template <typename Handle> void tb_std_release(struct tb_thread *thread)
{
    delete static_cast<Handle *>(thread->own);
    thread->own = nullptr;
}

template <typename Handle> int tb_std_create(struct tb_thread *thread)
{
    return tb_std_try([thread] {
        *static_cast<Handle *>(thread->own) = Handle(thread->task.run, &thread->task);
    });
}

// What the handle's end gives back is part of these two.
template <typename Handle> int tb_std_join(struct tb_thread *thread)
{
    return tb_std_try([thread] {
        auto handle = std::move(*static_cast<Handle *>(thread->own));
        handle.join();
    });
}

template <typename Handle> int tb_std_detach(struct tb_thread *thread)
{
    return tb_std_try([thread] {
        auto handle = std::move(*static_cast<Handle *>(thread->own));
        handle.detach();
    });
}

#endif
