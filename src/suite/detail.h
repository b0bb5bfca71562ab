/* The detail file: what Google Benchmark's own JSON has no room for. It is written where the
 * environment variable THREADBENCH_DETAIL says, when the program ends; a reader can do without it.
 *
 * It names the cases with their axes and documentation, the clock, and each case's distribution as
 * a histogram for each placement of the child. docs/suite.md shows one. */
#ifndef TB_SUITE_DETAIL_H
#define TB_SUITE_DETAIL_H

#include "engine.h"

struct tb_detail;

/* `about`: a JSON object whose members are added, or NULL. NULL: out of memory. */
struct tb_detail *tb_detail_create(const struct tb_case *cases, size_t count, const char *about);
void tb_detail_destroy(struct tb_detail *detail);

/* Keeps the series of a case; an earlier one of the same case gives way. 0 or ENOMEM. */
int tb_detail_add(struct tb_detail *detail, const struct tb_engine *engine);

/* Replaces the file at `path`. 0 or an errno value. */
int tb_detail_write(const struct tb_detail *detail, const char *path);

#endif
