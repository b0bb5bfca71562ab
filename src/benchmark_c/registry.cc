// Registering benchmarks. Everything Google Benchmark would abort on is refused here first.
#include "internal.hh"

#include <algorithm>
#include <cmath>
#include <memory>

namespace
{

using lists = std::vector<std::vector<int64_t>>;

constexpr std::size_t max_instances = 100000;
constexpr int max_threads = 10000;

// Here to the end of the program, or bm_unregister_all(): Google Benchmark's lambdas point into it.
std::vector<std::unique_ptr<bm_benchmark>> &registry()
{
    static std::vector<std::unique_ptr<bm_benchmark>> benchmarks;
    return benchmarks;
}

void refuse(bm_benchmark &benchmark, const char *function, const std::string &what)
{
    const std::string message = std::string(function) + ": " + what;

    if (benchmark.error.empty())
        benchmark.error = message;
    // Its entries all are errors now, and Google Benchmark does not survive a fit over none.
    if (benchmark.registered)
        benchmark.registered->Complexity(benchmark::oNone);
    bm::record_failure(benchmark.name + ": " + message);
}

// `apply` makes the setting and returns "", or returns what is wrong.
template <typename Apply>
void set(bm_benchmark *benchmark, const char *function, Apply apply) noexcept
{
    if (!benchmark)
        return bm::misuse(function, "the benchmark is NULL");
    bm::guard(function, [&] {
        const std::string wrong = apply(*benchmark);
        if (!wrong.empty())
            refuse(*benchmark, function, wrong);
    });
}

std::string text(double number)
{
    return std::to_string(number);
}

std::string text(int64_t number)
{
    return std::to_string(number);
}

std::string check_bounds(int64_t lo, int64_t hi)
{
    return lo <= hi ? "" : "lo " + text(lo) + " is above hi " + text(hi);
}

std::string check_arg_count(const bm_benchmark &benchmark, std::size_t count)
{
    const std::size_t expected =
        benchmark.arg_count ? benchmark.arg_count : benchmark.arg_names.size();

    if (count == 0)
        return "no arguments";
    if (expected != 0 && expected != count)
        return std::to_string(count) + " argument(s) where the benchmark has " +
               std::to_string(expected);
    return "";
}

std::string check_product(const bm_benchmark &benchmark, const lists &product)
{
    std::size_t combinations = 1;

    for (const std::vector<int64_t> &list : product) {
        if (list.empty())
            return "an argument without values";
        if (list.size() > max_instances / combinations)
            return "more than " + std::to_string(max_instances) + " instances";
        combinations *= list.size();
    }
    if (combinations > max_instances - benchmark.instances)
        return "more than " + std::to_string(max_instances) + " instances";
    return "";
}

// All ways to add arguments end here.
std::string add_product(bm_benchmark &benchmark, const lists &product)
{
    std::string wrong = check_arg_count(benchmark, product.size());

    if (wrong.empty())
        wrong = check_product(benchmark, product);
    if (!wrong.empty())
        return wrong;

    std::size_t combinations = 1;
    for (const std::vector<int64_t> &list : product)
        combinations *= list.size();
    // Names without arguments would make Google Benchmark drop the benchmark in silence.
    if (benchmark.arg_count == 0 && !benchmark.arg_names.empty())
        benchmark.registered->ArgNames(benchmark.arg_names);
    benchmark.registered->ArgsProduct(product);
    benchmark.arg_count = product.size();
    benchmark.instances += combinations;
    return "";
}

std::string check_threads(int lo, int hi)
{
    if (lo < 1)
        return "threads must be at least 1, not " + std::to_string(lo);
    if (hi > max_threads)
        return "threads must be at most " + std::to_string(max_threads) + ", not " +
               std::to_string(hi);
    return check_bounds(lo, hi);
}

bool has_control(const char *name)
{
    return bm::printable(name) != name ||
           std::string(name).find_first_of("\t\n") != std::string::npos;
}

std::unique_ptr<bm_benchmark> create(const char *name, bm_function *function, void *user)
{
    auto benchmark = std::make_unique<bm_benchmark>();
    const bool named = name && *name;

    benchmark->name = !named ? "(unnamed)" : has_control(name) ? "(misnamed)" : name;
    benchmark->function = function;
    benchmark->user = user;
    if (!named)
        refuse(*benchmark, "bm_register", "the name is missing");
    else if (has_control(name))
        refuse(*benchmark, "bm_register", "the name contains a control character");
    if (!function)
        refuse(*benchmark, "bm_register", "the function is NULL");
    return benchmark;
}

} // namespace

struct bm_benchmark *bm_register(const char *name, bm_function *fn, void *user)
{
    struct bm_benchmark *result = nullptr;

    bm::guard(__func__, [&] {
        std::unique_ptr<bm_benchmark> owned = create(name, fn, user);
        bm_benchmark *benchmark = owned.get();

        registry().push_back(std::move(owned));
        benchmark->registered = benchmark::RegisterBenchmark(
            benchmark->name.c_str(),
            [benchmark](benchmark::State &state) { bm::run_body(*benchmark, state); });
        result = benchmark;
    });
    return result;
}

const char *bm_error(const struct bm_benchmark *benchmark)
{
    if (!benchmark)
        return "the benchmark is NULL";
    return benchmark->error.empty() ? nullptr : benchmark->error.c_str();
}

void bm_unregister_all(void)
{
    bm::guard(__func__, [] {
        benchmark::ClearRegisteredBenchmarks();
        registry().clear();
        bm::forget_failures();
    });
}

void bm_add_arg(struct bm_benchmark *benchmark, int64_t value)
{
    set(benchmark, __func__, [&](bm_benchmark &b) { return add_product(b, {{value}}); });
}

void bm_add_args(struct bm_benchmark *benchmark, const int64_t *values, size_t count)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        lists product;

        if (!values)
            return "the values are NULL";
        for (size_t i = 0; i < count; i++)
            product.push_back({values[i]});
        return add_product(b, product);
    });
}

void bm_add_range(struct bm_benchmark *benchmark, int64_t lo, int64_t hi)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        const std::string wrong = check_bounds(lo, hi);
        return wrong.empty() ? add_product(b, {benchmark::CreateRange(lo, hi, b.multiplier)})
                             : wrong;
    });
}

void bm_add_dense_range(struct bm_benchmark *benchmark, int64_t lo, int64_t hi, int step)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        const std::string wrong = check_bounds(lo, hi);
        std::vector<int64_t> list;

        if (!wrong.empty())
            return wrong;
        if (step < 1)
            return "the step must be at least 1, not " + std::to_string(step);
        // Unsigned: hi - lo may not fit a signed number.
        const uint64_t steps =
            (static_cast<uint64_t>(hi) - static_cast<uint64_t>(lo)) / static_cast<uint64_t>(step);
        if (steps >= max_instances)
            return "more than " + std::to_string(max_instances) + " instances";
        for (uint64_t i = 0; i <= steps; i++)
            list.push_back(lo + static_cast<int64_t>(i) * step);
        return add_product(b, {list});
    });
}

void bm_add_ranges(struct bm_benchmark *benchmark, const struct bm_range *ranges, size_t count)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        lists product;

        if (!ranges)
            return "the ranges are NULL";
        for (size_t i = 0; i < count; i++) {
            const std::string wrong = check_bounds(ranges[i].lo, ranges[i].hi);
            if (!wrong.empty())
                return wrong;
            product.push_back(benchmark::CreateRange(ranges[i].lo, ranges[i].hi, b.multiplier));
        }
        return add_product(b, product);
    });
}

void bm_add_product(struct bm_benchmark *benchmark, const struct bm_values *values, size_t count)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        lists product;

        if (!values)
            return "the lists are NULL";
        for (size_t i = 0; i < count; i++) {
            if (!values[i].values)
                return "the values are NULL";
            product.emplace_back(values[i].values, values[i].values + values[i].count);
        }
        return add_product(b, product);
    });
}

void bm_set_range_multiplier(struct bm_benchmark *benchmark, int multiplier)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (multiplier < 2)
            return "the multiplier must be at least 2, not " + std::to_string(multiplier);
        b.multiplier = multiplier;
        return "";
    });
}

void bm_set_arg_names(struct bm_benchmark *benchmark, const char *const *names, size_t count)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        std::vector<std::string> copied;

        if (!names || std::count(names, names + count, nullptr) != 0)
            return "a name is NULL";
        if (std::any_of(names, names + count, has_control))
            return "a name contains a control character";
        copied.assign(names, names + count);
        if (copied.empty())
            return "no names";
        if (b.arg_count != 0 && b.arg_count != count)
            return check_arg_count(b, count);
        b.arg_names = copied;
        if (b.arg_count != 0)
            b.registered->ArgNames(b.arg_names);
        return "";
    });
}

void bm_set_unit(struct bm_benchmark *benchmark, int unit)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        switch (unit) {
        case BM_NANOSECOND:
            b.registered->Unit(benchmark::kNanosecond);
            return "";
        case BM_MICROSECOND:
            b.registered->Unit(benchmark::kMicrosecond);
            return "";
        case BM_MILLISECOND:
            b.registered->Unit(benchmark::kMillisecond);
            return "";
        case BM_SECOND:
            b.registered->Unit(benchmark::kSecond);
            return "";
        }
        return "no such unit: " + std::to_string(static_cast<int>(unit));
    });
}

void bm_set_iterations(struct bm_benchmark *benchmark, int64_t iterations)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (iterations < 1)
            return "iterations must be at least 1, not " + text(iterations);
        if (b.timed)
            return "iterations and a minimum or warm-up time exclude each other";
        b.registered->Iterations(iterations);
        b.fixed_iterations = true;
        return "";
    });
}

void bm_set_min_time(struct bm_benchmark *benchmark, double seconds)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (!std::isfinite(seconds) || seconds <= 0)
            return "the time must be finite and above 0, not " + text(seconds);
        if (b.fixed_iterations)
            return "iterations and a minimum time exclude each other";
        b.registered->MinTime(seconds);
        b.timed = true;
        return "";
    });
}

void bm_set_min_warmup_time(struct bm_benchmark *benchmark, double seconds)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (!std::isfinite(seconds) || seconds < 0)
            return "the time must be finite and not negative, not " + text(seconds);
        if (b.fixed_iterations)
            return "iterations and a warm-up time exclude each other";
        b.registered->MinWarmUpTime(seconds);
        b.timed = b.timed || seconds > 0;
        return "";
    });
}

void bm_set_repetitions(struct bm_benchmark *benchmark, int count)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (count < 1)
            return "repetitions must be at least 1, not " + std::to_string(count);
        b.registered->Repetitions(count);
        return "";
    });
}

void bm_report_aggregates_only(struct bm_benchmark *benchmark, bool only)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        b.registered->ReportAggregatesOnly(only);
        return "";
    });
}

void bm_display_aggregates_only(struct bm_benchmark *benchmark, bool only)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        b.registered->DisplayAggregatesOnly(only);
        return "";
    });
}

void bm_use_real_time(struct bm_benchmark *benchmark)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (b.manual_time)
            return "real and manual time exclude each other";
        b.registered->UseRealTime();
        b.real_time = true;
        return "";
    });
}

void bm_use_manual_time(struct bm_benchmark *benchmark)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        if (b.real_time)
            return "real and manual time exclude each other";
        b.registered->UseManualTime();
        b.manual_time = true;
        return "";
    });
}

void bm_measure_process_cpu_time(struct bm_benchmark *benchmark)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        b.registered->MeasureProcessCPUTime();
        return "";
    });
}

void bm_add_threads(struct bm_benchmark *benchmark, int count)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        const std::string wrong = check_threads(count, count);
        if (wrong.empty())
            b.registered->Threads(count);
        return wrong;
    });
}

void bm_add_thread_range(struct bm_benchmark *benchmark, int lo, int hi)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        const std::string wrong = check_threads(lo, hi);
        if (wrong.empty())
            b.registered->ThreadRange(lo, hi);
        return wrong;
    });
}

void bm_add_dense_thread_range(struct bm_benchmark *benchmark, int lo, int hi, int stride)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        const std::string wrong = check_threads(lo, hi);
        if (!wrong.empty())
            return wrong;
        if (stride < 1)
            return "the stride must be at least 1, not " + std::to_string(stride);
        // Google Benchmark adds without looking for overflow.
        b.registered->DenseThreadRange(lo, hi, std::min(stride, max_threads));
        return "";
    });
}

void bm_add_thread_per_cpu(struct bm_benchmark *benchmark)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        b.registered->ThreadPerCpu();
        return "";
    });
}

void bm_set_complexity(struct bm_benchmark *benchmark, int order)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        static const benchmark::BigO orders[] = {
            benchmark::oNone,   benchmark::o1,    benchmark::oN,     benchmark::oNSquared,
            benchmark::oNCubed, benchmark::oLogN, benchmark::oNLogN, benchmark::oAuto,
        };
        const auto index = static_cast<std::size_t>(order);

        if (index >= sizeof(orders) / sizeof(*orders))
            return "no such order: " + std::to_string(order);
        if (b.error.empty())
            b.registered->Complexity(orders[index]);
        b.complexity = order != BM_O_NONE;
        return "";
    });
}

void bm_set_setup(struct bm_benchmark *benchmark, bm_function *hook)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        b.setup = hook;
        return "";
    });
}

void bm_set_teardown(struct bm_benchmark *benchmark, bm_function *hook)
{
    set(benchmark, __func__, [&](bm_benchmark &b) -> std::string {
        b.teardown = hook;
        return "";
    });
}
