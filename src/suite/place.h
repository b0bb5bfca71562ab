/* Which CPUs a measurement runs on: a home, and another one beside it. */
#ifndef TB_SUITE_PLACE_H
#define TB_SUITE_PLACE_H

#include <sched.h>

enum { TB_NO_CPU = -1 };

/* The last CPU that this process may use: the first one serves most interrupts. */
int tb_place_home(void);

/* Where another CPU lies, seen from there. */
enum tb_where { TB_IN_CORE, TB_IN_PACKAGE, TB_IN_MACHINE, TB_WHERES };

/* Why the topology is not known, and no other one is found; or NULL. */
const char *tb_place_unknown(void);

/* A CPU that this process may use: of the same core; of another core of the package; of another
 * package. Else TB_NO_CPU. */
int tb_place_beside(enum tb_where where);

/* One of another core of the same package where there is one; else of another package, else of the
 * same core; else TB_NO_CPU. */
int tb_place_other(void);

/* Bind the calling thread, and with it the threads it will make, to one or two CPUs (TB_NO_CPU for
 * the second: one), or to all that the process had at first. 0 or an errno value. */
int tb_place_bind(int cpu, int second_cpu);
int tb_place_free(void);

/* In a module (topology.c), for place.c alone. For each place, as seen from `home`, the last CPU of
 * the set that lies there; where none does, ret_beside stays as it is. 0 or an errno value. */
int tb_topology_look(const cpu_set_t *cpus, int home, int ret_beside[TB_WHERES]);

#endif
