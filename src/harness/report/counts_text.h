/*
 * What was counted of cases, in words.
 */
#ifndef TB_REPORT_COUNTS_TEXT_H
#define TB_REPORT_COUNTS_TEXT_H

#include "document/counts.h"
#include "report/page.h"

/* "2152"; "~2152" where rounds differ; "-" where nothing was counted. */
struct tb_text tb_count_text(const struct tb_record *record, enum tb_metric metric);

/* What the counts mean and who has counted: "counted: syscalls by strace, ..."; NULL where there
 * are none. The caller's. */
char *tb_count_meaning(const struct tb_result *const *results, size_t count);

/* A sentence for each reason why cases were not counted, without its full stop. It begins with
 * `who`, unless that is NULL. */
void tb_count_each_reason(const struct tb_result *result, const char *who,
                          void (*put)(void *user, const char *sentence), void *user);

/* All of that in lines, with the subjects' labels. */
void tb_count_notes_put(const struct tb_page *page, const struct tb_result *results, size_t count);

#endif
