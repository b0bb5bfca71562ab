// What the program has asked for so far.
#ifndef BENCHMARK_C_SESSION_HH
#define BENCHMARK_C_SESSION_HH

#include <string>

namespace bm
{

struct session {
    bool initialized = false;
    bool running = false;
    std::string executable; // Google Benchmark points to it
    std::string out;        // the file of --benchmark_out, which cannot be asked for
    std::string filter;     // what bm_filter() returned last

    // Whether anything may be run or listed now; if not, says so for `function`.
    bool may_run(const char *function) const noexcept;
};

struct session &current_session() noexcept;

} // namespace bm

#endif
