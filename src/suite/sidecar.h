/* The sidecar: what Google Benchmark's own JSON has no room for. It is written where the
 * environment variable THREADBENCH_SIDECAR says, when the program ends; a reader can do without it.
 *
 * It names the cases (one alone, if a filter asks for it by its full name) with their axes and
 * documentation, the clock, and each case's distribution as a histogram for each placement of the
 * child. That of one case which gave a series has the series alone: who starts a process for each
 * series has asked before what there is. */
#ifndef TB_SUITE_SIDECAR_H
#define TB_SUITE_SIDECAR_H

#include "engine.h"

struct tb_suite_sidecar;

/* `about`: a JSON object whose members are added, or NULL. All stay the caller's, and have to stay
 * as they are. NULL: out of memory. */
struct tb_suite_sidecar *tb_suite_sidecar_create(const struct tb_bench_case *cases, size_t count,
                                                 const char *about);
void tb_suite_sidecar_destroy(struct tb_suite_sidecar *sidecar);

/* Keeps the series of a case; an earlier one of the same case gives way. 0 or ENOMEM. */
int tb_suite_sidecar_add(struct tb_suite_sidecar *sidecar, const struct tb_engine *engine);

/* Replaces the file at `path`. 0 or an errno value. */
int tb_suite_sidecar_write(const struct tb_suite_sidecar *sidecar, const char *path);

#endif
