/*
 * A result as a table for a reader.
 */
#ifndef TB_REPORT_RESULT_TABLE_H
#define TB_REPORT_RESULT_TABLE_H

#include "document/result.h"
#include "report/page.h"

/*
 * The circumstances, a row for each selected case of each of a session's results, and the reason
 * where there is no figure.
 */
void tb_result_table_put(const struct tb_page *page, const struct tb_result *results, size_t count);

/* A line for each subject's label that says what it stands for; and where C library, loader or what
 * is preloaded differ, one for each that says what it loads. */
void tb_subjects_put(const struct tb_page *page, const struct tb_result *results, size_t count);

/* The second kind of these lines. */
void tb_loaded_put(const struct tb_page *page, const char *name, const cJSON *loaded);

/* A line for each warning about a subject (tb_subject_checks()). */
void tb_subject_warnings_put(const struct tb_page *page, const struct tb_subject *subject);

/*
 * Writes each of tb_checks()'s findings, which the context of a document has as its "warnings".
 * `whole`: notes too, and the advice; else a line for each warning.
 */
void tb_findings_put(const struct tb_page *page, const cJSON *findings, bool whole);

/* Whether a warning is among them. */
bool tb_findings_warn(const cJSON *findings);

#endif
