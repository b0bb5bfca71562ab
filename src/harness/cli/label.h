/*
 * What the subjects of a measurement are called.
 */
#ifndef TB_CLI_LABEL_H
#define TB_CLI_LABEL_H

#include "cli/arm.h"

/* Subjects without a name of their own are a, ..., z, a1, ...; the caller's. */
char *tb_label_usual(size_t index);

/*
 * That no arm before the one at `index`, which was listed, is called as that is: else TB_USAGE. An
 * interpreter that was given without a name is called by its version ("3.12.1"), and a second one
 * of that version has "-2" behind it. `interpreter` is what was given; NULL: it is none.
 */
int tb_label_check(struct tb_arm *arms, size_t index, const char *interpreter,
                   struct tb_error *error);

#endif
