/* Threads that create and join threads of their own for as long as a measurement lasts. */
#ifndef TB_SUITE_RIVALS_H
#define TB_SUITE_RIVALS_H

#include <threadbench/bench.h>

struct tb_rivals;

/* `count` of them, each of which has made a thread of the run's runtime on return. 0 or an errno
 * value, and then none is left. */
int tb_rivals_create(struct tb_run *run, size_t count, struct tb_rivals **ret_rivals);

/* Ends them: 0, or why one of them had to stop before. Accepts NULL. */
int tb_rivals_destroy(struct tb_rivals *rivals);

/* How many threads they have made so far. */
size_t tb_rivals_made(const struct tb_rivals *rivals);

#endif
