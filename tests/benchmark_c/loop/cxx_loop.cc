// The same loop in Google Benchmark's own C++: cxx_loop empty|kept|add ITERATIONS
#include <benchmark/benchmark.h>

#include <cstdint>

#include "loop.h"

static void empty(benchmark::State &state)
{
    for (auto _ : state) {
    }
}

static void kept(benchmark::State &state)
{
    for (auto _ : state) {
        LOOP_KEEP();
    }
}

static void add(benchmark::State &state)
{
    std::uint64_t total = 0;

    for (auto _ : state) {
        LOOP_ADD(total);
    }
}

int main(int argc, char **argv)
{
    static void (*const bodies[])(benchmark::State &) = {empty, kept, add};
    const long iterations = loop_iterations(argc, argv);
    int none = 1;

    benchmark::RegisterBenchmark("loop", bodies[loop_body(argv)])->Iterations(iterations);
    benchmark::Initialize(&none, argv);
    return benchmark::RunSpecifiedBenchmarks() != 1;
}
