/*
 * What is recorded of this machine: all that can change the numbers.
 */
#ifndef TB_RUN_HOST_H
#define TB_RUN_HOST_H

#include <cjson/cJSON.h>

/*
 * An object, the caller's, whose members docs/reference/result.md lists. What cannot be read is
 * null: no probe fails. `name` is what this host is to be called; NULL: as it calls itself.
 */
cJSON *tb_host_probe(const char *name);

/* The same as a document's context has it, with "host_name"; the caller's. */
cJSON *tb_host_context(const char *name);

/* What of this host, by its context, is another one than where a document was made, by the
 * document's: "the kernel"; or NULL. */
const char *tb_host_differs(const cJSON *here, const cJSON *context);

/*
 * Its processors, as hwloc sees them: an object, the caller's: packages, numa_nodes, cores, pus
 * (logical CPUs), smt, allowed_pus (that control groups and affinity leave to this process) and
 * caches (level, type, size_bytes, shared_by, count). Members are null, and caches empty, where
 * hwloc cannot tell.
 */
cJSON *tb_topology_probe(void);

/* Load, pressure and free memory at this moment, in the same way. */
cJSON *tb_host_moment(void);

#endif
