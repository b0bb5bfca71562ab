/* What the first operation of a process takes more than a later one: the parts of a breakdown, that
 * of a case in a process just started (`warm:cold`). One whose pages are all resident takes that
 * without the pages: what the two differ by are the pages. Names are bound in both. A macro is
 * a part, or several, of a phase or of TB_WHOLE. */
#ifndef TB_BENCH_FIRST_H
#define TB_BENCH_FIRST_H

#include <threadbench/bench.h>

/* What it takes after a warm-up, and the pages. */
#define FIRST_PARTS(phase, field_, cold, resident, warm)                                           \
    {phase, "as in a warm process", .of = warm, .field = field_},                                  \
    {                                                                                              \
        phase, "pages of code and data, touched for the first time", .of = cold, .field = field_,  \
                                                                     .less = resident              \
    }
#define FIRST_WHOLE_PARTS(name, runtime)                                                           \
    FIRST_PARTS(TB_WHOLE, NULL, name "/cpu:same/warm:cold" runtime,                                \
                name "/cpu:same/warm:resident" runtime, name "/cpu:same" runtime)

/* What something takes more the first time, all pages being there. */
#define FIRST_MORE_PART(phase, what, field_, resident, warm)                                       \
    {                                                                                              \
        phase, what, .of = resident, .field = field_, .less = warm                                 \
    }
#define FIRST_KERNEL_PART(what, name)                                                              \
    FIRST_MORE_PART(TB_WHOLE, "the kernel's first " what, NULL,                                    \
                    name "/cpu:same/warm:resident/clone", name "/cpu:same/clone")
#define FIRST_EXIT_PART(phase)                                                                     \
    FIRST_MORE_PART(phase, "a first exit without unwinding", NULL,                                 \
                    "exit/last-instruction/cpu:same/warm:resident/posix",                          \
                    "exit/last-instruction/cpu:same/posix")

/* Of a creation: in the creating call, and by the thread before its first instruction. */
#define FIRST_STACK "stack/life/stack:8388608/cpu:same/warm:resident"
#define FIRST_BOUND_PART(phase, function)                                                          \
    {                                                                                              \
        phase, function " bound by its name", .of = "libc/bind/cpu:same/warm:resident"             \
    }
#define FIRST_CALL_PARTS(phase)                                                                    \
    FIRST_BOUND_PART(phase, "pthread_create"),                                                     \
        {phase, "its stack mapped, and guarded", .of = FIRST_STACK,                                \
         .field = "map_lower_half_mean", .by = tb_guard_by_name},                                  \
        {phase, "its top page, for the thread's descriptor", .of = FIRST_STACK,                    \
         .field = "top_lower_half_mean"},                                                          \
        {phase, "the kernel's first write to that page",                                           \
         .of = "stack/kernel-write/stack:8388608/cpu:same/warm:resident",                          \
         .less = "kernel/sigmask/cpu:same"},                                                       \
    {                                                                                              \
        phase, "thread-local storage made", .of = "libc/tls-first/warm:resident/cpu:same"          \
    }
#define FIRST_FRAMES_PART(phase)                                                                   \
    {                                                                                              \
        phase, "the next page, for its frames", .of = FIRST_STACK, .field = "next_lower_half_mean" \
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
