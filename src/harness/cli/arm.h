/*
 * What belongs to one subject of a measurement, be it new or continued.
 */
#ifndef TB_CLI_ARM_H
#define TB_CLI_ARM_H

#include "cli/options.h"
#include "document/read.h"

/* Zeroed: nothing. */
struct tb_arm {
    struct tb_subject subject;
    struct tb_document document; /* what is continued */
    struct tb_revision revision; /* that it was built from; none: the measurement's */
    char *output;                /* owned; where its document goes; NULL: nowhere */
};

/* Makes it of a command, of which what is to be built is built. `label` is for one that has none of
 * its own, and may be NULL. */
int tb_arm_init(struct tb_arm *arm, const struct tb_options *options, const char *command,
                const char *label, struct tb_error *error);

/* The same, and asks it for its cases. */
int tb_arm_begin(struct tb_arm *arm, const struct tb_options *options, const char *command,
                 const char *label, struct tb_error *error);

/*
 * Reads the document `path` into arms[index], of `count`; those before it are of the same session.
 */
int tb_arm_read(struct tb_arm *arms, size_t index, size_t count, const char *path,
                struct tb_error *error);

/* Takes a round that not all documents have finished for one that has begun. */
void tb_arms_level(struct tb_arm *arms, size_t count);

/*
 * Makes its subject of the document it has, and runs nothing yet: whoever wrote the document chose
 * the program, which may be run if it is our suite, or --trust is given. That it is what it was is
 * made sure, as far as documents tell. The options' timeout of 0 is the document's.
 */
int tb_arm_check(struct tb_arm *arm, const struct tb_options *options, struct tb_error *error);

/* Runs it for its cases, and takes over the document's results, which go on in `result`. */
int tb_arm_resume(struct tb_arm *arm, struct tb_result *result, struct tb_error *error);

/* What is continued stays the run that it was, in the circumstances in which it began. */
void tb_arm_describe(const struct tb_arm *arm, struct tb_result *result);

void tb_arm_finish(struct tb_arm *arm);

#endif
