/* A Google Benchmark program that prints on stdout as well, and takes any flag without a word. */
#include <benchmark/benchmark.h>

#include <cstdio>
#include <unistd.h>

static void work(benchmark::State &state)
{
    for (auto _ : state)
        for (int64_t i = 0; i < state.range(0); i++)
            benchmark::ClobberMemory();
    state.counters["mean"] = 7;
    state.counters["round"] = 3;
    state.counters["order"] = 1;
}

BENCHMARK(work)->DenseRange(1, 4);

int main(int argc, char **argv)
{
    std::printf("tables loaded: %d\n", (int)getpid());
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    std::puts("bye");
}
