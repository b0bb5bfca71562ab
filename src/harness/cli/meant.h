/*
 * What was probably meant by a subject that is no program, and by a filter that matches nothing.
 */
#ifndef TB_CLI_MEANT_H
#define TB_CLI_MEANT_H

#include "cli/options.h"
#include "document/subject.h"

/* What to do about a subject whose program is not there: "did you mean -f '^create/call'?". The
 * suite may be asked for its cases, and git for a revision. The caller's; NULL: nothing is known.
 */
char *tb_subject_meant(const struct tb_options *options, const struct tb_subject *subject);

/* What to do where the filter and the set match none of these names: it names the filter that was
 * probably meant, or the set where that leaves out what the filter matches, or is a copy of
 * `otherwise`. The caller's. */
char *tb_filter_meant(const struct tb_options *options, const char *const *names, size_t count,
                      const char *otherwise);

/* "'threadbench list ./my-benchmark' shows all", of an operand, or the interpreter that it stands
 * for; both may be NULL. The caller's. */
char *tb_list_advice(const char *operand, const char *python);

#endif
