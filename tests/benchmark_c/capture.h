/* Runs what is registered and keeps what a reporter is given, for tests to look at. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <benchmark_c.h>

struct captured_counter {
    char name[64];
    double value;
    unsigned flags;
};

struct captured_run {
    struct bm_run run; /* numbers only: its pointers are dead */
    char name[128];
    char function_name[64];
    char args[64];
    char min_time[64];
    char min_warmup_time[64];
    char iterations_name[64];
    char repetitions_name[64];
    char time_type[64];
    char threads_name[64];
    char aggregate_name[32];
    char message[256];
    char label[64];
    struct captured_counter counters[8];
    size_t counter_count;
};

struct capture {
    size_t matched;
    int contexts;
    int finalized;
    struct captured_run runs[64];
    size_t count;
};

/* cmocka setup: no benchmarks, no failures, all match. */
int fresh(void **state);

/* Runs what matches. The result is valid until the next call. */
const struct capture *run_all(void);

/* The one run there is; fails the test if there is another number. */
const struct captured_run *run_one(void);

/* A body that only loops. */
void loop_only(struct bm_state *state, void *user);

/* Registers `loop_only` as "subject", one iteration. */
struct bm_benchmark *subject(void);

/* The same with another body. */
struct bm_benchmark *subject_of(bm_function *body, void *user);

/* Registers `body`, runs it and checks that its only entry is an error with this message. */
void assert_body_fails(bm_function *body, const char *message);

/* The counter of that name; fails the test if there is none. */
const struct captured_counter *counter_named(const struct captured_run *run, const char *name);

#endif
