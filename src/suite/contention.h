/* Threads that create and join threads of their own for as long as a measurement lasts. */
#ifndef TB_SUITE_CONTENTION_H
#define TB_SUITE_CONTENTION_H

#include <threadbench/bench.h>

struct tb_contention;

/* `count` of them, each of which has made a thread of the run's runtime on return. 0 or an errno
 * value, and then none is left. */
int tb_contention_create(struct tb_run *run, size_t count, struct tb_contention **ret_rivals);

/* Ends them: 0, or why one of them had to stop before. Accepts NULL. */
int tb_contention_destroy(struct tb_contention *contention);

/* How many threads they have made so far. */
size_t tb_contention_created(const struct tb_contention *contention);

#endif
