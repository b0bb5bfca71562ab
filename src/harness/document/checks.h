/*
 * What of a machine, a program and this moment disturbs the numbers, and what to do about it. Pure.
 */
#ifndef TB_DOCUMENT_CHECKS_H
#define TB_DOCUMENT_CHECKS_H

#include <cjson/cJSON.h>

#include "document/metric.h"

/*
 * Judges the context of a document (docs/reference/result.md). Returns an array, the caller's, of
 * findings, warnings first: {id, severity, text, advice}. A "warning" makes numbers wrong, unsteady
 * or unlike those of other machines; a "note" explains them. What the context does not tell is no
 * finding.
 */
cJSON *tb_checks(const cJSON *context);

/* The same of what was seen of a subject (struct tb_subject): what its processes wrote on stderr,
 * and what was set without effect. The label, which may be NULL, begins each text. */
cJSON *tb_subject_checks(const char *label, const cJSON *seen);

/* Adds a note to the findings: nothing counts that metric here, and why. */
void tb_checks_add_uncounted(cJSON *findings, enum tb_metric metric, const char *why);

#endif
