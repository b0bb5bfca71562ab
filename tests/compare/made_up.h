/*
 * Results that are made up, for who compares them: sessions of three cases.
 */
#ifndef TB_TESTS_MADE_UP_H
#define TB_TESTS_MADE_UP_H

#include "compare/conclusion.h"

#include <stdlib.h>

#include "stats/shuffle.h"
#include "util/json.h"

enum { CASES = 3, ROUNDS = 40 };

/* Sources of the three cases: the last one is another version. */
static struct tb_case specs[CASES + 1] = {
    {.name = "one", .primary = "p10", .unit = "ns", .block = 1},
    {.name = "two", .primary = "p10", .unit = "ns", .block = 1},
    {.name = "blocks", .primary = "mean", .unit = "ns", .block = 100},
    {.name = "one", .primary = "p10", .unit = "ns", .block = 1},
};

/* Of no program that is known. */
static const struct tb_subject nobody;

static const struct tb_settings session = {.session = "0123456789abcdef"};
static const struct tb_settings other_session = {.session = "fedcba9876543210"};

/* A session's worth of one subject. */
struct fixture {
    struct tb_result result;
    struct tb_record records[CASES];
};

static inline void fixture_init(struct fixture *fixture, const struct tb_settings *settings)
{
    *fixture = (struct fixture){.result = {.settings = settings, .subject = &nobody}};
    fixture->result.records = fixture->records;
    fixture->result.count = CASES;
    for (size_t i = 0; i < CASES; i++)
        fixture->records[i] = (struct tb_record){.spec = &specs[i], .role = TB_SELECTED};
    for (size_t i = 0; i < CASES; i++)
        (void)tb_names_add(&fixture->result.names, specs[i].name);
}

static inline void fixture_finish(struct fixture *fixture)
{
    for (size_t i = 0; i < CASES; i++) {
        tb_record_finish(&fixture->records[i]);
    }
    tb_names_finish(&fixture->result.names);
}

/* A process whose quantiles are these; 0: it has no such field. */
static inline void add(struct fixture *fixture, size_t item, unsigned round, double p10, double p99)
{
    cJSON *entry = cJSON_CreateObject();
    struct tb_repetition repetition;
    struct tb_bin bins[] = {{p10, 990}, {p99, 10}};
    const struct tb_series series = {.histograms = {{bins, 2, 1000}}};

    tb_json_set_number(entry, "real_time", (99 * p10 + p99) / 100);
    if (p10 > 0)
        tb_json_set_number(entry, "p10", p10);
    if (p99 > 0)
        tb_json_set_number(entry, "p99", p99);
    repetition = tb_repetition_of(&fixture->records[item], entry, NULL,
                                  tb_json_number(entry, "real_time", NAN), true);
    repetition.round = round;
    tb_record_add(&fixture->records[item], &repetition, &series);
    cJSON_Delete(entry);
}

/* Between 0.99 and 1.01, of no order. */
static inline double noise(void)
{
    static uint64_t state = 11;

    return 1 + ((double)tb_random_below(&state, 2001) - 1000) / 1e5;
}

/* All cases in so many rounds. */
static inline void fill_rounds(struct fixture *fixture, const struct tb_settings *settings,
                               double factor, unsigned rounds)
{
    fixture_init(fixture, settings);
    for (unsigned round = 0; round < rounds; round++) {
        for (size_t i = 0; i < CASES; i++) {
            double p10 = 1000 * factor * noise(); /* drawn first, whatever the compiler */

            add(fixture, i, round, p10, 5000 * factor * noise());
        }
    }
}

static inline void fill(struct fixture *fixture, const struct tb_settings *settings, double factor)
{
    fill_rounds(fixture, settings, factor, ROUNDS);
}

static const struct tb_demand usual = {.margin = 0.02, .alpha = 0.01};

static inline struct tb_comparison compare(const struct fixture *old, const struct fixture *new,
                                           const struct tb_demand *demand)
{
    const struct tb_result *a = &old->result, *b = &new->result;

    return tb_compare(&(struct tb_side){&a, 1}, &(struct tb_side){&b, 1}, demand);
}

static inline struct tb_verdict_counts counts_of(struct tb_comparison *comparison)
{
    return tb_verdict_counts(&(struct tb_comparisons){comparison, 1});
}

static inline void finish(struct tb_comparison *comparison, struct fixture *old,
                          struct fixture *new)
{
    tb_comparison_finish(comparison);
    fixture_finish(old);
    fixture_finish(new);
}

#endif
