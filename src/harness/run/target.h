/*
 * Makes a subject of what stands on the command line, and asks it what it can measure.
 */
#ifndef TB_RUN_TARGET_H
#define TB_RUN_TARGET_H

#include <stdbool.h>

#include "document/subject.h"
#include "util/error.h"

/*
 * Reads a command line, "[LABEL:] [NAME=VALUE...] COMMAND [ARGUMENT...]", split as by
 * tb_split():
 *
 *     "patched: LD_PRELOAD=./lib.so ./bench --threads 4"
 *
 * A word @suite is the suite that belongs to this program, which is also the command for NULL, and
 * @musl is the one of musl.
 * `label` is for a command without one, and may be NULL. From then on signals are caught
 * (tb_signals_catch()). On failure nothing is left to finish.
 */
int tb_target_init(struct tb_subject *subject, const char *command, const char *label,
                   double timeout_s, struct tb_error *error);

/* The same from the words and the label that a subject of tb_target_init() has. */
int tb_target_again(struct tb_subject *subject, char *const *words, const char *label,
                    double timeout_s, struct tb_error *error);

/*
 * The command that runs the suite within a Python interpreter, which is given as "PATH" or
 * "LABEL: PATH"; the caller's to free. Without a label it has that of the path's last part, with _
 * for what a label cannot have. TB_USAGE without a path.
 */
int tb_target_python(const char *python, char **ret_command, struct tb_error *error);
bool tb_target_is_labelled(const char *python);

/* Calls an interpreter that was listed by its version: "3.12.1", "3.13.0t" if it is
 * free-threaded. */
void tb_target_relabel(struct tb_subject *subject);

/* Whether the words are those of the suite that belongs to this program, and nothing else. */
bool tb_target_is_suite(char *const *words);

/* Notes size and checksum of the files that its words name. Runs nothing. */
void tb_target_read_files(struct tb_subject *subject);

/* Runs it once for its catalogue, and notes its files where that was not done. An interruption is
 * 128 + the signal. */
int tb_target_list(struct tb_subject *subject, struct tb_error *error);

/* Whether its program is a file that can be found, in the PATH or at its path. */
bool tb_target_is_there(const struct tb_subject *subject);

#endif
