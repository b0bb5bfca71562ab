/* Whether the machine has room for the threads of a pool. */
#ifndef TB_SUITE_ROOM_H
#define TB_SUITE_ROOM_H

#include <threadbench/runtime.h>

/* Libraries that find no room for their threads hang, or end the process. So as many threads as the
 * runtime says are made beforehand, with stacks of the usual size, all alive at once, and are gone
 * on return. False: fewer could be made, and `reason`, of `size` bytes, names the limit. The room
 * may be taken by others in between. */
bool tb_room_for(const struct tb_runtime *runtime, char *reason, size_t size);

#endif
