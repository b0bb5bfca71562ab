/* The objects of which this process consists: its program, its libraries, its loader. */
#ifndef TB_SUITE_OBJECTS_H
#define TB_SUITE_OBJECTS_H

#include <stdint.h>

/* Calls `visit` for each that has a build-id, with the address at which it is mapped and the
 * build-id in hexadecimal. */
void tb_objects_visit(void (*visit)(void *user, uintptr_t start, const char *build_id), void *user);

#endif
