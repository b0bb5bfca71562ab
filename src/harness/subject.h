/*
 * A subject: a command that starts a Google Benchmark program, and what it says of itself.
 */
#ifndef TB_HARNESS_SUBJECT_H
#define TB_HARNESS_SUBJECT_H

#include "detail.h"
#include "error.h"

struct tb_subject {
    char *label;  /* owned; what it is called beside others */
    char **words; /* owned, for tb_words_free() */
    double deadline_s;
    struct tb_catalogue catalogue;
    cJSON *files; /* of those of its words that are files, as docs/result.md has them; or NULL */
};

/*
 * Takes a command in one word: "[LABEL:] [NAME=VALUE...] COMMAND [ARGUMENT...]", in which a word
 * that is @suite, as is all of it for NULL, stands for the suite that belongs to this program.
 * `label` is for one that has none of its own. From then on signals are caught. On failure nothing
 * is left to finish.
 */
int tb_subject_init(struct tb_subject *subject, const char *command, const char *label,
                    double deadline_s, struct tb_error *error);

/* The same from words as tb_subject_init() has left them, and a label. */
int tb_subject_again(struct tb_subject *subject, char *const *words, const char *label,
                     double deadline_s, struct tb_error *error);

/*
 * The command that hosts the suite in an interpreter given as "PATH" or "LABEL: PATH"; the label is
 * else the path's last part, with _ for what a label cannot have. The caller's to free.
 */
char *tb_subject_python(const char *python);

void tb_subject_finish(struct tb_subject *subject);

/* The word that names the program, after what 'env' is told. */
const char *tb_subject_program(const struct tb_subject *subject);

/* Asks it what it can measure, and notes what its files are. */
int tb_subject_list(struct tb_subject *subject, struct tb_error *error);

/*
 * Makes the scratch folder of the next worker. It is new for each, as one may do with it what it
 * likes, and goes with the next one, or when the program exits.
 */
int tb_subject_renew(struct tb_error *error);

/* No subject runs any more: the scratch folder goes now, and not at the program's end. */
void tb_subject_end(void);

/* A file in the scratch folder; the caller's. */
char *tb_subject_path(const char *name);

#endif
