/* What the suite uses of benchmark_c.h, without Google Benchmark: there is no C++ library of musl
 * on a machine of glibc. A name, a flag and a field mean what they mean there. What the suite does
 * not use is missing (threads, arguments, aggregates, CSV), and misuse is not found. */
#include <benchmark_c.h>

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "write.h"

enum { MOST_COUNTERS = 96, MOST_ITERATIONS = 1000000000 };

struct bm_benchmark {
    char *name; /* with what its settings add to it */
    bm_function *run;
    void *user;
    int64_t iterations; /* 0: as many as the minimum time takes */
};

struct bm_state {
    int64_t iterations;
    double iteration_s, cpu_s; /* all iterations' */
    char label[512], reason[512];
    bool skipped, failed;
    struct {
        char name[64];
        double value;
    } counters[MOST_COUNTERS];
    size_t counted;
};

static struct {
    struct bm_benchmark **benchmarks;
    size_t count;
    bool failed;
    bool list, json;
    const char *filter, *path;   /* of the file; NULL: none */
    struct tb_writer writers[2]; /* of the file, and of standard output if that is JSON */
    double min_s;
    int64_t iterations; /* 0: min_s decides */
    long repetitions;
} all = {.filter = "", .min_s = 0.5, .repetitions = 1};

/* ---- registering ---- */

struct bm_benchmark *bm_register(const char *name, bm_function *fn, void *user)
{
    struct bm_benchmark *benchmark = calloc(1, sizeof(*benchmark));
    void *more = realloc(all.benchmarks, (all.count + 1) * sizeof(struct bm_benchmark *));

    if (more)
        all.benchmarks = more;
    if (!more || !benchmark || asprintf(&benchmark->name, "%s/manual_time", name) < 0) {
        free(benchmark);
        return NULL;
    }
    benchmark->run = fn;
    benchmark->user = user;
    return all.benchmarks[all.count++] = benchmark;
}

/* Every time is the one that the body reports. */
void bm_use_manual_time(struct bm_benchmark *benchmark)
{
    (void)benchmark;
}

/* Nanoseconds, whatever is asked for. */
void bm_set_unit(struct bm_benchmark *benchmark, int unit)
{
    (void)benchmark;
    (void)unit;
}

void bm_set_iterations(struct bm_benchmark *benchmark, int64_t iterations)
{
    int length = (int)(strlen(benchmark->name) - strlen("/manual_time"));
    char *name;

    benchmark->iterations = iterations;
    if (asprintf(&name, "%.*s/iterations:%lld/manual_time", length, benchmark->name,
                 (long long)iterations) < 0)
        return; /* the name stays as it was */
    free(benchmark->name);
    benchmark->name = name;
}

/* ---- one call of a body ---- */

static double cpu_s(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); /* cannot fail: Linux always has it */
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int64_t bm_iterations(const struct bm_state *state)
{
    return state->iterations;
}

int64_t bm_loop_begin(struct bm_state *state)
{
    state->cpu_s = -cpu_s();
    return state->iterations;
}

void bm_loop_end(struct bm_state *state)
{
    state->cpu_s += cpu_s();
}

void bm_set_iteration_time(struct bm_state *state, double seconds)
{
    state->iteration_s += seconds;
}

void bm_set_counter(struct bm_state *state, const char *name, double value, unsigned flags)
{
    (void)flags;
    if (state->counted == MOST_COUNTERS || strlen(name) >= sizeof(state->counters[0].name) ||
        !isfinite(value)) {
        bm_skip_with_error(state, "a counter: one too many, of too long a name, or no number");
        return;
    }
    (void)snprintf(state->counters[state->counted].name, sizeof(state->counters[0].name), "%s",
                   name);
    state->counters[state->counted++].value = value;
}

void bm_set_label(struct bm_state *state, const char *label)
{
    (void)snprintf(state->label, sizeof(state->label), "%s", label);
}

static void end_early(struct bm_state *state, bool *how, const char *reason)
{
    if (state->skipped || state->failed)
        return;
    *how = true;
    (void)snprintf(state->reason, sizeof(state->reason), "%s", reason);
}

void bm_skip(struct bm_state *state, const char *reason)
{
    end_early(state, &state->skipped, reason);
}

void bm_skip_with_error(struct bm_state *state, const char *message)
{
    end_early(state, &state->failed, message);
}

/* ---- the command line ---- */

static _Noreturn void refuse(const char *flag, const char *expected)
{
    (void)fprintf(stderr, "%s: expected %s\n", flag, expected);
    exit(1);
}

static void print_help(void)
{
    (void)puts(
        "[--benchmark_list_tests] [--benchmark_filter=REGEX] [--benchmark_min_time=N|Ns|Nx]\n"
        "[--benchmark_repetitions=N] [--benchmark_format=console|json]\n"
        "[--benchmark_out=FILE] [--benchmark_out_format=json]");
    exit(0);
}

static void take_min_time(const char *flag, const char *value)
{
    char *end;
    double number = strtod(value, &end);
    bool times = !strcmp(end, "x");

    if (end == value || (*end && strcmp(end, "s") != 0 && !times) || !(number >= times) ||
        number > MOST_ITERATIONS)
        refuse(flag, "a time as 0.5 or 0.5s, or a number of iterations as 7x");
    all.min_s = number;
    all.iterations = times ? (int64_t)number : 0;
}

static void take_repetitions(const char *flag, const char *value)
{
    char *end;

    all.repetitions = strtol(value, &end, 10);
    if (end == value || *end || all.repetitions < 1)
        refuse(flag, "a whole number from 1");
}

static void take_format(const char *flag, const char *value)
{
    all.json = !strcmp(value, "json");
    if (!all.json && strcmp(value, "console") != 0)
        refuse(flag, "console or json");
}

static void take_out_format(const char *flag, const char *value)
{
    if (strcmp(value, "json") != 0)
        refuse(flag, "json");
}

static void take_list(const char *flag, const char *value)
{
    (void)flag;
    all.list = !*value || !strcasecmp(value, "true") || !strcmp(value, "1");
}

static void take_filter(const char *flag, const char *value)
{
    (void)flag;
    all.filter = !strcmp(value, "all") ? "" : value;
}

static void take_out(const char *flag, const char *value)
{
    (void)flag;
    all.path = value;
}

/* As the harness asks, nothing is said besides the results; there is nothing. */
static void take_verbosity(const char *flag, const char *value)
{
    (void)flag;
    (void)value;
}

static bool take(const char *flag)
{
    static const struct {
        const char *name;
        void (*take)(const char *flag, const char *value);
    } flags[] = {
        {"--benchmark_list_tests", take_list},       {"--benchmark_filter", take_filter},
        {"--benchmark_min_time", take_min_time},     {"--benchmark_repetitions", take_repetitions},
        {"--benchmark_format", take_format},         {"--benchmark_out", take_out},
        {"--benchmark_out_format", take_out_format}, {"--v", take_verbosity},
    };

    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        size_t length = strlen(flags[i].name);

        if (strncmp(flag, flags[i].name, length) != 0 || (flag[length] && flag[length] != '='))
            continue;
        flags[i].take(flag, flag[length] ? flag + length + 1 : "");
        return true;
    }
    return false;
}

void bm_initialize(int *argc, char **argv)
{
    int left = 1;

    for (int i = 1; i < *argc; i++) {
        if (!strcmp(argv[i], "--help"))
            print_help();
        if (!take(argv[i]))
            argv[left++] = argv[i];
    }
    *argc = left;
}

bool bm_report_unrecognized_arguments(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        (void)fprintf(stderr, "%s: error: unrecognized command-line flag: %s\n", argv[0], argv[i]);
    return argc > 1;
}

const char *bm_filter(void)
{
    return all.filter;
}

/* ---- what is written ---- */

static void write_beginning(struct tb_writer *out)
{
    char host[256] = "";

    (void)gethostname(host, sizeof(host) - 1); /* "" where it does not fit */
    tb_write_begin(out, NULL, '{');
    tb_write_begin(out, "context", '{');
    tb_write_text(out, "host_name", host);
    tb_write_number(out, "num_cpus", (double)sysconf(_SC_NPROCESSORS_ONLN));
    tb_write_text(out, "library_version", bm_library_version());
    tb_write_text(out, "library_build_type", "release");
    tb_write_end(out, '}');
    tb_write_begin(out, "benchmarks", '[');
}

static void write_end(struct tb_writer *out)
{
    tb_write_end(out, ']');
    tb_write_end(out, '}');
    (void)fputc('\n', out->stream);
}

static void write_reason(struct tb_writer *out, const struct bm_state *state)
{
    if (!state->failed && !state->skipped)
        return;
    tb_write_flag(out, state->failed ? "error_occurred" : "skipped", true);
    tb_write_text(out, state->failed ? "error_message" : "skip_message", state->reason);
}

static double mean_ns(const struct bm_state *state, double all_s)
{
    return all_s * 1e9 / (double)state->iterations;
}

static void write_entry(struct tb_writer *out, const char *name, const struct bm_state *state,
                        long repetition)
{
    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "name", name);
    tb_write_text(out, "run_name", name);
    tb_write_text(out, "run_type", "iteration");
    tb_write_number(out, "repetitions", (double)all.repetitions);
    tb_write_number(out, "repetition_index", (double)repetition);
    tb_write_number(out, "threads", 1);
    tb_write_number(out, "iterations", (double)state->iterations);
    write_reason(out, state);
    tb_write_number(out, "real_time", mean_ns(state, state->iteration_s));
    tb_write_number(out, "cpu_time", mean_ns(state, state->cpu_s));
    tb_write_text(out, "time_unit", "ns");
    for (size_t i = 0; i < state->counted; i++)
        tb_write_number(out, state->counters[i].name, state->counters[i].value);
    if (state->label[0])
        tb_write_text(out, "label", state->label);
    tb_write_end(out, '}');
}

static void print_entry(const char *name, const struct bm_state *state)
{
    if (state->failed || state->skipped)
        (void)printf("%-60s %s: '%s'\n", name, state->failed ? "ERROR" : "SKIPPED", state->reason);
    else
        (void)printf("%-60s %12.4g ns %12.4g ns %10lld %s\n", name,
                     mean_ns(state, state->iteration_s), mean_ns(state, state->cpu_s),
                     (long long)state->iterations, state->label);
}

static void report(const char *name, const struct bm_state *state, long repetition)
{
    if (!all.json)
        print_entry(name, state);
    for (size_t i = 0; i < 2; i++)
        if (all.writers[i].stream)
            write_entry(&all.writers[i], name, state, repetition);
    (void)fflush(stdout); /* so that it is there if a later one crashes */
}

/* ---- running ---- */

/* How many iterations may take the minimum time, by Google Benchmark's rule. */
static int64_t more_iterations(const struct bm_state *state)
{
    double factor = all.min_s * 1.4 / (state->iteration_s > 1e-9 ? state->iteration_s : 1e-9);
    double wanted;

    if (state->iteration_s < all.min_s / 10 && factor > 10)
        factor = 10;
    wanted = (double)state->iterations * factor;
    if (wanted > MOST_ITERATIONS)
        return MOST_ITERATIONS;
    return wanted > (double)state->iterations ? (int64_t)wanted : state->iterations + 1;
}

static void run(const struct bm_benchmark *benchmark, struct bm_state *state)
{
    int64_t fixed = benchmark->iterations ? benchmark->iterations : all.iterations;
    int64_t iterations = fixed ? fixed : 1;

    for (;; iterations = more_iterations(state)) {
        *state = (struct bm_state){.iterations = iterations};
        benchmark->run(state, benchmark->user);
        if (fixed || state->skipped || state->failed || state->iteration_s >= all.min_s ||
            iterations >= MOST_ITERATIONS)
            return;
    }
}

static void run_repetitions(const struct bm_benchmark *benchmark)
{
    struct bm_state state;

    for (long repetition = 0; repetition < all.repetitions; repetition++) {
        run(benchmark, &state);
        all.failed |= state.failed;
        report(benchmark->name, &state, repetition);
    }
}

static size_t visit_matching(const regex_t *filter, bool inverted)
{
    size_t matched = 0;

    for (size_t i = 0; i < all.count; i++) {
        const struct bm_benchmark *benchmark = all.benchmarks[i];

        if (!regexec(filter, benchmark->name, 0, NULL, 0) == inverted)
            continue;
        matched++;
        if (all.list)
            (void)puts(benchmark->name);
        else
            run_repetitions(benchmark);
    }
    return matched;
}

static void open_writers(void)
{
    FILE *file = all.path ? fopen(all.path, "we") : NULL;

    if (all.path && !file) {
        (void)fprintf(stderr, "%s: cannot be opened\n", all.path);
        exit(1); /* as Google Benchmark does: there is nothing to match then */
    }
    all.writers[0] = (struct tb_writer){.stream = file, .empty = true};
    all.writers[1] = (struct tb_writer){.stream = all.json ? stdout : NULL, .empty = true};
    for (size_t i = 0; i < 2; i++)
        if (all.writers[i].stream)
            write_beginning(&all.writers[i]);
}

static void close_writers(void)
{
    FILE *file = all.writers[0].stream;
    bool lost;

    for (size_t i = 0; i < 2; i++)
        if (all.writers[i].stream)
            write_end(&all.writers[i]);
    if (!file)
        return;
    lost = ferror(file) != 0;
    lost |= fclose(file) != 0;
    if (lost)
        (void)fprintf(stderr, "%s: cannot be written\n", all.path);
    all.failed |= lost;
}

size_t bm_run_specified(void)
{
    bool inverted = all.filter[0] == '-';
    regex_t filter;
    size_t matched;

    if (regcomp(&filter, all.filter + inverted, REG_EXTENDED | REG_NOSUB)) {
        (void)fprintf(stderr, "--benchmark_filter=%s: no regular expression\n", all.filter);
        return 0;
    }
    if (!all.list)
        open_writers();
    matched = visit_matching(&filter, inverted);
    close_writers();
    regfree(&filter);
    return matched;
}

bool bm_failed(void)
{
    return all.failed;
}

const char *bm_library_version(void)
{
    return "none";
}

void bm_shutdown(void)
{
    for (size_t i = 0; i < all.count; i++) {
        free(all.benchmarks[i]->name);
        free(all.benchmarks[i]);
    }
    free(all.benchmarks);
    all.benchmarks = NULL;
    all.count = 0;
}
