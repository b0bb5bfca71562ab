/* Threads that exist and do nothing, for as long as a measurement lasts. */
#ifndef TB_SUITE_PARKED_H
#define TB_SUITE_PARKED_H

#include <stddef.h>

struct tb_parked;

/* `count` threads, all of them parked on return. 0 or an errno value, and then none is left. */
int tb_parked_create(size_t count, struct tb_parked **ret_parked);

/* Lets all of them go and joins them. Accepts NULL. */
void tb_parked_destroy(struct tb_parked *parked);

#endif
