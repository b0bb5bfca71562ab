/* What fibres have in common: a stack, and an end. */
#ifndef TB_ALTERNATIVES_FIBRE_H
#define TB_ALTERNATIVES_FIBRE_H

#include <threadbench/runtime.h>

/* A runtime's own state of a fibre begins with this. */
struct tb_fibre {
    void *stack;
    size_t stack_bytes;
    bool done;               /* the task has returned */
    struct tb_thread *other; /* of a pair that hand over to each other */
};

/* `size` bytes of state for the thread, zeroed, and a stack whose upper end has been touched.
 * 0 or an errno value, and then nothing is left. */
int tb_fibre_prepare(struct tb_thread *thread, size_t size);

/* Resumes the fibre until its task has returned. */
int tb_fibre_join(struct tb_thread *thread);

/* What tb_switching has, where tasks can be left by any function. */
int tb_fibre_create_leaving(struct tb_thread *thread);
int tb_fibre_create_passing(struct tb_thread *thread, struct tb_thread *other);

void tb_fibre_release(struct tb_thread *thread);

#endif
