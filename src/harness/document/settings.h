/*
 * How a session is measured: what its subjects have in common, and what each document of it holds.
 */
#ifndef TB_DOCUMENT_SETTINGS_H
#define TB_DOCUMENT_SETTINGS_H

#include <cjson/cJSON.h>
#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "document/metric.h"
#include "stats/shuffle.h"

/* What a comparison asks for, unless it is told otherwise (struct tb_demand). */
#define TB_USUAL_MARGIN 0.02
#define TB_USUAL_ALPHA  0.001

/* How often a value's interval misses, unless looks share that: of the 95 % one. */
#define TB_INTERVAL_ALPHA 0.05

enum { TB_MOST_ROUNDS = 10000, TB_MOST_SAMPLES = 10000000 };

/*
 * The numbers, each as MEMBER(type, name, key in a document, least, most, what a document without
 * it means).
 */
/* clang-format off */
#define TB_SETTINGS(MEMBER)                                                                        \
    MEMBER(size_t, subjects, "subjects", 1, 1e6, 0)          /* of the session; 0: not known */    \
    MEMBER(unsigned, resumed, "resumed", 0, 1e6, 0)          /* how often it was continued */      \
    MEMBER(uint64_t, seed, "seed", 0, TB_SEED_LIMIT - 1, 0)                                        \
    MEMBER(unsigned, rounds, "rounds", 1, TB_MOST_ROUNDS, 0) /* at most */                         \
    /* of alpha, that the last look may spend; 0: there is no look before the end */               \
    MEMBER(double, look_share, "look_alpha_share", 0, 1, 0)                                        \
    /* half an interval's width as a share of its middle; 0: none asked for */                     \
    MEMBER(double, precision, "precision", 0, 1, 0)                                                \
    /* of one interval */                                                                          \
    MEMBER(double, alpha, "interval_alpha", DBL_MIN, TB_INTERVAL_ALPHA, TB_INTERVAL_ALPHA)         \
    MEMBER(double, budget_s, "budget_s", 0, 86400, 0)        /* 0: none */                         \
    MEMBER(double, time_s, "time_s", DBL_MIN, 3600, 0)       /* of the loop of one process */      \
    /* in a process of a subject that knows threadbench; 0: a pilot finds them */                  \
    MEMBER(uint64_t, samples, "samples", 0, TB_MOST_SAMPLES, 0)                                    \
    MEMBER(double, timeout_s, "timeout_s", DBL_MIN, 86400, 0) /* of one process */                 \
    /* within a process of a subject that does not know threadbench */                             \
    MEMBER(unsigned, repetitions, "repetitions", 1, 1000, 1)                                       \
    /* of what is compared: the change that does not matter, and the chance of any false alarm,  \
       at all looks; 0: it is not measured to be compared */                                       \
    MEMBER(double, margin, "margin", 0, 10, TB_USUAL_MARGIN)                                       \
    MEMBER(double, alarm_alpha, "alarm_alpha", 0, 0.5, 0)                                          \
    /* of the pass that counts; 0: there is none */                                                \
    MEMBER(unsigned, count_rounds, "count_rounds", 0, TB_MOST_ROUNDS, 0)
/* clang-format on */

struct tb_settings {
#define TB_DECLARE(type, name, key, least, most, missing) type name;
    TB_SETTINGS(TB_DECLARE)
#undef TB_DECLARE
    bool forced;           /* cases that have changed themselves are compared, too */
    enum tb_metric metric; /* what cases are compared by */
    bool draws;            /* processes draw a lifecycle */
    char session[17];
    struct timespec started;
    char *const *command;          /* ours; borrowed, as are the next two */
    const char *other_run;         /* another threadbench that measured meanwhile; NULL: none */
    const char *other_run_unknown; /* why none would be noticed; NULL: it would */
};

/* Sets a member of `object` for each number. */
void tb_settings_write(const struct tb_settings *settings, cJSON *object);

/* Reads the numbers back; returns the key of the first that is out of its range, or NULL. */
const char *tb_settings_read(struct tb_settings *settings, const cJSON *object);

/*
 * The number of that key, where it is in its range, and whole if it has to be, else `missing`; any
 * other number, or what is none, leaves its key in *wrong, unless an earlier one has.
 */
double tb_settings_take(const cJSON *object, const char *key, bool whole, double least, double most,
                        double missing, const char **wrong);

#endif
