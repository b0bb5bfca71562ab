/* What fibres have in common: a stack, and an end. */
#ifndef TB_ALTERNATIVES_FIBRE_H
#define TB_ALTERNATIVES_FIBRE_H

#include <threadbench/runtime.h>

/* A runtime's own state of a fibre begins with this. */
struct tb_fibre {
    void *stack;
    size_t stack_bytes;
    bool done; /* the task has returned */
};

/* `size` bytes of state for the thread, zeroed, and a stack whose upper end has been touched.
 * 0 or an errno value, and then nothing is left. */
int tb_fibre_prepare(struct tb_thread *thread, size_t size);

/* Resumes the fibre until its task has returned. */
int tb_fibre_join(struct tb_thread *thread);

void tb_fibre_release(struct tb_thread *thread);

#endif
