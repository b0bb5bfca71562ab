/*
 * What a reader has to know before the figures: which machine, which subjects, what disturbed them.
 */
#ifndef TB_REPORT_CIRCUMSTANCES_H
#define TB_REPORT_CIRCUMSTANCES_H

#include "document/result.h"
#include "report/page.h"

/* All of it, of a session's results: host, revision, subjects, rounds and seed, overhead, warnings.
 */
void tb_circumstances_put(const struct tb_page *page, const struct tb_result *results,
                          size_t count);

/* "alpha, Xeon, 2 CPUs, virtual machine": a result's host as far as it is known; the caller's. */
char *tb_host_text(const cJSON *host);

/* Of that "Xeon, 2 CPUs"; NULL where neither is known. */
char *tb_processor_text(const cJSON *host);

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
