/*
 * A result as a table for a reader, and its cost card.
 */
#ifndef TB_HARNESS_TABLE_H
#define TB_HARNESS_TABLE_H

#include "plan.h"
#include "result.h"
#include "text.h"

/*
 * The circumstances, a row for each selected case of each of a session's results, and the reason
 * where there is no figure.
 */
void tb_table_put(const struct tb_page *page, const struct tb_result *results, size_t count);

/* A line that says what a subject's label stands for. */
void tb_subject_put(const struct tb_page *page, const struct tb_subject *subject);

/*
 * What one thread costs here: the cases that name a row of the card, pinned to one CPU and free,
 * each also as a multiple of its floor; below, what explains the phases of a case whose subject
 * says so. Nothing where no measured case names one.
 */
void tb_card_put(const struct tb_page *page, const struct tb_result *result);

/* A line for each axis along which a cost was measured at three values or more: how it grows. */
void tb_growth_put(const struct tb_page *page, const struct tb_result *result);

/* What a subject can measure, of its cases the selected ones. */
void tb_listing_put(const struct tb_page *page, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles);

/*
 * Writes each of tb_doctor()'s findings, which the context of a document has as its "warnings".
 * `whole`: notes too, and the advice; else a line for each warning.
 */
void tb_findings_put(const struct tb_page *page, const cJSON *findings, bool whole);

/* Whether a warning is among them. */
bool tb_findings_warn(const cJSON *findings);

#endif
