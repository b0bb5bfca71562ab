// Inside a body: the loop, what it reports, and the checks when it has returned.
#include "internal.hh"

#include <cmath>
#include <cstdio>
#include <cxxabi.h>

enum class phase {
    before, // the loop
    inside,
    after,
};

struct bm_state {
    benchmark::State &gb;
    bm_benchmark &benchmark;
    enum phase phase = phase::before;
    enum bm_outcome outcome = BM_OK;
    std::string message = {};
    int refused_loops = 0; // BM_LOOPs that were not let in and will still call bm_loop_end
    bool in_hook = false;
    bool paused = false;
    bool timed_manually = false;
    bool has_rate = false;
    bool has_complexity_n = false;
    double manual_seconds = 0;
};

namespace
{

void out_of_memory() noexcept
{
    bm::misuse("benchmark_c", "out of memory");
}

// The entry becomes an error; the first outcome stays.
void fail(bm_state &state, const std::string &message)
{
    const std::string prefix = BM_SKIP_PREFIX;
    const bool looks_skipped = message.compare(0, prefix.size(), prefix) == 0;
    const std::string shown = (looks_skipped ? "error: " : "") + message;

    bm::record_failure(state.benchmark.name + ": " + shown);
    if (state.outcome != BM_OK)
        return;
    state.outcome = BM_FAILED;
    state.message = shown;
    state.gb.SkipWithError(shown.c_str());
}

void skip(bm_state &state, const std::string &reason)
{
    if (state.outcome != BM_OK)
        return;
    state.outcome = BM_SKIPPED;
    state.message = reason;
    bm::skip_state(state.gb, reason, 0);
}

void fail_in(bm_state &state, const char *function, const std::string &what)
{
    fail(state, std::string(function) + ": " + what);
}

// `apply` does it and returns "", or returns what is wrong.
template <typename Apply> void act(bm_state *state, const char *function, Apply apply) noexcept
{
    if (!state)
        return bm::misuse(function, "the state is NULL");
    try {
        const std::string wrong = apply(*state);
        if (!wrong.empty())
            fail_in(*state, function, wrong);
    } catch (...) {
        out_of_memory();
    }
}

// The user's function may be C++ behind its C interface. pthread_exit unwinds too, and must go on.
void invoke(bm_state &state, const char *what, bm_function *function)
{
    try {
        function(&state, state.benchmark.user);
    } catch (abi::__forced_unwind &) {
        throw;
    } catch (const std::exception &exception) {
        fail(state, std::string(what) + ": an exception left it: " + exception.what());
    } catch (...) {
        fail(state, std::string(what) + ": an exception left it");
    }
}

void invoke_hook(bm_state &state, const char *what, bm_function *hook)
{
    state.in_hook = true;
    invoke(state, what, hook);
    state.in_hook = false;
}

// The first thread to come runs setup while the others wait; they share its outcome.
void enter_call(bm_state &state)
{
    bm_benchmark &benchmark = state.benchmark;
    const std::lock_guard<std::mutex> lock(benchmark.call_lock);

    if (benchmark.entered++ == 0) {
        if (benchmark.setup)
            invoke_hook(state, "setup", benchmark.setup);
        benchmark.setup_outcome = state.outcome;
        benchmark.setup_message = state.message;
    } else if (benchmark.setup_outcome == BM_SKIPPED) {
        skip(state, benchmark.setup_message);
    } else if (benchmark.setup_outcome == BM_FAILED) {
        fail(state, benchmark.setup_message);
    }
}

// The last one to go runs teardown.
void leave_call(bm_state &state)
{
    bm_benchmark &benchmark = state.benchmark;
    const std::lock_guard<std::mutex> lock(benchmark.call_lock);

    if (++benchmark.left != state.gb.threads())
        return;
    benchmark.entered = 0;
    benchmark.left = 0;
    if (benchmark.teardown)
        invoke_hook(state, "teardown", benchmark.teardown);
}

// Without a fit's N Google Benchmark aborts. It adds up the N of the threads.
void set_default_n(bm_state &state)
{
    const int64_t n = state.benchmark.arg_count > 0 ? state.gb.range(0) : 1;

    if (n < 1)
        fail(state, "bm_set_complexity_n: never called, and the first argument is below 1");
    else
        state.gb.SetComplexityN(n);
}

// What Google Benchmark aborts on, divides by zero for, or passes over in silence.
void check_returned(bm_state &state)
{
    if (state.outcome != BM_OK)
        return;
    if (state.phase == phase::before)
        fail(state, "BM_LOOP: the body returned without entering its loop");
    else if (state.phase == phase::inside)
        fail(state, "BM_LOOP: the body left its loop early, without bm_skip or bm_skip_with_error");
    else if (state.benchmark.manual_time && !state.timed_manually)
        fail(state, "bm_set_iteration_time: never called, though the time is manual");
    else if (state.benchmark.manual_time && state.has_rate && !(state.manual_seconds > 0))
        fail(state, "bm_set_counter: a rate over a manual time of 0");
    else if (state.benchmark.complexity && !state.has_complexity_n)
        set_default_n(state);
}

void check_settings(bm_state &state)
{
    const bm_benchmark &benchmark = state.benchmark;

    if (!benchmark.error.empty())
        fail(state, benchmark.error);
    else if (!benchmark.arg_names.empty() && benchmark.arg_count == 0)
        fail(state, "bm_set_arg_names: there are names but no arguments");
}

bool is_field(const std::string &name)
{
    static const char *const fields[] = {"name",
                                         "run_name",
                                         "run_type",
                                         "family_index",
                                         "iterations",
                                         "per_family_instance_index",
                                         "repetitions",
                                         "repetition_index",
                                         "threads",
                                         "aggregate_name",
                                         "aggregate_unit",
                                         "error_occurred",
                                         "error_message",
                                         "skipped",
                                         "skip_message",
                                         "real_time",
                                         "cpu_time",
                                         "time_unit",
                                         "label",
                                         "cpu_coefficient",
                                         "big_o",
                                         "real_coefficient",
                                         "rms",
                                         "allocs_per_iter",
                                         "max_bytes_used",
                                         "total_allocated_bytes",
                                         "net_heap_growth"};

    for (const char *field : fields)
        if (name == field)
            return true;
    return false;
}

benchmark::Counter counter_of(double value, unsigned flags)
{
    using counter = benchmark::Counter;
    counter::Flags result = counter::kDefaults;

    if (flags & BM_COUNTER_RATE)
        result = result | counter::kIsRate;
    if (flags & BM_COUNTER_AVG_THREADS)
        result = result | counter::kAvgThreads;
    if (flags & BM_COUNTER_ITERATION_INVARIANT)
        result = result | counter::kIsIterationInvariant;
    if (flags & BM_COUNTER_AVG_ITERATIONS)
        result = result | counter::kAvgIterations;
    if (flags & BM_COUNTER_INVERT)
        result = result | counter::kInvert;
    return {value, result, flags & BM_COUNTER_1024 ? counter::kIs1024 : counter::kIs1000};
}

std::string set_counter(bm_state &state, const char *name, double value, unsigned flags)
{
    const unsigned known = BM_COUNTER_RATE | BM_COUNTER_AVG_THREADS |
                           BM_COUNTER_ITERATION_INVARIANT | BM_COUNTER_AVG_ITERATIONS |
                           BM_COUNTER_INVERT | BM_COUNTER_1024;

    if (!name || !*name)
        return "the name is missing";
    const std::string shown = bm::printable(name);
    if (is_field(shown))
        return "'" + shown + "' is a field of the entry";
    if (!std::isfinite(value))
        return "the value of '" + shown + "' is not finite";
    if (flags & ~known)
        return "unknown flags for '" + shown + "'";
    if (value == 0 && flags & BM_COUNTER_INVERT)
        return "the value of '" + shown + "' is 0 and cannot be inverted";
    state.gb.counters[shown] = counter_of(value, flags);
    state.has_rate = state.has_rate || flags & BM_COUNTER_RATE;
    return "";
}

std::string set_total(bm_state &state, const char *name, int64_t total, unsigned flags)
{
    if (total < 0)
        return "the total is negative: " + std::to_string(total);
    return set_counter(state, name, static_cast<double>(total), BM_COUNTER_RATE | flags);
}

// A timer may be stopped and started only while it runs its loop and the entry is no error.
std::string check_timer(const bm_state &state, bool paused)
{
    if (state.in_hook || state.phase != phase::inside)
        return "called outside the loop";
    if (state.paused != paused)
        return paused ? "the timer is not paused" : "the timer is paused already";
    return "";
}

std::string start_loop(bm_state &state)
{
    if (state.in_hook)
        return "entered from setup or teardown";
    if (state.phase != phase::before)
        return "entered a second time";
    const bool started = state.gb.KeepRunningBatch(state.gb.max_iterations);
    state.phase = started ? phase::inside : phase::after;
    return "";
}

} // namespace

void bm::run_body(bm_benchmark &benchmark, benchmark::State &gb)
{
    bm_state state{gb, benchmark};

    check_settings(state);
    if (state.outcome != BM_OK)
        return;
    enter_call(state);
    if (state.outcome == BM_OK)
        invoke(state, "the body", benchmark.function);
    check_returned(state);
    leave_call(state);
}

int64_t bm_loop_begin(struct bm_state *state)
{
    act(state, "BM_LOOP", start_loop);
    if (!state)
        return 0;
    // Not let in: the end that belongs to this beginning must not end anything either.
    if (state->phase != phase::inside || state->outcome != BM_OK) {
        state->refused_loops++;
        return 0;
    }
    return state->gb.max_iterations;
}

void bm_loop_end(struct bm_state *state)
{
    if (!state)
        return;
    if (state->refused_loops > 0) {
        state->refused_loops--;
        return;
    }
    // Google Benchmark would stop a timer that is not running.
    if (state->paused && state->outcome == BM_OK)
        act(state, "BM_LOOP", [](bm_state &) -> std::string { return "ended while paused"; });
    (void)state->gb.KeepRunning(); // false: all iterations were taken at the beginning
    state->phase = phase::after;
}

int64_t bm_iterations(const struct bm_state *state)
{
    if (!state) {
        bm::misuse(__func__, "the state is NULL");
        return 0;
    }
    return state->gb.max_iterations;
}

const char *bm_name(const struct bm_state *state)
{
    if (!state) {
        bm::misuse(__func__, "the state is NULL");
        return "";
    }
    return state->benchmark.name.c_str();
}

int64_t bm_arg(struct bm_state *state, size_t index)
{
    int64_t value = 0;

    act(state, __func__, [&](bm_state &s) -> std::string {
        const std::size_t count = s.benchmark.arg_count;
        if (index >= count)
            return "index " + std::to_string(index) + " of " + std::to_string(count) +
                   " argument(s)";
        value = s.gb.range(index);
        return "";
    });
    return value;
}

size_t bm_arg_count(const struct bm_state *state)
{
    if (!state) {
        bm::misuse(__func__, "the state is NULL");
        return 0;
    }
    return state->benchmark.arg_count;
}

int bm_threads(const struct bm_state *state)
{
    if (!state) {
        bm::misuse(__func__, "the state is NULL");
        return 0;
    }
    return state->gb.threads();
}

int bm_thread_index(const struct bm_state *state)
{
    if (!state) {
        bm::misuse(__func__, "the state is NULL");
        return 0;
    }
    return state->gb.thread_index();
}

void bm_pause_timing(struct bm_state *state)
{
    act(state, __func__, [](bm_state &s) -> std::string {
        if (s.outcome != BM_OK)
            return "";
        const std::string wrong = check_timer(s, false);
        if (wrong.empty()) {
            s.gb.PauseTiming();
            s.paused = true;
        }
        return wrong;
    });
}

void bm_resume_timing(struct bm_state *state)
{
    act(state, __func__, [](bm_state &s) -> std::string {
        if (s.outcome != BM_OK)
            return "";
        const std::string wrong = check_timer(s, true);
        if (wrong.empty()) {
            s.paused = false;
            s.gb.ResumeTiming();
        }
        return wrong;
    });
}

void bm_set_iteration_time(struct bm_state *state, double seconds)
{
    act(state, __func__, [=](bm_state &s) -> std::string {
        if (!std::isfinite(seconds) || seconds < 0)
            return "the time must be finite and not negative, not " + std::to_string(seconds);
        s.gb.SetIterationTime(seconds);
        s.manual_seconds += seconds;
        s.timed_manually = true;
        return "";
    });
}

void bm_set_counter(struct bm_state *state, const char *name, double value, unsigned flags)
{
    act(state, __func__, [=](bm_state &s) { return set_counter(s, name, value, flags); });
}

void bm_set_items_processed(struct bm_state *state, int64_t items)
{
    act(state, __func__, [=](bm_state &s) { return set_total(s, "items_per_second", items, 0); });
}

void bm_set_bytes_processed(struct bm_state *state, int64_t bytes)
{
    act(state, __func__,
        [=](bm_state &s) { return set_total(s, "bytes_per_second", bytes, BM_COUNTER_1024); });
}

void bm_set_label(struct bm_state *state, const char *label)
{
    act(state, __func__, [=](bm_state &s) -> std::string {
        if (!label)
            return "the label is NULL";
        s.gb.SetLabel(bm::printable(label).c_str());
        return "";
    });
}

void bm_set_complexity_n(struct bm_state *state, int64_t n)
{
    act(state, __func__, [=](bm_state &s) -> std::string {
        if (n < 1)
            return "N must be at least 1, not " + std::to_string(n);
        s.gb.SetComplexityN(n);
        s.has_complexity_n = true;
        return "";
    });
}

void bm_skip(struct bm_state *state, const char *reason)
{
    act(state, __func__, [=](bm_state &s) -> std::string {
        if (!reason || !*reason)
            return "the reason is missing";
        skip(s, bm::printable(reason));
        return "";
    });
}

void bm_skip_with_error(struct bm_state *state, const char *message)
{
    act(state, __func__, [=](bm_state &s) -> std::string {
        if (!message || !*message)
            return "the message is missing";
        fail(s, bm::printable(message));
        return "";
    });
}

bool bm_skipped(const struct bm_state *state)
{
    return !state || state->outcome != BM_OK;
}
