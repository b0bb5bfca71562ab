#include "place.h"

#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <stdbool.h>

/* Found once, by the first who asks, before any thread is made; the topology only where another
 * CPU is wanted: to load it takes as long as many a series. */
static struct {
    bool known, other_known;
    cpu_set_t all;
    int home;
    int other;
} place;

static int last_of(const cpu_set_t *set)
{
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
        if (CPU_ISSET(cpu, set))
            return cpu;
    return TB_NO_CPU;
}

/* How well a CPU serves as the other one: what it shares with home, as little as possible but the
 * package. Higher is better. */
static int fitness(hwloc_topology_t topology, int cpu)
{
    hwloc_obj_t home = hwloc_get_pu_obj_by_os_index(topology, (unsigned)place.home);
    hwloc_obj_t other = hwloc_get_pu_obj_by_os_index(topology, (unsigned)cpu);
    hwloc_obj_t shared;

    if (!home || !other)
        return 1;
    shared = hwloc_get_common_ancestor_obj(topology, home, other);
    if (hwloc_compare_types(shared->type, HWLOC_OBJ_CORE) >= 0)
        return 0; /* the same core */
    return hwloc_compare_types(shared->type, HWLOC_OBJ_PACKAGE) >= 0 ? 2 : 1;
}

static int fittest(hwloc_topology_t topology)
{
    int best = TB_NO_CPU, best_fitness = -1;

    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        int fits;

        if (cpu == place.home || !CPU_ISSET(cpu, &place.all))
            continue;
        fits = fitness(topology, cpu);
        if (fits >= best_fitness) {
            best = cpu;
            best_fitness = fits;
        }
    }
    return best;
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

static void find_other(void)
{
    hwloc_topology_t topology;

    find();
    if (place.other_known)
        return;
    place.other_known = true;
    place.other = TB_NO_CPU;
    if (CPU_COUNT(&place.all) < 2 || hwloc_topology_init(&topology))
        return;
    if (!hwloc_topology_load(topology))
        place.other = fittest(topology);
    hwloc_topology_destroy(topology);
}

int tb_place_home(void)
{
    find();
    return place.home;
}

int tb_place_other(void)
{
    find_other();
    return place.other;
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
