/*
 * What is recorded of this machine: all that can change the numbers.
 */
#ifndef TB_RUN_HOST_H
#define TB_RUN_HOST_H

#include <cjson/cJSON.h>

/*
 * An object, the caller's, whose members docs/result.md lists. What cannot be read is null: no
 * probe fails.
 */
cJSON *tb_host_probe(void);

/* Load, pressure and free memory at this moment, in the same way. */
cJSON *tb_host_moment(void);

#endif
