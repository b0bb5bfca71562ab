#include "place.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "module.h"

/* Found once, by the first who asks, before any thread is made; the topology, and the library for
 * it, only where another CPU is wanted: to load it takes as long as many a series. */
static struct {
    bool known, others_known;
    cpu_set_t all;
    int home;
    int beside[TB_WHERES];
    char unknown[256]; /* why the others are not known; "" if they are */
} place;

static int last_of(const cpu_set_t *set)
{
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
        if (CPU_ISSET(cpu, set))
            return cpu;
    return TB_NO_CPU;
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
    __typeof__(tb_topology_look) *look;
    int err = 0;

    find();
    if (place.others_known)
        return;
    place.others_known = true;
    for (int where = 0; where < TB_WHERES; where++)
        place.beside[where] = TB_NO_CPU;
    if (CPU_COUNT(&place.all) < 2)
        return;
    *(void **)&look = tb_module_symbol("threadbench-topology.so", "tb_topology_look", place.unknown,
                                       sizeof(place.unknown));
    if (look)
        err = look(&place.all, place.home, place.beside);
    if (err)
        (void)snprintf(place.unknown, sizeof(place.unknown), "hwloc: %s", strerror(err));
}

int tb_place_home(void)
{
    find();
    return place.home;
}

const char *tb_place_unknown(void)
{
    find_others();
    return place.unknown[0] ? place.unknown : NULL;
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
