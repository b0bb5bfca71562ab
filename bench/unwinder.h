/* The compiler's library by which glibc unwinds the frames of a thread that is cancelled or calls
 * pthread_exit. It loads it for the first of them in a process. */
#ifndef TB_BENCH_UNWINDER_H
#define TB_BENCH_UNWINDER_H

#include <threadbench/bench.h>
#include <threadbench/proc.h>

static const char unwinder[] = "libgcc_s.so.1";

/* Notes whether something else had loaded it before. The loader is not asked: it would not be cold
 * any more when it is wanted. */
static inline void note_unwinder(struct tb_run *run)
{
    tb_note(run, "libgcc_s %sloaded before", tb_proc_has_mapped(unwinder) ? "" : "not ");
}

#endif
