/* What anyone would write: a loop around the same calls, on its own, as a yardstick for the suite.
 *
 * usage: hand_loop create|lifecycle SAMPLES
 *
 * Pinned to the last CPU this process may use. Prints one line of JSON: mean, p10 and p50 of the
 * samples in nanoseconds. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *nothing(void *argument)
{
    return argument;
}

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int pin(void)
{
    cpu_set_t set;
    int last = -1;

    if (sched_getaffinity(0, sizeof(set), &set))
        return -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set))
            last = cpu;
    CPU_ZERO(&set);
    CPU_SET(last, &set);
    return sched_setaffinity(0, sizeof(set), &set);
}

static long long sample(int whole)
{
    pthread_t thread;
    long long begin = now(), end = 0;

    if (pthread_create(&thread, NULL, nothing, NULL))
        abort();
    if (!whole)
        end = now();
    if (pthread_join(thread, NULL))
        abort();
    return (whole ? now() : end) - begin;
}

static int ascending(const void *a, const void *b)
{
    long long left = *(const long long *)a, right = *(const long long *)b;

    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    int whole = argc == 3 && !strcmp(argv[1], "lifecycle");
    long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    long long *samples = count > 0 ? malloc((size_t)count * sizeof(*samples)) : NULL;
    double sum = 0;

    if (!samples || pin()) {
        (void)fputs("usage: hand_loop create|lifecycle SAMPLES\n", stderr);
        free(samples);
        return 2;
    }
    memset(samples, 0, (size_t)count * sizeof(*samples));
    for (int i = 0; i < 16; i++)
        sample(whole);
    for (long i = 0; i < count; i++)
        sum += (double)(samples[i] = sample(whole));
    qsort(samples, (size_t)count, sizeof(*samples), ascending);
    printf("{\"mean\": %.2f, \"p10\": %lld, \"p50\": %lld}\n", sum / (double)count,
           samples[(count + 9) / 10 - 1], samples[(count + 1) / 2 - 1]);
    free(samples);
    return 0;
}
