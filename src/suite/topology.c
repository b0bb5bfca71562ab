/* The module threadbench-topology.so: what hwloc knows of the machine. */
#include "place.h"

#include <errno.h>
#include <hwloc.h>

/* A CPU of which the topology does not know counts as one of another core of the package. */
static enum tb_where where_is(hwloc_topology_t topology, int home_cpu, int cpu)
{
    hwloc_obj_t home = hwloc_get_pu_obj_by_os_index(topology, (unsigned)home_cpu);
    hwloc_obj_t other = hwloc_get_pu_obj_by_os_index(topology, (unsigned)cpu);
    hwloc_obj_t shared;

    if (!home || !other)
        return TB_IN_PACKAGE;
    shared = hwloc_get_common_ancestor_obj(topology, home, other);
    if (hwloc_compare_types(shared->type, HWLOC_OBJ_CORE) >= 0)
        return TB_IN_CORE;
    return hwloc_compare_types(shared->type, HWLOC_OBJ_PACKAGE) >= 0 ? TB_IN_PACKAGE
                                                                     : TB_IN_MACHINE;
}

int tb_topology_look(const cpu_set_t *cpus, int home, int ret_beside[TB_WHERES])
{
    hwloc_topology_t topology;
    int err;

    if (hwloc_topology_init(&topology))
        return errno;
    err = hwloc_topology_load(topology) ? errno : 0;
    for (int cpu = 0; !err && cpu < CPU_SETSIZE; cpu++)
        if (cpu != home && CPU_ISSET(cpu, cpus))
            ret_beside[where_is(topology, home, cpu)] = cpu;
    hwloc_topology_destroy(topology);
    return err;
}
