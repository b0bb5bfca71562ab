/* The lifecycle that is drawn: which one, and whether there is any. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "trace.h"

enum { SAMPLES = 3, PHASES = 4 };

static const struct tb_bench bench = {.phases = {"call", "start", "run", "join"}};
static const struct tb_bench_case drawn = {.name = "life/phases", .bench = &bench};

/* Samples of 1000, 1300 and 1100 ns, of which the last is the median, and its child early: it began
 * before the call had returned. */
static const int64_t phases_ns[PHASES][SAMPLES] = {
    {400, 500, 600}, {100, 200, -100}, {50, 60, 70}, {450, 540, 530}};

static struct tb_engine engine_of(bool by_child)
{
    struct tb_engine engine = {.running = &drawn, .run = {.bench = &bench}};

    assert_int_equal(tb_samples_init(&engine.series, SAMPLES, PHASES), 0);
    for (size_t i = 0; i < SAMPLES; i++) {
        int64_t ns = 0;

        for (size_t k = 0; k < PHASES; k++)
            ns += engine.series.phases[k][i] = phases_ns[k][i];
        engine.series.samples[engine.series.count++] = (struct tb_sample){ns, 0, 1};
    }
    engine.by_child[1] = engine.by_child[2] = by_child;
    return engine;
}

/* What is written, which the caller frees; NULL: nothing is. */
static char *trace_of(const struct tb_engine *engine)
{
    char path[] = "/tmp/test-trace-XXXXXX", *text = NULL;
    int fd = mkstemp(path);
    FILE *file;

    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(tb_trace_write(engine, path), 0);
    file = fopen(path, "re");
    if (!file)
        return NULL;
    text = calloc(1, 1 << 16);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(unlink(path), 0);
    return text;
}

static void test_the_nearest_in_order_is_drawn(void **state)
{
    struct tb_engine engine = engine_of(true);
    char *text = trace_of(&engine);

    (void)state;
    assert_non_null(text);
    assert_non_null(strstr(text, "\"sample_ns\":1000,\"median_ns\":1100,\"samples\":3,"
                                 "\"samples_in_order\":2}"));
    assert_non_null(strstr(text, "\"ts\":0.000,\"name\":\"life/phases\",\"cat\":\"lifecycle\","
                                 "\"dur\":1.000}"));
    assert_non_null(strstr(text, "\"tid\":2,\"ts\":0.500,\"name\":\"run\",\"cat\":\"lifecycle\","
                                 "\"dur\":0.050}"));
    assert_non_null(strstr(text, "child, CPU 1"));
    free(text);
    tb_samples_finish(&engine.series);
}

static void test_what_has_no_phase_of_a_child_is_not_drawn(void **state)
{
    struct tb_engine engine = engine_of(false);

    (void)state;
    assert_null(trace_of(&engine));
    tb_samples_finish(&engine.series);
}

static void test_without_any_in_order_nothing_is_drawn(void **state)
{
    struct tb_engine engine = engine_of(true);

    (void)state;
    for (size_t i = 0; i < SAMPLES; i++)
        engine.series.phases[1][i] = -1;
    assert_null(trace_of(&engine));
    tb_samples_finish(&engine.series);
}

static void test_a_place_that_is_not_there_is_an_error(void **state)
{
    struct tb_engine engine = engine_of(true);

    (void)state;
    assert_int_not_equal(tb_trace_write(&engine, "/proc/trace.json"), 0);
    tb_samples_finish(&engine.series);
}

/* One that is there stays whole, and nothing is left beside it. */
static void test_what_cannot_be_written_leaves_the_older_one(void **state)
{
    struct tb_engine engine = engine_of(true);
    char folder[] = "/tmp/test-trace-XXXXXX", path[64], text[8] = "";
    struct rlimit old, small;
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/life.json", folder); /* fits */
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("older", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){100, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_not_equal(tb_trace_write(&engine, path), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, file), 5);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "older");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    tb_samples_finish(&engine.series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_in_order_is_drawn),
        cmocka_unit_test(test_what_has_no_phase_of_a_child_is_not_drawn),
        cmocka_unit_test(test_without_any_in_order_nothing_is_drawn),
        cmocka_unit_test(test_a_place_that_is_not_there_is_an_error),
        cmocka_unit_test(test_what_cannot_be_written_leaves_the_older_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
