// What differs between the releases of Google Benchmark, found out by asking the compiler. There is
// no version macro, and distributions patch: what a type has is what counts.
#ifndef BENCHMARK_C_COMPAT_HH
#define BENCHMARK_C_COMPAT_HH

#include <benchmark/benchmark.h>

#include <string>
#include <type_traits>
#include <utility>

#include <benchmark_c.h>

namespace bm
{

// internal::Benchmark up to 1.9.4, where the old name then is deprecated.
using registered = std::remove_pointer_t<decltype(benchmark::RegisterBenchmark(
    "", std::declval<void (*)(benchmark::State &)>()))>;

// The preferred overload of a pair is called with 0, the other one only where that does not exist.

// SkipWithMessage came with 1.8.0; before, a skip is an error with a prefix.
template <typename State>
auto skip_state(State &state, const std::string &reason, int)
    -> decltype(state.SkipWithMessage(reason), void())
{
    state.SkipWithMessage(reason);
}

template <typename State> void skip_state(State &state, const std::string &reason, long)
{
    state.SkipWithError((BM_SKIP_PREFIX + reason).c_str());
}

struct verdict {
    enum bm_outcome outcome;
    const char *message;
};

// Run::skipped (0, 1 with a message, 2 with an error) came with 1.8.0.
template <typename Run>
auto verdict_of(const Run &run, int) -> decltype(run.skip_message, verdict{})
{
    const int skipped = static_cast<int>(run.skipped);
    const enum bm_outcome outcome = skipped == 0 ? BM_OK : skipped == 1 ? BM_SKIPPED : BM_FAILED;
    return {outcome, run.skip_message.c_str()};
}

template <typename Run> verdict verdict_of(const Run &run, long)
{
    const std::string prefix = BM_SKIP_PREFIX;
    const char *message = run.error_message.c_str();

    if (!run.error_occurred)
        return {BM_OK, ""};
    if (run.error_message.compare(0, prefix.size(), prefix) == 0)
        return {BM_SKIPPED, message + prefix.size()};
    return {BM_FAILED, message};
}

// Run::memory_result is a pointer up to 1.9.1, then a value that says whether it holds anything.
inline const benchmark::MemoryManager::Result *
memory_of(const benchmark::MemoryManager::Result *result)
{
    return result;
}

template <typename Result>
auto memory_of(const Result &result) -> decltype(result.memory_iterations, &result)
{
    return result.memory_iterations > 0 ? &result : nullptr;
}

// SystemInfo::ASLRStatus came with 1.9.3.
template <typename Info>
auto aslr_of(const Info &info, int) -> decltype(info.ASLRStatus, bm_setting{})
{
    using status = decltype(info.ASLRStatus);
    return info.ASLRStatus == status::ENABLED    ? BM_ENABLED
           : info.ASLRStatus == status::DISABLED ? BM_DISABLED
                                                 : BM_UNKNOWN;
}

template <typename Info> enum bm_setting aslr_of(const Info &, long)
{
    return BM_UNKNOWN;
}

// A function of the namespace cannot be asked for as a member can; but a template loses against it
// when both are visible.
namespace absent
{
template <int = 0> std::string GetBenchmarkVersion()
{
    return "";
}
} // namespace absent

// "" before 1.8.4.
inline std::string running_version()
{
    using namespace absent;
    using namespace benchmark;
    return GetBenchmarkVersion();
}

} // namespace bm

#endif
