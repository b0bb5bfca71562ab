/*
 * What of this machine and its settings bears on the numbers.
 */
#ifndef TB_RUN_HOST_H
#define TB_RUN_HOST_H

#include <cjson/cJSON.h>

/*
 * An object, the caller's, whose members docs/result.md lists; the processors among them as hwloc
 * sees them. What cannot be read is null: no probe fails.
 */
cJSON *tb_host_probe(void);

/* Load, pressure and free memory at this moment; likewise. */
cJSON *tb_host_moment(void);

#endif
