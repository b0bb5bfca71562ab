/*
 * From which length of task on a thread made for it costs no more than an alternative. Pure.
 */
#ifndef TB_DOCUMENT_BREAK_EVEN_H
#define TB_DOCUMENT_BREAK_EVEN_H

#include "document/result.h"

/*
 * A list as docs/reference/result.md describes it, the caller's: an object for each selected case
 * of tasks of length 0 that its subject sets against a thread's, where that was measured. What a
 * task costs besides its work does not depend on its length; so these tasks alone give the length
 * at which a thread is dearer by a margin, (thread - alternative) / margin - alternative, in each
 * round. The lengths that were measured, too, are the check of that.
 */
cJSON *tb_break_even(const struct tb_result *result);

#endif
