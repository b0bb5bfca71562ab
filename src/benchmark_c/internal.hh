// What the parts of benchmark_c share.
#ifndef BENCHMARK_C_INTERNAL_HH
#define BENCHMARK_C_INTERNAL_HH

#include "compat.hh"

#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

struct bm_benchmark {
    std::string name;
    bm_function *function = nullptr;
    void *user = nullptr;
    bm_function *setup = nullptr;
    bm_function *teardown = nullptr;
    bm::registered *registered = nullptr; // Google Benchmark's, which owns it

    std::string error; // the first thing that was set wrongly
    std::vector<std::string> arg_names;
    std::size_t arg_count = 0; // 0: none added yet
    std::size_t instances = 0;
    int multiplier = 8;
    bool fixed_iterations = false;
    bool timed = false;
    bool real_time = false;
    bool manual_time = false;
    bool complexity = false;

    // One call of the body: how many of its threads came and went, and what setup said.
    std::mutex call_lock;
    int entered = 0;
    int left = 0;
    enum bm_outcome setup_outcome = BM_OK;
    std::string setup_message;
};

namespace bm
{

// Remembers a failure for bm_failed() and bm_last_error().
void record_failure(const std::string &message) noexcept;

// Misuse of `function` that belongs to no benchmark: also one line on standard error.
void misuse(const char *function, const char *what) noexcept;

void forget_failures() noexcept;

// Runs one thread's part of one call of the body.
void run_body(bm_benchmark &benchmark, benchmark::State &gb);

// JSON knows no raw control characters, and Google Benchmark escapes only some.
std::string printable(const char *text);

// No exception leaves through C.
template <typename Action> void guard(const char *function, Action action) noexcept
{
    try {
        action();
    } catch (const std::exception &exception) {
        misuse(function, exception.what());
    } catch (...) {
        misuse(function, "unknown exception");
    }
}

} // namespace bm

#endif
