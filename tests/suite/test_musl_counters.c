/* What stands in for Google Benchmark with musl writes each counter, or fails the case. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <benchmark_c.h>

static char path[] = "/tmp/threadbench-counters-XXXXXX", text[1 << 16];

/* As many as `user` points to. */
static void count(struct bm_state *state, void *user)
{
    char name[8];

    BM_LOOP(state)
    {
    }
    bm_set_iteration_time(state, 1);
    for (int i = 0; i < *(int *)user; i++) {
        (void)snprintf(name, sizeof(name), "c%d", i % 1000);
        bm_set_counter(state, name, i, BM_COUNTER_DEFAULTS);
    }
}

/* One of which the name is `user`. */
static void name_it(struct bm_state *state, void *user)
{
    BM_LOOP(state)
    {
    }
    bm_set_iteration_time(state, 1);
    bm_set_counter(state, user, 1, BM_COUNTER_DEFAULTS);
}

static void count_nothing(struct bm_state *state, void *user)
{
    BM_LOOP(state)
    {
    }
    bm_set_iteration_time(state, 1);
    bm_set_counter(state, user, NAN, BM_COUNTER_DEFAULTS);
}

static bool is_written(const char *part)
{
    return strstr(text, part) != NULL;
}

/* Whether the entry of that name has an error. */
static bool failed(const char *name)
{
    const char *entry = strstr(text, name), *error;

    assert_non_null(entry);
    error = strstr(entry, "error_occurred");
    return error && error < strchr(entry, '}');
}

static void run_all(void)
{
    char name[] = "test", once[] = "--benchmark_min_time=1x", out[64];
    char *words[] = {name, out, once, NULL};
    int fd = mkstemp(path), count_of_words = 3;
    ssize_t length;

    assert_true(fd >= 0);
    (void)snprintf(out, sizeof(out), "--benchmark_out=%s", path);
    bm_initialize(&count_of_words, words);
    assert_int_equal(bm_run_specified(), 5);
    length = read(fd, text, sizeof(text) - 1);
    assert_true(length > 0 && length < (ssize_t)sizeof(text) - 1);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
}

static void test_a_counter_is_written_or_the_case_fails(void **state)
{
    char fits[64], too_long[65];
    int all = 96, too_many = 97;

    (void)state;
    (void)memset(too_long, 'x', 64);
    too_long[64] = '\0';
    (void)snprintf(fits, sizeof(fits), "%.63s", too_long);
    assert_non_null(bm_register("all", count, &all));
    assert_non_null(bm_register("too-many", count, &too_many));
    assert_non_null(bm_register("fits", name_it, fits));
    assert_non_null(bm_register("too-long", name_it, too_long));
    assert_non_null(bm_register("no-number", count_nothing, fits));
    run_all();
    assert_true(is_written("\"c95\":95") && is_written("\"xxx"));
    assert_false(failed("\"all/") || failed("\"fits/"));
    assert_true(failed("\"too-many/") && failed("\"too-long/") && failed("\"no-number/"));
    bm_shutdown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_counter_is_written_or_the_case_fails),
    };

    return cmocka_run_group_tests_name("musl counters", tests, NULL, NULL);
}
