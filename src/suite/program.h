/* The suite as a Google Benchmark program. All of that library's flags work; what it reports beyond
 * them is asked for through the environment, so that a program that drives any Google
 * Benchmark program can set it blindly:
 *
 *     THREADBENCH_SAMPLES=N     an iteration takes a series of N samples and reports their mean
 *     THREADBENCH_SIDECAR=PATH   write the sidecar (sidecar.h) there
 *     THREADBENCH_TRACE=PATH     draw a lifecycle (trace.h) there
 *     THREADBENCH_COUNTED=1      report no statistics, which take instructions
 *
 * Its cases are those of tb_families and tb_runtimes, which whoever links it in provides. */
#ifndef TB_SUITE_PROGRAM_H
#define TB_SUITE_PROGRAM_H

/* To be called once in a process. Returns its exit status: 0, 1 where a case failed or none was
 * found, 2 for a wrong command line or environment. `about` is a JSON object whose members the
 * sidecar gets besides, or NULL: a description of the host of the suite. */
int tb_program(int argc, char **argv, const char *about);

#endif
