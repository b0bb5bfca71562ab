/*
 * A subject: a command that starts a Google Benchmark program, and what it says of itself.
 */
#ifndef TB_HARNESS_SUBJECT_H
#define TB_HARNESS_SUBJECT_H

#include "detail.h"
#include "error.h"

struct tb_subject {
    char **words;  /* owned as one block; ends with NULL */
    char *scratch; /* owned; the folder of its result files, removed at the end */
    double deadline_s;
    struct tb_catalogue catalogue;
};

/*
 * Takes a command in one word, or NULL for the suite that belongs to this program, and makes the
 * scratch folder. On failure nothing is left to finish.
 */
int tb_subject_init(struct tb_subject *subject, const char *command, double deadline_s,
                    struct tb_error *error);
void tb_subject_finish(struct tb_subject *subject);

/* Asks it what it can measure. */
int tb_subject_list(struct tb_subject *subject, struct tb_error *error);

/* A file in the scratch folder; the caller's. */
char *tb_subject_path(const struct tb_subject *subject, const char *name);

#endif
