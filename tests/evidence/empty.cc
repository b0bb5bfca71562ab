/* The least that a Google Benchmark program can be: what start.py sets the suite's start beside. */
#include <benchmark/benchmark.h>

static void nothing(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::ClobberMemory();
}
BENCHMARK(nothing);

BENCHMARK_MAIN();
