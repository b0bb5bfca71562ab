// Running, and reporters written in C.
#include "internal.hh"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "session.hh"

struct bm_output {
    std::ostream &stream;
};

namespace
{

using reporter_base = benchmark::BenchmarkReporter;

// A bm_run and what it points to.
struct row {
    std::string name;
    std::vector<struct bm_counter> counters;
};

unsigned flags_of(const benchmark::Counter &counter)
{
    using gb = benchmark::Counter;
    const auto bits = static_cast<unsigned>(counter.flags);
    unsigned flags = BM_COUNTER_DEFAULTS;

    if (bits & static_cast<unsigned>(gb::kIsRate))
        flags |= BM_COUNTER_RATE;
    if (bits & static_cast<unsigned>(gb::kAvgThreads))
        flags |= BM_COUNTER_AVG_THREADS;
    if (bits & static_cast<unsigned>(gb::kIsIterationInvariant))
        flags |= BM_COUNTER_ITERATION_INVARIANT;
    if (bits & static_cast<unsigned>(gb::kAvgIterations))
        flags |= BM_COUNTER_AVG_ITERATIONS;
    if (bits & static_cast<unsigned>(gb::kInvert))
        flags |= BM_COUNTER_INVERT;
    if (counter.oneK == gb::kIs1024)
        flags |= BM_COUNTER_1024;
    return flags;
}

row row_of(const reporter_base::Run &run)
{
    row result;

    result.name = run.benchmark_name();
    for (const auto &counter : run.counters)
        result.counters.push_back(
            {counter.first.c_str(), counter.second.value, flags_of(counter.second)});
    return result;
}

enum bm_unit unit_of(benchmark::TimeUnit unit)
{
    switch (unit) {
    case benchmark::kNanosecond:
        return BM_NANOSECOND;
    case benchmark::kMicrosecond:
        return BM_MICROSECOND;
    case benchmark::kMillisecond:
        return BM_MILLISECOND;
    case benchmark::kSecond:
        return BM_SECOND;
    }
    return BM_NANOSECOND;
}

enum bm_order order_of(benchmark::BigO order)
{
    switch (order) {
    case benchmark::o1:
        return BM_O_1;
    case benchmark::oN:
        return BM_O_N;
    case benchmark::oNSquared:
        return BM_O_N_SQUARED;
    case benchmark::oNCubed:
        return BM_O_N_CUBED;
    case benchmark::oLogN:
        return BM_O_LOG_N;
    case benchmark::oNLogN:
        return BM_O_N_LOG_N;
    case benchmark::oAuto:
        return BM_O_AUTO;
    case benchmark::oNone:
    case benchmark::oLambda: // cannot be asked for from C
        break;
    }
    return BM_O_NONE;
}

void set_names(const reporter_base::Run &run, struct bm_run &result)
{
    result.function_name = run.run_name.function_name.c_str();
    result.args = run.run_name.args.c_str();
    result.min_time = run.run_name.min_time.c_str();
    result.min_warmup_time = run.run_name.min_warmup_time.c_str();
    result.iterations_name = run.run_name.iterations.c_str();
    result.repetitions_name = run.run_name.repetitions.c_str();
    result.time_type = run.run_name.time_type.c_str();
    result.threads_name = run.run_name.threads.c_str();
}

void set_place(const reporter_base::Run &run, struct bm_run &result)
{
    const bool aggregate = run.run_type == reporter_base::Run::RT_Aggregate;

    result.family_index = run.family_index;
    result.per_family_instance_index = run.per_family_instance_index;
    result.repetitions = run.repetitions;
    result.repetition_index = aggregate ? -1 : run.repetition_index;
    result.threads = run.threads;
    result.iterations = run.iterations;
    result.run_type = aggregate ? BM_AGGREGATE : BM_ITERATION;
    result.aggregate_name = run.aggregate_name.c_str();
    result.aggregate_is_percentage = aggregate && run.aggregate_unit == benchmark::kPercentage;
}

void set_times(const reporter_base::Run &run, struct bm_run &result)
{
    const bool ratio = result.aggregate_is_percentage && !run.report_rms;

    result.unit = unit_of(run.time_unit);
    result.real_accumulated = run.real_accumulated_time;
    result.cpu_accumulated = run.cpu_accumulated_time;
    result.real_time = ratio ? run.real_accumulated_time : run.GetAdjustedRealTime();
    result.cpu_time = ratio ? run.cpu_accumulated_time : run.GetAdjustedCPUTime();
    result.complexity = order_of(run.complexity);
    result.complexity_n = run.complexity_n;
    result.is_big_o = run.report_big_o;
    result.is_rms = run.report_rms;
}

struct bm_run run_of(const reporter_base::Run &run, const row &row)
{
    const bm::verdict verdict = bm::verdict_of(run, 0);
    const auto *memory = bm::memory_of(run.memory_result);
    struct bm_run result = {};

    result.name = row.name.c_str();
    set_names(run, result);
    set_place(run, result);
    set_times(run, result);
    result.outcome = verdict.outcome;
    result.message = verdict.message;
    result.label = run.report_label.c_str();
    result.has_memory = memory != nullptr;
    result.allocs_per_iteration = run.allocs_per_iter;
    result.num_allocs = memory ? memory->num_allocs : 0;
    result.max_bytes_used = memory ? memory->max_bytes_used : 0;
    result.counters = row.counters.data();
    result.counter_count = row.counters.size();
    return result;
}

enum bm_setting scaling_of(benchmark::CPUInfo::Scaling scaling)
{
    switch (scaling) {
    case benchmark::CPUInfo::ENABLED:
        return BM_ENABLED;
    case benchmark::CPUInfo::DISABLED:
        return BM_DISABLED;
    case benchmark::CPUInfo::UNKNOWN:
        break;
    }
    return BM_UNKNOWN;
}

struct bm_context context_of(const reporter_base::Context &context,
                             const std::vector<struct bm_cache> &caches)
{
    const benchmark::CPUInfo &cpu = context.cpu_info;
    struct bm_context result = {};

    result.executable = reporter_base::Context::executable_name;
    result.host_name = context.sys_info.name.c_str();
    result.num_cpus = cpu.num_cpus;
    result.cycles_per_second = cpu.cycles_per_second;
    result.cpu_scaling = scaling_of(cpu.scaling);
    result.aslr = bm::aslr_of(context.sys_info, 0);
    result.caches = caches.data();
    result.cache_count = caches.size();
    result.load_avg = cpu.load_avg.data();
    result.load_avg_count = cpu.load_avg.size();
    result.name_field_width = context.name_field_width;
    return result;
}

class c_reporter : public reporter_base
{
  public:
    explicit c_reporter(const struct bm_reporter &callbacks) : callbacks_(callbacks)
    {
    }

    bool ReportContext(const Context &context) override
    {
        struct bm_output output = {GetOutputStream()};
        std::vector<struct bm_cache> caches;

        if (!callbacks_.context)
            return true;
        for (const auto &cache : context.cpu_info.caches)
            caches.push_back({cache.type.c_str(), cache.level, cache.size, cache.num_sharing});
        const struct bm_context converted = context_of(context, caches);
        return callbacks_.context(&output, &converted, callbacks_.user);
    }

    void ReportRuns(const std::vector<Run> &reports) override
    {
        struct bm_output output = {GetOutputStream()};
        std::vector<row> rows;
        std::vector<struct bm_run> runs;

        if (!callbacks_.runs)
            return;
        for (const Run &run : reports)
            rows.push_back(row_of(run));
        for (std::size_t i = 0; i < reports.size(); i++)
            runs.push_back(run_of(reports[i], rows[i]));
        callbacks_.runs(&output, runs.data(), runs.size(), callbacks_.user);
    }

    void Finalize() override
    {
        struct bm_output output = {GetOutputStream()};

        if (callbacks_.finalize)
            callbacks_.finalize(&output, callbacks_.user);
    }

  private:
    const struct bm_reporter callbacks_;
};

// Google Benchmark frees its default reporter after a run and hands out the same pointer for the
// next. Here it is asked for once and kept; its JSON reporter serves one run only, so each run has
// a new one.
reporter_base *default_display(std::unique_ptr<reporter_base> &fresh)
{
    static reporter_base *const kept = benchmark::CreateDefaultDisplayReporter();

    if (!dynamic_cast<benchmark::JSONReporter *>(kept))
        return kept;
    fresh.reset(new benchmark::JSONReporter);
    return fresh.get();
}

// Google Benchmark exits where the file cannot be opened. The exception ends in the guard.
void check_writable(const std::string &path)
{
    if (!path.empty() && !std::ofstream(path, std::ios::app).is_open())
        throw std::runtime_error("cannot write '" + path + "'");
}

size_t run(const struct bm_reporter *display, const struct bm_reporter *file)
{
    const bm::plain_numbers plain;
    std::unique_ptr<reporter_base> owned_display;
    std::unique_ptr<reporter_base> owned_file;
    reporter_base *shown = nullptr;

    check_writable(bm::current_session().out);
    if (display)
        owned_display.reset(new c_reporter(*display));
    if (file)
        owned_file.reset(new c_reporter(*file));
    shown = display ? owned_display.get() : default_display(owned_display);
    return benchmark::RunSpecifiedBenchmarks(shown, owned_file.get(), bm::chosen());
}

} // namespace

bool bm::session::may_run(const char *function) const noexcept
{
    if (running)
        bm::misuse(function, "called while benchmarks run");
    else if (!initialized)
        bm::misuse(function, "bm_initialize was not called before");
    return initialized && !running;
}

size_t bm_run_specified(void)
{
    return bm_run_specified_with(nullptr, nullptr);
}

size_t bm_run_specified_with(const struct bm_reporter *display, const struct bm_reporter *file)
{
    bm::session &session = bm::current_session();
    size_t matched = 0;

    if (!session.may_run("bm_run_specified"))
        return 0;
    if (file && session.out.empty()) {
        bm::misuse("bm_run_specified", "a file reporter needs --benchmark_out");
        return 0;
    }
    session.running = true;
    bm::guard("bm_run_specified", [&] { matched = run(display, file); });
    session.running = false;
    return matched;
}

int bm_print(struct bm_output *output, const char *format, ...)
{
    char *text = nullptr;
    va_list arguments;
    int length = 0;

    if (!output || !format)
        return EINVAL;
    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return ENOMEM;
    const std::unique_ptr<char, void (*)(void *)> owned(text, std::free);
    try {
        // cppcheck-suppress invalidFunctionArg ; an empty text may be written
        output->stream.write(text, length);
    } catch (...) {
        return EIO;
    }
    return output->stream ? 0 : EIO;
}
