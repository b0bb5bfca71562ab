/*
 * What runs the commands, as struct tb_command says.
 */
#ifndef TB_CLI_COMMAND_H
#define TB_CLI_COMMAND_H

#include "cli/measure.h"

int tb_command_list(struct tb_options *options, struct tb_error *error);
int tb_command_doctor(struct tb_options *options, struct tb_error *error);

/* Also returns 128 + the number of the signal that interrupted it. */
int tb_command_run(struct tb_options *options, struct tb_error *error);

/* Both also return TB_EXIT_REGRESSION and TB_EXIT_INCONCLUSIVE, or with --bisect git's codes. */
int tb_command_compare(struct tb_options *options, struct tb_error *error);
int tb_command_ab(struct tb_options *options, struct tb_error *error);

/*
 * What ab measures by the options, whose missing settings it fills in: for who asks what such a
 * gate can find. Its `user` is a struct tb_comparisons, which the other function, its `look`,
 * fills with what was measured so far.
 */
struct tb_measurement tb_ab_measurement(struct tb_options *options);
void tb_ab_compare(struct tb_measurement *run);

/* Fails only where documents cannot be shown: what they show is no error. */
int tb_command_show(struct tb_options *options, struct tb_error *error);
/* Writes a page of HTML. */
int tb_command_report(struct tb_options *options, struct tb_error *error);
int tb_command_history(struct tb_options *options, struct tb_error *error);

int tb_command_archive_list(struct tb_options *options, struct tb_error *error);
int tb_command_archive_verify(struct tb_options *options, struct tb_error *error);
int tb_command_archive_add(struct tb_options *options, struct tb_error *error);
int tb_command_archive_export(struct tb_options *options, struct tb_error *error);

#endif
