/*
 * A subject on this machine: what its words stand for, and what it can measure.
 */
#ifndef TB_RUN_TARGET_H
#define TB_RUN_TARGET_H

#include "document/subject.h"
#include "util/error.h"

/*
 * Takes a command in one word: "[LABEL:] [NAME=VALUE...] COMMAND [ARGUMENT...]", in which a word
 * that is @suite, as is all of it for NULL, stands for the suite that belongs to this program.
 * `label` is for one that has none of its own. From then on signals are caught. On failure nothing
 * is left to finish.
 */
int tb_target_init(struct tb_subject *subject, const char *command, const char *label,
                   double timeout_s, struct tb_error *error);

/* The same from words as tb_target_init() has left them, and a label. */
int tb_target_again(struct tb_subject *subject, char *const *words, const char *label,
                    double timeout_s, struct tb_error *error);

/*
 * The command that hosts the suite in an interpreter given as "PATH" or "LABEL: PATH"; the label is
 * else the path's last part, with _ for what a label cannot have. The caller's to free.
 */
char *tb_target_python(const char *python);

/* Asks it what it can measure, and notes what its files are. */
int tb_target_list(struct tb_subject *subject, struct tb_error *error);

#endif
