// std::thread of C++11.
#include "std.hh"

#include <thread>

using handle = std::thread;

extern const struct tb_runtime tb_runtime_std_thread;
const struct tb_runtime tb_runtime_std_thread = {
    .name = "std-thread",
    .doc = "std::thread of C++ and its join",
    .kind = TB_WRAPPED,
    .can = TB_RUNS | TB_RUNS_LIBC | TB_OWN_STACK | TB_DETACHES,
    .prepare = tb_std_prepare<handle>,
    .create = tb_std_create<handle>,
    .join = tb_std_join<handle>,
    .release = tb_std_release<handle>,
    .detach = tb_std_detach<handle>,
};
