/*
 * What stands between this program and the suite: shells, sudo, ssh. What a launcher loses on the
 * way is found out, and said with what to do.
 */
#ifndef TB_RUN_LAUNCHER_H
#define TB_RUN_LAUNCHER_H

#include "run/job.h"
#include "util/error.h"

/*
 * TB_USAGE where a shell among the words runs a script ("sh -c SCRIPT") that does not pass on the
 * flags that are added to the words; `command` is what was given, for the sentence.
 */
int tb_launcher_check(const char *command, char *const *words, struct tb_error *error);

/* Whether it was a suite of ours that ended so, asked for no case, although it has left no sidecar:
 * then the variables that name it have not come through. */
bool tb_launcher_is_lost(const struct tb_ending *ending);

/* What to do about that: the second half of a sentence. */
extern const char tb_launcher_advice[];

/* What to do where it ended at once, and nothing came of it but processes that it left: likewise.
 */
extern const char tb_launcher_parted[];

/* The same where a process of that stderr could not write into its scratch folder; else "". */
const char *tb_launcher_hint(const struct tb_ending *ending);

#endif
