/*
 * The commands. Each takes the words of the whole command line; returns 0, or a code with a
 * sentence in `error`, or a code whose reason has been shown already and an empty sentence.
 */
#ifndef TB_HARNESS_COMMAND_H
#define TB_HARNESS_COMMAND_H

#include "error.h"

int tb_command_archive(int argc, char **argv, struct tb_error *error);
int tb_command_list(int argc, char **argv, struct tb_error *error);

int tb_command_doctor(int argc, char **argv, struct tb_error *error);

/* Also returns 128 + the number of the signal that interrupted it. */
int tb_command_run(int argc, char **argv, struct tb_error *error);

/* Both also return TB_REGRESSION and TB_INCONCLUSIVE, or with --bisect git's codes. */
int tb_command_compare(int argc, char **argv, struct tb_error *error);
int tb_command_ab(int argc, char **argv, struct tb_error *error);

#endif
