/* A series in a process of its own, for a case that wants another start of the program: with a
 * module preloaded, as static TLS is laid out when a program starts and cannot grow after that;
 * with the C library tuned; or before any thread was made.
 *
 * The program starts itself again with the one case selected; the series comes back through an
 * anonymous file that both have open. A process of one case becomes that program itself: another
 * one beside it would cost half as much again. */
#ifndef TB_SUITE_RESPAWN_H
#define TB_SUITE_RESPAWN_H

#include "engine.h"

/* The variables that program.h explains. */
#define TB_SAMPLES_VARIABLE "THREADBENCH_SAMPLES"
#define TB_SIDECAR_VARIABLE "THREADBENCH_SIDECAR"
#define TB_TRACE_VARIABLE   "THREADBENCH_TRACE"
#define TB_COUNTED_VARIABLE "THREADBENCH_COUNTED"

/* Whether this process cannot take the case's samples, and tb_respawn should. */
bool tb_respawn_wanted(const struct tb_bench_case *c);

/* Whether it can, as far as its start goes: what was to be preloaded is there. */
bool tb_respawn_is_ready(const struct tb_bench_case *c);

/* Starts the program again with all its words, in this process: for one that has one case, has made
 * no thread and has written nothing. Returns 0 where that is left to tb_respawn, which has the
 * reason; an errno value where nothing can be measured any more. */
int tb_respawn_in_place(const struct tb_bench_case *c);

/* Parent: takes `samples` samples of the case in a new process. The engine is as after
 * tb_engine_measure and tb_engine_close, with that process's status; TB_FAIL with a reason where
 * it could not be started, or ended without handing over a series. */
enum tb_status tb_respawn(struct tb_engine *engine, const struct tb_bench_case *c, size_t samples);

/* Child: hands the series over. In any other process it does nothing. */
void tb_respawn_hand_over(const struct tb_engine *engine);

#endif
