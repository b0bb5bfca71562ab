/* The compiler's library by which glibc unwinds the frames of a thread that is cancelled or calls
 * pthread_exit. It loads it for the first of them in a process. */
#ifndef TB_BENCH_UNWINDER_H
#define TB_BENCH_UNWINDER_H

#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include "first.h"

static const char unwinder[] = "libgcc_s.so.1";

/* Notes whether something else had loaded it before. The loader is not asked: it would not be cold
 * any more when it is wanted. */
static inline void note_unwinder(struct tb_run *run)
{
    tb_note(run, "libgcc_s %sloaded before", tb_proc_has_mapped(unwinder) ? "" : "not ");
}

/* What a first end by unwinding takes for it, as parts of a breakdown. */
#define FIRST_UNWINDER_PART(phase)                                                                 \
    {                                                                                              \
        phase, "the unwinder opened and looked up", .of = "cancel/unwinder/warm:resident/cpu:same" \
    }
#define FIRST_WALK_PART(phase)                                                                     \
    FIRST_MORE_PART(phase, "its first walk over frames", NULL,                                     \
                    "cancel/unwind/cpu:same/warm:resident", "cancel/unwind/cpu:same")

#endif
