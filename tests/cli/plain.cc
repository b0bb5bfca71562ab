/* A Google Benchmark program as anyone writes it: it knows nothing of threadbench. */
#include <benchmark/benchmark.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <unistd.h>

static void quick(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::ClobberMemory();
    state.counters["things"] = 3.25;
}

static void counting(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::ClobberMemory();
    for (const char *name : {"samples", "user_ns", "sys_ns"})
        state.counters[name] = 5e9;
}

static void sized(benchmark::State &state)
{
    for (auto _ : state)
        for (int64_t i = 0; i < state.range(0); i++)
            benchmark::ClobberMemory();
}

static void broken(benchmark::State &state)
{
    state.SkipWithError("it \"broke\", badly");
}

static void crash(benchmark::State &state)
{
    for (auto _ : state) {
        std::fputs("about to crash\n", stderr);
        std::signal(SIGSEGV, SIG_DFL); /* a sanitizer would turn the signal into an exit */
        std::raise(SIGSEGV);
    }
}

static void quit(benchmark::State &state)
{
    for (auto _ : state)
        std::exit(3);
}

static void hang(benchmark::State &state)
{
    for (auto _ : state)
        for (;;)
            pause();
}

static void not_a_number(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::ClobberMemory();
    state.counters["odd"] = std::numeric_limits<double>::quiet_NaN();
}

static void shout(benchmark::State &state)
{
    for (auto _ : state)
        for (int i = 0; i < 100000; i++)
            std::fputs("la la la la la la la\n", i % 2 ? stdout : stderr);
}

static void leave_child(benchmark::State &state)
{
    for (auto _ : state) {
        if (fork() == 0)
            for (;;)
                pause();
    }
}

BENCHMARK(quick);
BENCHMARK(counting);
BENCHMARK(sized)->Arg(8)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(sized)->Name("odd/(name)+[x]?")->Arg(3)->Repetitions(3);
BENCHMARK(sized)->Name("summed")->Arg(3)->Repetitions(3)->ReportAggregatesOnly();
BENCHMARK(broken);
BENCHMARK(crash);
BENCHMARK(quit);
BENCHMARK(hang);
BENCHMARK(not_a_number);
BENCHMARK(shout)->Iterations(1);
BENCHMARK(leave_child)->Iterations(1);
BENCHMARK_MAIN();
