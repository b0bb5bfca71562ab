/*
 * What the doctor found, for a reader.
 */
#ifndef TB_HARNESS_FINDINGS_H
#define TB_HARNESS_FINDINGS_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "text.h"

/*
 * Writes each of tb_doctor()'s findings, which the context of a document has as its "warnings".
 * `whole`: notes too, and the advice; else a line for each warning.
 */
void tb_findings_put(const struct tb_page *page, const cJSON *findings, bool whole);

/* Whether a warning is among them. */
bool tb_findings_warn(const cJSON *findings);

#endif
