/*
 * The processors, as hwloc sees them.
 */
#ifndef TB_RUN_TOPOLOGY_H
#define TB_RUN_TOPOLOGY_H

#include <cjson/cJSON.h>

/*
 * An object, the caller's: packages, numa_nodes, cores, pus (logical CPUs), smt, allowed_pus (that
 * control groups and affinity leave to this process) and caches (level, type, size_bytes,
 * shared_by, count). Members are null, and caches empty, where hwloc cannot tell.
 */
cJSON *tb_topology_probe(void);

#endif
