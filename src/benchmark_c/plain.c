/* What the suite uses of benchmark_c.h, without Google Benchmark and C++: for a C library for which
 * a machine has neither, as musl on a machine of glibc. A name, a flag and a field mean here what
 * they mean there; what is not needed to run the suite is missing: threads, arguments, aggregates,
 * CSV. Misuse of a function is not found. */
#include <benchmark_c.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

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
    const char *filter, *out;
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
    if (state->counted == MOST_COUNTERS)
        return;
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
    all.out = value;
}

/* Taken, and of no effect here: how much is said besides. */
static void take_nothing(const char *flag, const char *value)
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
        {"--benchmark_list_tests", take_list},
        {"--benchmark_filter", take_filter},
        {"--benchmark_min_time", take_min_time},
        {"--benchmark_repetitions", take_repetitions},
        {"--benchmark_format", take_format},
        {"--benchmark_out", take_out},
        {"--benchmark_out_format", take_out_format},
        {"--benchmark_color", take_nothing},
        {"--v", take_nothing},
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

static void write_text(FILE *to, const char *name, const char *text)
{
    (void)fprintf(to, "\"%s\": \"", name);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            (void)fprintf(to, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            (void)fprintf(to, "\\u%04x", (unsigned)*text);
        else
            (void)fputc(*text, to);
    }
    (void)fputs("\"", to);
}

static void begin_json(FILE *to)
{
    char host[256] = "";

    (void)gethostname(host, sizeof(host) - 1); /* "" where it does not fit */
    (void)fputs("{\n  \"context\": {\n    ", to);
    write_text(to, "host_name", host);
    (void)fprintf(to, ",\n    \"num_cpus\": %ld,\n    ", sysconf(_SC_NPROCESSORS_ONLN));
    write_text(to, "library_version", bm_library_version());
    (void)fputs(",\n    \"library_build_type\": \"release\"\n  },\n  \"benchmarks\": [", to);
}

static void write_numbers(FILE *to, const struct bm_state *state)
{
    double iterations = (double)state->iterations;

    (void)fprintf(to, ",\n      \"real_time\": %.17g,\n      \"cpu_time\": %.17g",
                  state->iteration_s * 1e9 / iterations, state->cpu_s * 1e9 / iterations);
    (void)fputs(",\n      \"time_unit\": \"ns\"", to);
    for (size_t i = 0; i < state->counted; i++)
        (void)fprintf(to, ",\n      \"%s\": %.17g", state->counters[i].name,
                      state->counters[i].value);
}

static void write_entry(FILE *to, const struct bm_benchmark *benchmark,
                        const struct bm_state *state, long repetition, bool first)
{
    (void)fputs(first ? "\n    {\n      " : ",\n    {\n      ", to);
    write_text(to, "name", benchmark->name);
    (void)fputs(",\n      ", to);
    write_text(to, "run_name", benchmark->name);
    (void)fprintf(to,
                  ",\n      \"run_type\": \"iteration\",\n      \"repetitions\": %ld,\n"
                  "      \"repetition_index\": %ld,\n      \"threads\": 1,\n"
                  "      \"iterations\": %lld",
                  all.repetitions, repetition, (long long)state->iterations);
    if (state->failed || state->skipped) {
        (void)fprintf(to, ",\n      \"%s\": true,\n      ",
                      state->failed ? "error_occurred" : "skipped");
        write_text(to, state->failed ? "error_message" : "skip_message", state->reason);
    }
    write_numbers(to, state);
    if (state->label[0]) {
        (void)fputs(",\n      ", to);
        write_text(to, "label", state->label);
    }
    (void)fputs("\n    }", to);
}

static void print_entry(const struct bm_benchmark *benchmark, const struct bm_state *state)
{
    if (state->failed || state->skipped)
        (void)printf("%-60s %s: '%s'\n", benchmark->name, state->failed ? "ERROR" : "SKIPPED",
                     state->reason);
    else
        (void)printf("%-60s %12.4g ns %12.4g ns %10lld %s\n", benchmark->name,
                     state->iteration_s * 1e9 / (double)state->iterations,
                     state->cpu_s * 1e9 / (double)state->iterations, (long long)state->iterations,
                     state->label);
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

static void run_one(const struct bm_benchmark *benchmark, FILE *out, bool *first)
{
    struct bm_state state;

    for (long repetition = 0; repetition < all.repetitions; repetition++) {
        run(benchmark, &state);
        all.failed |= state.failed;
        if (all.json)
            write_entry(stdout, benchmark, &state, repetition, *first);
        else
            print_entry(benchmark, &state);
        if (out)
            write_entry(out, benchmark, &state, repetition, *first);
        (void)fflush(stdout); /* so that it is there if a later one crashes */
        *first = false;
    }
}

static const char end_json[] = "\n  ]\n}\n";

static void begin(FILE *out)
{
    if (out)
        begin_json(out);
    if (all.json)
        begin_json(stdout);
}

static void finish(FILE *out)
{
    if (all.json)
        (void)fputs(end_json, stdout);
    if (!out)
        return;
    (void)fputs(end_json, out);
    if (ferror(out) | fclose(out)) {
        (void)fprintf(stderr, "%s: cannot be written\n", all.out);
        all.failed = true;
    }
}

static size_t run_matching(const regex_t *filter, bool inverted, FILE *out)
{
    size_t matched = 0;
    bool first = true;

    for (size_t i = 0; i < all.count; i++) {
        const struct bm_benchmark *benchmark = all.benchmarks[i];

        if (!regexec(filter, benchmark->name, 0, NULL, 0) == inverted)
            continue;
        matched++;
        if (all.list)
            (void)puts(benchmark->name);
        else
            run_one(benchmark, out, &first);
    }
    return matched;
}

size_t bm_run_specified(void)
{
    bool inverted = all.filter[0] == '-';
    FILE *out = NULL;
    regex_t filter;
    size_t matched;

    if (regcomp(&filter, all.filter + inverted, REG_EXTENDED | REG_NOSUB)) {
        (void)fprintf(stderr, "--benchmark_filter=%s: no regular expression\n", all.filter);
        return 0;
    }
    if (all.out && !all.list && !(out = fopen(all.out, "we"))) {
        (void)fprintf(stderr, "%s: cannot be opened\n", all.out);
        regfree(&filter);
        return 0;
    }
    if (!all.list)
        begin(out);
    matched = run_matching(&filter, inverted, out);
    if (!all.list)
        finish(out);
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
