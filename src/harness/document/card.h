/*
 * The cost card: what one thread costs, a row for each label that cases give, pinned to one CPU and
 * left to the scheduler. Pure.
 */
#ifndef TB_DOCUMENT_CARD_H
#define TB_DOCUMENT_CARD_H

#include "document/result.h"

/* A row's case at one placement. What is not known is NaN. */
struct tb_card_case {
    const struct tb_record *record; /* NULL: there is none */
    double value; /* of a whole with phases that of one process, as theirs are: they add up */
    double half;  /* half the width of its interval, where it has one */
    double floor_ratio;
};

struct tb_card_row {
    const char *label;
    struct tb_card_case pinned, released;
};

/* The rows in the order in which cases name them, each with the first case at a placement, without
 * those of which no case had a turn; free(). */
struct tb_card_row *tb_card_rows(const struct tb_result *result, size_t *ret_count);

bool tb_card_is_measured(const struct tb_card_case *placed);

/* The phases that the row is made of, and what one of them costs; NaN where it was not measured. */
size_t tb_card_phases(const struct tb_card_row *row);
const char *tb_card_phase_name(const struct tb_card_row *row, size_t phase);
double tb_card_phase(const struct tb_card_case *placed, size_t phase);

#endif
