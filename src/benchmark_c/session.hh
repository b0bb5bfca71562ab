// What the program has asked for so far.
#ifndef BENCHMARK_C_SESSION_HH
#define BENCHMARK_C_SESSION_HH

#include <string>

#include <locale.h>

namespace bm
{

// While it lives, the calling thread reads and writes numbers as in C: Google Benchmark reads its
// flags, its own defaults among them, as the locale has it, and ends the program for "0.5".
class plain_numbers
{
  public:
    plain_numbers();
    ~plain_numbers();
    plain_numbers(const plain_numbers &) = delete;
    plain_numbers &operator=(const plain_numbers &) = delete;

  private:
    locale_t before;
    locale_t plain; // 0: it has a point anyway, or there was no memory for another
};

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

// What Google Benchmark is to run, as a regular expression. All is "^": its own word for that, ".",
// has it copy the instances found so far once for each benchmark, in quadratic time.
std::string chosen();

} // namespace bm

#endif
