#include "place.h"

#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <stdbool.h>

/* Found once, by the first who asks, before any thread is made; the topology only where another
 * CPU is wanted: to load it takes as long as many a series. */
static struct {
    bool known, others_known;
    cpu_set_t all;
    int home;
    int beside[TB_WHERES];
} place;

static int last_of(const cpu_set_t *set)
{
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
        if (CPU_ISSET(cpu, set))
            return cpu;
    return TB_NO_CPU;
}

/* A CPU of which the topology does not know is taken for one that nothing tells apart. */
static enum tb_where where_is(hwloc_topology_t topology, int cpu)
{
    hwloc_obj_t home = hwloc_get_pu_obj_by_os_index(topology, (unsigned)place.home);
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

/* The last of each kind. */
static void look_around(hwloc_topology_t topology)
{
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (cpu != place.home && CPU_ISSET(cpu, &place.all))
            place.beside[where_is(topology, cpu)] = cpu;
}

static void find(void)
{
    if (place.known)
        return;
    place.known = true;
    CPU_ZERO(&place.all);
    (void)sched_getaffinity(0, sizeof(place.all), &place.all); /* fails above CPU_SETSIZE CPUs, */
    place.home = last_of(&place.all);                          /* and then there is no home */
}

static void find_others(void)
{
    hwloc_topology_t topology;

    find();
    if (place.others_known)
        return;
    place.others_known = true;
    for (int where = 0; where < TB_WHERES; where++)
        place.beside[where] = TB_NO_CPU;
    if (CPU_COUNT(&place.all) < 2 || hwloc_topology_init(&topology))
        return;
    if (!hwloc_topology_load(topology))
        look_around(topology);
    hwloc_topology_destroy(topology);
}

int tb_place_home(void)
{
    find();
    return place.home;
}

int tb_place_beside(enum tb_where where)
{
    find_others();
    return place.beside[where];
}

int tb_place_other(void)
{
    static const enum tb_where order[] = {TB_IN_PACKAGE, TB_IN_MACHINE, TB_IN_CORE};
    int cpu = TB_NO_CPU;

    for (size_t i = 0; cpu == TB_NO_CPU && i < sizeof(order) / sizeof(order[0]); i++)
        cpu = tb_place_beside(order[i]);
    return cpu;
}

int tb_place_bind(int cpu, int second_cpu)
{
    cpu_set_t set;

    find();
    if (cpu < 0)
        return ENODEV;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (second_cpu >= 0)
        CPU_SET(second_cpu, &set);
    return sched_setaffinity(0, sizeof(set), &set) ? errno : 0;
}

int tb_place_free(void)
{
    find();
    return sched_setaffinity(0, sizeof(place.all), &place.all) ? errno : 0;
}
