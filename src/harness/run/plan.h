/*
 * What is measured: which cases and why, which of them run next to each other, and with how many
 * samples. Pure.
 */
#ifndef TB_RUN_PLAN_H
#define TB_RUN_PLAN_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "document/catalog.h"

enum tb_set {
    TB_SET_DEFAULT, /* core where no filter is given and the subject marks one, else full */
    TB_SET_CORE,
    TB_SET_STANDARD,
    TB_SET_FULL,
    TB_SET_ALTERNATIVES, /* which needs no companions: nothing in it is a multiple of a floor */
};

struct tb_choice {
    const regex_t *filter; /* on clean names; NULL takes all */
    enum tb_set set;
    bool alone; /* without floors, overhead, parts and what is for the card */
    bool own;   /* of no runtime: what is alike in all interpreters is left out */
};

/* Fills the role of each case of the catalogue; returns how many are selected. */
size_t tb_plan_select(const struct tb_catalogue *catalogue, const struct tb_choice *choice,
                      enum tb_role *ret_roles);

/* A case in a session: in a round each subject that has it gets a process. */
struct tb_row {
    const struct tb_case *spec; /* as the first subject that has it says */
    struct tb_record **records; /* of each subject; NULL where it does not have the case */
    size_t group;               /* the place of one of its cases: they run undivided */
    unsigned stride;            /* it runs in every so many-th round */
    bool selected;              /* it was asked for, by some subject's choice */
    bool fits;                  /* the budget holds it */
    bool open;                  /* it has a further round */
    double round_s; /* what a round of it takes: as planned, then the last; INFINITY: no pilot
                       came to its end */
    double least_s; /* what it takes in any case, then; 0: not known */
    double spent_s; /* what its rounds took in this session, so many of them */
    unsigned turns;
};

/*
 * Fills the groups: a case and its floor, where that is among the rows, have the same one, and so
 * have all cases of one floor and the floor of a floor; likewise a thread's case and those that are
 * set against it. Groups run undivided, so that a ratio is one of neighbours: the machine was the
 * same for both.
 */
void tb_plan_groups(struct tb_row *rows, size_t count);

/*
 * Fills which of the open rows are in a round that is to take `most_s` at most: the dearest are
 * left out first, and those that accompany selected ones before these. Returns what that round
 * takes.
 */
double tb_plan_fit(struct tb_row *rows, size_t count, double most_s);

/* What so many rounds take, "3.6 s: 18 x 0.2 s", or at least take, or that there was no time to
 * find that out; the caller's. */
char *tb_plan_cost(const struct tb_row *row, unsigned rounds);

/*
 * Which of `count` subjects has the given place, from 0, in a round, from 0. In 2 × `count` rounds
 * each has each place twice; two subjects go AB BA BA AB.
 */
size_t tb_plan_turn(unsigned round, size_t place, size_t count);

/*
 * Fills the strides of open rows, by what a round of them takes (0: not known yet). What is worth
 * most for its time is to measure each in inverse proportion to the square root of what it costs
 * (Neyman's allocation), here by groups and against the middle group. Some stride is 1.
 */
void tb_plan_strides(struct tb_row *rows, size_t count);

/*
 * Samples of the next pilot, an unrecorded process that finds what an operation takes: of the first
 * for NaN; else of a second one, or 0 where the first was enough.
 */
uint64_t tb_plan_pilot(const struct tb_case *item, double operation_ns);

/*
 * Samples that take about `time_ns` where one, set-up included, takes `operation_ns`; NaN counts as
 * very long. There are at least so many that ten lie beyond the quantile that is the case's primary
 * statistic, and at most 200,000, or as many as the case allows.
 */
uint64_t tb_plan_samples(const struct tb_case *item, double time_ns, double operation_ns);

#endif
