/* Benchmarks that are Python source. sample() is a generator that makes ready, yields the call that
 * is timed, gets its result, and cleans up. The call is made from C, so that a sample is the
 * operation and one call of it, and no timing in Python code. finish(), where there is one, ends
 * what the source has made for all samples.
 *
 * The source finds `threading`, `time` and `partial`. `noop` is a function in C that does nothing:
 * what a thread runs costs nothing. `alive` and `stack` are the axes' values. A LookupError says
 * that the interpreter does not have what the benchmark is about: its text is the reason for which
 * the case is skipped. */
#ifndef TB_PYTHON_SCRIPT_H
#define TB_PYTHON_SCRIPT_H

#include <threadbench/bench.h>

#include "api.h"

/* A body: a sample is the time that the call takes. */
enum tb_status tb_python_time(struct tb_run *run, const char *source);

/* A body: a sample is the number that the call returns. `methods` are functions in C for the
 * source, ended by one without a name. */
enum tb_status tb_python_ask(struct tb_run *run, const char *source, struct tb_method *methods);

/* The teardown of both: nothing of one series is left for the next. */
void tb_python_forget(struct tb_run *run);

#define TB_SCRIPT(id, source)                                                                      \
    static enum tb_status id(struct tb_run *run)                                                   \
    {                                                                                              \
        return tb_python_time(run, source);                                                        \
    }

/* What benchmarks of a script have in common: on one CPU, or on any. */
#define TB_SCRIPTED .threadless = true, .statistic = "p10", .teardown = tb_python_forget
#define TB_UNPLACED TB_SCRIPTED, .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)}

#endif
