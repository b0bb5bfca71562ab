/*
 * benchmark_c: Google Benchmark for C.
 *
 * A benchmark is a function that sets up, runs BM_LOOP, and reports what it counted:
 *
 *     static void copy(struct bm_state *state, void *user)
 *     {
 *         const size_t size = (size_t)bm_arg(state, 0);
 *         BM_LOOP(state) {
 *             memcpy(to, from, size);
 *             bm_clobber_memory();
 *         }
 *         bm_set_bytes_processed(state, bm_iterations(state) * (int64_t)size);
 *     }
 *
 *     int main(int argc, char **argv)
 *     {
 *         bm_add_range(bm_register("memcpy", copy, NULL), 8, 65536);
 *         bm_initialize(&argc, argv);
 *         if (bm_report_unrecognized_arguments(argc, argv))
 *             return 2;
 *         size_t matched = bm_run_specified();
 *         bm_shutdown();
 *         return matched == 0 || bm_failed();
 *     }
 *
 * The program then takes every --benchmark_* flag, and writes the same tables and JSON, as in C++.
 *
 * Misuse
 * ------
 * No call here aborts, exits or lets a C++ exception out because it was used wrongly.
 *
 * - A wrong setting (lo > hi, a NULL function, iterations with a minimum time...) is not applied.
 *   It is remembered in its benchmark, whose entries then are errors that say what was wrong: a
 *   wrong benchmark cannot look like a fast one. bm_error() tells at once.
 * - Misuse inside a body (leaving the loop early, a bad argument index, a counter that is NaN...)
 *   makes that entry an error with a message that names the function.
 * - Misuse that belongs to no benchmark (a NULL state, running before bm_initialize) is one line on
 *   standard error.
 *
 * All three make bm_failed() true; bm_last_error() has the last message. Google Benchmark itself
 * exits in bm_initialize on --help and on a flag value it cannot use; that is kept.
 *
 * Ownership: strings and arrays that are passed in are copied before the call returns. A `user`
 * pointer is only handed back, never touched. Text is UTF-8, ended by a zero byte. Numbers have a
 * point: within bm_initialize() and bm_run_specified() LC_NUMERIC of the calling thread is "C"'s.
 *
 * Threads: register and run from one thread. Inside a body each thread has a bm_state of its own,
 * which only that thread may use.
 */
#ifndef BENCHMARK_C_H
#define BENCHMARK_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BM_API __attribute__((visibility("default")))

/* One thread's part in one call of a body. Valid until the body returns. */
struct bm_state;

/* A registered benchmark. Valid until bm_unregister_all() or the end of the program. */
struct bm_benchmark;

/* A body, or a hook around it. `user` is what bm_register was given. */
typedef void bm_function(struct bm_state *state, void *user);

/* ---------------------------------------------------------------- registering */

/*
 * Registers `fn` under `name`, which stands first in the names of its entries. A name that is NULL
 * or empty and a function that is NULL are registered all the same, as an entry that is an error.
 * Returns NULL only when memory is out or there are too many benchmarks; every setter takes that
 * NULL as misuse, so the result needs no check of its own.
 */
BM_API struct bm_benchmark *bm_register(const char *name, bm_function *fn, void *user);

/* The first thing that was set wrongly, or NULL. Owned by the benchmark. */
BM_API const char *bm_error(const struct bm_benchmark *benchmark);

/* Forgets all benchmarks: their pointers are dead, and bm_failed() is false again. */
BM_API void bm_unregister_all(void);

/*
 * Arguments. Each call adds instances of the benchmark; all must have the same number of arguments.
 * The body reads them with bm_arg(). A benchmark has at most 100,000 instances here, so that a
 * mistyped range is a message and not the end of memory.
 */

/* One instance with one argument. */
BM_API void bm_add_arg(struct bm_benchmark *benchmark, int64_t value);

/* One instance with `count` >= 1 arguments. */
BM_API void bm_add_args(struct bm_benchmark *benchmark, const int64_t *values, size_t count);

/* Inclusive bounds. */
struct bm_range {
    int64_t lo;
    int64_t hi;
};

/*
 * One argument: lo, hi and the powers of the range multiplier (8 unless set) between them. lo <=
 * hi.
 */
BM_API void bm_add_range(struct bm_benchmark *benchmark, int64_t lo, int64_t hi);

/* One argument: lo, lo + step, ... up to hi. lo <= hi, step >= 1. */
BM_API void bm_add_dense_range(struct bm_benchmark *benchmark, int64_t lo, int64_t hi, int step);

/* `count` >= 1 arguments: every combination of the values bm_add_range() would give for each. */
BM_API void bm_add_ranges(struct bm_benchmark *benchmark, const struct bm_range *ranges,
                          size_t count);

/* The values one argument takes: `count` >= 1 of them. */
struct bm_values {
    const int64_t *values;
    size_t count;
};

/* `count` >= 1 arguments: every combination of the listed values. */
BM_API void bm_add_product(struct bm_benchmark *benchmark, const struct bm_values *lists,
                           size_t count);

/* For later bm_add_range() and bm_add_ranges(); >= 2. */
BM_API void bm_set_range_multiplier(struct bm_benchmark *benchmark, int multiplier);

/* Names that stand before the arguments ("size:64"); one for each argument, none NULL; "" is none.
 */
BM_API void bm_set_arg_names(struct bm_benchmark *benchmark, const char *const *names,
                             size_t count);

/* Of the times shown. An int is taken, as C lets any number through: another one is misuse. */
enum bm_unit {
    BM_NANOSECOND,
    BM_MICROSECOND,
    BM_MILLISECOND,
    BM_SECOND,
};

BM_API void bm_set_unit(struct bm_benchmark *benchmark, int unit);

/*
 * How long to run. A fixed number of iterations (>= 1) excludes a minimum time and a warm-up.
 * Times are seconds, finite; the minimum is > 0, the warm-up (run first, not reported) >= 0.
 */
BM_API void bm_set_iterations(struct bm_benchmark *benchmark, int64_t iterations);
BM_API void bm_set_min_time(struct bm_benchmark *benchmark, double seconds);
BM_API void bm_set_min_warmup_time(struct bm_benchmark *benchmark, double seconds);

/* Runs the whole benchmark `count` >= 1 times and adds mean, median, stddev and cv. */
BM_API void bm_set_repetitions(struct bm_benchmark *benchmark, int count);

/* With repetitions: only the aggregates, everywhere or on the display. */
BM_API void bm_report_aggregates_only(struct bm_benchmark *benchmark, bool only);
BM_API void bm_display_aggregates_only(struct bm_benchmark *benchmark, bool only);

/*
 * What decides how long to run, and what rates divide by: CPU time of the thread (the default),
 * wall time, or what the body says with bm_set_iteration_time(). The last two exclude each other.
 */
BM_API void bm_use_real_time(struct bm_benchmark *benchmark);
BM_API void bm_use_manual_time(struct bm_benchmark *benchmark);

/* CPU time is that of the whole process, not of the thread that runs the body. */
BM_API void bm_measure_process_cpu_time(struct bm_benchmark *benchmark);

/*
 * Threads. The body runs in `count` >= 1 threads at once; their loops begin and end together.
 * A range takes lo, hi and the powers of two between; a dense one lo, lo + stride, ... and hi.
 */
BM_API void bm_add_threads(struct bm_benchmark *benchmark, int count);
BM_API void bm_add_thread_range(struct bm_benchmark *benchmark, int lo, int hi);
BM_API void bm_add_dense_thread_range(struct bm_benchmark *benchmark, int lo, int hi, int stride);
BM_API void bm_add_thread_per_cpu(struct bm_benchmark *benchmark);

enum bm_order {
    BM_O_NONE,
    BM_O_1,
    BM_O_N,
    BM_O_N_SQUARED,
    BM_O_N_CUBED,
    BM_O_LOG_N,
    BM_O_N_LOG_N,
    BM_O_AUTO, /* whichever fits best */
};

/*
 * Adds a fit over the benchmark's instances, if two or more succeed. The N of each is what its body
 * says with bm_set_complexity_n(); else its first argument, or the number of threads if it has
 * none. At least one instance must succeed: all releases of Google Benchmark up to 1.9.5 crash
 * after a benchmark with a fit whose instances all were skipped or failed in their bodies.
 */
BM_API void bm_set_complexity(struct bm_benchmark *benchmark, int order);

/*
 * Hooks, run once around each call of the body, however many threads it has: setup before any
 * thread enters its body, teardown after every thread has left it. Neither is timed. They are given
 * the same user data, and the state of the thread that happens to run them; setup may skip or fail,
 * and then no body runs. Teardown follows wherever setup ran. NULL removes the hook.
 * (Google Benchmark calls the body several times for one entry while it looks for the number of
 * iterations: the hooks run as often.)
 */
BM_API void bm_set_setup(struct bm_benchmark *benchmark, bm_function *hook);
BM_API void bm_set_teardown(struct bm_benchmark *benchmark, bm_function *hook);

/* ---------------------------------------------------------------- inside a body */

/*
 * The timed loop: the statement after it is run bm_iterations() times. Timing starts with the first
 * and stops after the last. A body enters it exactly once. Leave it early only after bm_skip() or
 * bm_skip_with_error(), and then do, with break or return: it does not stop by itself.
 * `state` is evaluated several times. The loop counts down in a register and calls nothing.
 */
#define BM_LOOP(state)                                                                             \
    for (int64_t bm_left_ = bm_loop_begin(state); bm_loop_continues(state, bm_left_); --bm_left_)

/* The iterations this call of the body is to do, known before the loop too. Per thread. */
BM_API int64_t bm_iterations(const struct bm_state *state);

/* The name given to bm_register(). */
BM_API const char *bm_name(const struct bm_state *state);

/* Argument `index`, from 0. An index that is too high makes the entry an error and returns 0. */
BM_API int64_t bm_arg(struct bm_state *state, size_t index);
BM_API size_t bm_arg_count(const struct bm_state *state);

/* Threads that run this body at once, and which of them this is: 0 <= index < threads. */
BM_API int bm_threads(const struct bm_state *state);
BM_API int bm_thread_index(const struct bm_state *state);

/*
 * Stop and restart this thread's clock inside the loop. Each costs several clock readings, hundreds
 * of nanoseconds: no use for short operations. Do nothing once the entry is skipped.
 */
BM_API void bm_pause_timing(struct bm_state *state);
BM_API void bm_resume_timing(struct bm_state *state);

/*
 * Adds to the entry's time, for bm_use_manual_time(); without that it is ignored. Finite and >= 0.
 * Once each iteration, or once for all. A manual-time body that never calls it is an error.
 */
BM_API void bm_set_iteration_time(struct bm_state *state, double seconds);

/* Flags of a counter, to be or-ed. */
#define BM_COUNTER_DEFAULTS            0x00u
#define BM_COUNTER_RATE                0x01u /* divided by the entry's seconds */
#define BM_COUNTER_AVG_THREADS         0x02u /* divided by the number of threads */
#define BM_COUNTER_ITERATION_INVARIANT 0x04u /* multiplied by the iterations */
#define BM_COUNTER_AVG_ITERATIONS      0x08u /* divided by the iterations */
#define BM_COUNTER_INVERT              0x10u /* 1 / x, last of all */
#define BM_COUNTER_1024                0x20u /* shown in Ki, Mi, ... instead of k, M, ... */

/*
 * Sets a counter of the entry; the threads' values are added up. The value must be finite (and not
 * 0 with BM_COUNTER_INVERT), or the JSON would not be JSON. The name must be none of the fields
 * Google Benchmark itself gives an entry ("real_time", ...).
 */
BM_API void bm_set_counter(struct bm_state *state, const char *name, double value, unsigned flags);

/* The counters "items_per_second" and "bytes_per_second", from totals over all iterations, >= 0. */
BM_API void bm_set_items_processed(struct bm_state *state, int64_t items);
BM_API void bm_set_bytes_processed(struct bm_state *state, int64_t bytes);

/* A text beside the entry. */
BM_API void bm_set_label(struct bm_state *state, const char *label);

/* The N of this instance, >= 1, for bm_set_complexity(); the threads' values are added up. */
BM_API void bm_set_complexity_n(struct bm_state *state, int64_t n);

/*
 * There is nothing to measure here, for this reason: not a failure. Google Benchmark before 1.8
 * knows only errors; there the entry is an error whose message begins with BM_SKIP_PREFIX, and
 * from 1.8 on it has "skipped" and "skip_message" of its own, without the prefix.
 */
#define BM_SKIP_PREFIX "skipped: "
BM_API void bm_skip(struct bm_state *state, const char *reason);

/*
 * This went wrong. A message that begins with BM_SKIP_PREFIX is given "error: " in front, so that
 * the two stay apart. The first skip or error of an entry is the one it keeps.
 */
BM_API void bm_skip_with_error(struct bm_state *state, const char *message);

/* Whether this thread's part has been skipped or is in error. */
BM_API bool bm_skipped(const struct bm_state *state);

/* Behind BM_LOOP; not to be called otherwise. */
BM_API int64_t bm_loop_begin(struct bm_state *state);
BM_API void bm_loop_end(struct bm_state *state);

static inline bool bm_loop_continues(struct bm_state *state, int64_t left)
{
    if (__builtin_expect(left != 0, 1))
        return true;
    bm_loop_end(state);
    return false;
}

/* Makes the compiler compute `value`, an expression that fits a register or is in memory. */
#define BM_DO_NOT_OPTIMIZE(value) __asm__ volatile("" : : "r,m"(value) : "memory")

/* Makes the compiler believe that what `object` points to is read and written elsewhere. */
static inline void bm_do_not_optimize(const void *object)
{
    __asm__ volatile("" : : "r"(object) : "memory");
}

/* Makes the compiler finish all pending writes to memory that others could see. */
static inline void bm_clobber_memory(void)
{
    __asm__ volatile("" : : : "memory");
}

/* ---------------------------------------------------------------- running */

/*
 * Takes the --benchmark_* flags out of the arguments. Both NULL: no arguments. Prints the usage and
 * exits on --help and on a flag value that cannot be used, as Google Benchmark does.
 */
BM_API void bm_initialize(int *argc, char **argv);

/* Prints what bm_initialize() left in the arguments, other than the first; true if there is any. */
BM_API bool bm_report_unrecognized_arguments(int argc, char **argv);

/* The flags bm_initialize() knows, on standard output. */
BM_API void bm_print_help(void);

/*
 * Runs (or, with --benchmark_list_tests, lists) what matches the filter; returns how many instances
 * matched. 0 with a message when nothing was run: no match, no bm_initialize() before, an output
 * file that cannot be written.
 */
BM_API size_t bm_run_specified(void);

/*
 * Calls `visit`, unless it is NULL, with the name of each instance that matches the filter, in the
 * order in which they would run; returns their number. Runs nothing, writes nothing.
 */
BM_API size_t bm_list(void (*visit)(const char *name, void *user), void *user);

/* Adds a pair to the context of the output. The first value of a key stays. */
BM_API void bm_add_context(const char *key, const char *value);

/*
 * The regular expression that chooses what runs; "-" in front inverts it; "" is all. The returned
 * text is valid until the next call of either. Set it after bm_initialize(), which resets it.
 */
BM_API const char *bm_filter(void);
BM_API void bm_set_filter(const char *filter);

/* True once any entry has been an error or anything was misused. Skips are not failures. */
BM_API bool bm_failed(void);

/* The message of the last failure, or "". Valid until the next; read it when nothing runs. */
BM_API const char *bm_last_error(void);

/* Google Benchmark's version: the running one where it can tell (1.8.4), else that built with. */
BM_API const char *bm_library_version(void);

/* Frees what the library keeps, the context among it. Call it last; a second call does nothing. */
BM_API void bm_shutdown(void);

/* ---------------------------------------------------------------- reporting */

enum bm_outcome {
    BM_OK,
    BM_SKIPPED,
    BM_FAILED,
};

struct bm_cache {
    const char *type; /* "Data", "Instruction", "Unified" */
    int level;
    int size; /* bytes */
    int num_sharing;
};

/* Unknown or an answer; of host settings. */
enum bm_setting {
    BM_UNKNOWN,
    BM_ENABLED,
    BM_DISABLED,
};

struct bm_context {
    const char *executable; /* NULL where unknown */
    const char *host_name;
    int num_cpus;
    double cycles_per_second;
    enum bm_setting cpu_scaling;
    enum bm_setting aslr; /* known from 1.9.3 on */
    const struct bm_cache *caches;
    size_t cache_count;
    const double *load_avg;
    size_t load_avg_count;
    size_t name_field_width; /* characters of the longest name */
};

struct bm_counter {
    const char *name;
    double value;   /* as reported: rates divided, averages taken */
    unsigned flags; /* BM_COUNTER_... */
};

enum bm_run_type {
    BM_ITERATION, /* one measurement */
    BM_AGGREGATE, /* computed from several */
};

/* One entry of the output. */
struct bm_run {
    const char *name; /* in full, with the aggregate's */

    /* Its parts; "" where absent. */
    const char *function_name;
    const char *args;
    const char *min_time;
    const char *min_warmup_time;
    const char *iterations_name;
    const char *repetitions_name;
    const char *time_type;
    const char *threads_name;

    int64_t family_index;
    int64_t per_family_instance_index;
    int64_t repetitions;
    int64_t repetition_index; /* -1 for an aggregate */
    int64_t threads;
    int64_t iterations; /* over all threads */

    enum bm_run_type run_type;
    const char *aggregate_name;   /* "mean", ...; "" for a measurement */
    bool aggregate_is_percentage; /* the times are then ratios, without a unit */

    enum bm_outcome outcome;
    const char *message; /* why skipped or failed, without BM_SKIP_PREFIX; "" if BM_OK */
    const char *label;   /* "" if none */

    enum bm_unit unit;
    double real_time;        /* per iteration, in `unit`; manual time if that is used */
    double cpu_time;         /* likewise */
    double real_accumulated; /* seconds, all iterations */
    double cpu_accumulated;

    /* A fit's row: the times are its coefficients. An error row: they are the root mean square. */
    enum bm_order complexity;
    int64_t complexity_n;
    bool is_big_o;
    bool is_rms;

    /* From a memory manager, which only C++ can register. */
    bool has_memory;
    double allocs_per_iteration;
    int64_t num_allocs;
    int64_t max_bytes_used;

    const struct bm_counter *counters; /* sorted by name */
    size_t counter_count;
};

/* Where a reporter's text goes: standard output, or the file of --benchmark_out. */
struct bm_output;

/* Writes as printf does, whole or not at all; returns 0 or an errno value. */
BM_API int bm_print(struct bm_output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A reporter. What the callbacks are given is valid until they return. Any of them may be NULL.
 * - context: once, first. Returning false prevents the run.
 * - runs: once for the entries of each instance, when all its repetitions are done, and again for
 *   its aggregates and fits.
 * - finalize: once, last.
 */
struct bm_reporter {
    bool (*context)(struct bm_output *output, const struct bm_context *context, void *user);
    void (*runs)(struct bm_output *output, const struct bm_run *runs, size_t count, void *user);
    void (*finalize)(struct bm_output *output, void *user);
    void *user;
};

/*
 * bm_run_specified() with one's own reporters. NULL is the one the flags ask for. A file reporter
 * needs --benchmark_out; without it, it is misuse and nothing runs.
 */
BM_API size_t bm_run_specified_with(const struct bm_reporter *display,
                                    const struct bm_reporter *file);

#ifdef __cplusplus
}
#endif

#endif
