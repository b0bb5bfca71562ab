/* One lifecycle as a picture: a trace of parent and child in the Trace Event Format, which Perfetto
 * and Chrome open. It is written where the environment variable THREADBENCH_TRACE says, after a
 * series of a benchmark whose child has taken the stamps at both ends of a phase.
 *
 * It shows one sample of the series: of those whose phases follow each other, as a child may begin
 * before the creating call has returned, the nearest to the median of all. A mean would be a life
 * that no thread has led. */
#ifndef TB_SUITE_TRACE_H
#define TB_SUITE_TRACE_H

#include "engine.h"

/* Replaces the file at `path` by a whole one, if the series can be drawn; else, and on failure, it
 * stays as it is. Names go into it as they are: those of benchmarks, phases, axes and runtimes are
 * literals of the program's own, of which none needs an escape in JSON. 0, also where nothing is
 * drawn, or an errno value. */
int tb_trace_write(const struct tb_engine *engine, const char *path);

#endif
