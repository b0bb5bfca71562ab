// std::jthread of C++20. Beyond std::thread it has a stop_source, whose state is allocated as well.
#include "std.hh"

#include <thread>

using handle = std::jthread;

extern const struct tb_runtime tb_runtime_std_jthread;
const struct tb_runtime tb_runtime_std_jthread = {
    .name = "std-jthread",
    .doc = "std::jthread of C++20, with its stop_source, and its join",
    .kind = TB_WRAPPED,
    .can = TB_RUNS | TB_RUNS_LIBC | TB_OWN_STACK | TB_DETACHES,
    .prepare = tb_std_prepare<handle>,
    .create = tb_std_create<handle>,
    .join = tb_std_join<handle>,
    .release = tb_std_release<handle>,
    .detach = tb_std_detach<handle>,
};
