#include "run/host.h"

#include <hwloc.h>
#include <math.h>
#include <stdlib.h>

#include "util/json.h"
#include "util/memory.h"

/* What hwloc may need of a large host: it crashes, or leaves out what it found, where it has less.
 */
enum { needed_bytes = 4 << 20 };

static void add_caches(hwloc_topology_t topology, hwloc_obj_type_t type, cJSON *caches)
{
    static const char *const names[] = {
        [HWLOC_OBJ_CACHE_UNIFIED] = "Unified",
        [HWLOC_OBJ_CACHE_DATA] = "Data",
        [HWLOC_OBJ_CACHE_INSTRUCTION] = "Instruction",
    };
    hwloc_obj_t first = hwloc_get_obj_by_type(topology, type, 0);
    cJSON *item;

    if (!first)
        return;
    item = tb_json_add_object(caches);
    tb_json_set_number(item, "level", first->attr->cache.depth);
    tb_json_set_text(item, "type", names[first->attr->cache.type]);
    tb_json_set_number(item, "size_bytes", (double)first->attr->cache.size);
    tb_json_set_number(item, "shared_by", hwloc_bitmap_weight(first->cpuset));
    tb_json_set_number(item, "count", hwloc_get_nbobjs_by_type(topology, type));
}

/* How many CPUs this process may use; NaN where the system does not tell. */
static double count_allowed(hwloc_topology_t topology)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    int err = set ? hwloc_get_cpubind(topology, set, HWLOC_CPUBIND_THREAD) : -1;
    double count = err ? NAN : (double)hwloc_bitmap_weight(set);

    hwloc_bitmap_free(set);
    return count;
}

static void fill_topology(hwloc_topology_t topology, cJSON *object, cJSON *caches)
{
    static const struct {
        const char *key;
        hwloc_obj_type_t type;
    } counts[] = {
        {"packages", HWLOC_OBJ_PACKAGE},
        {"numa_nodes", HWLOC_OBJ_NUMANODE},
        {"cores", HWLOC_OBJ_CORE},
        {"pus", HWLOC_OBJ_PU},
    };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double count = hwloc_get_nbobjs_by_type(topology, counts[i].type);

        /* 0: there are none or they are hidden; -1: on several levels. */
        tb_json_set_number(object, counts[i].key, count > 0 ? count : NAN);
    }
    tb_json_set_flag(object, "smt",
                     tb_json_number(object, "pus", 0) > tb_json_number(object, "cores", INFINITY));
    tb_json_set_number(object, "allowed_pus", count_allowed(topology));
    for (hwloc_obj_type_t type = HWLOC_OBJ_TYPE_MIN; type < HWLOC_OBJ_TYPE_MAX; type++) {
        if (hwloc_obj_type_is_cache(type))
            add_caches(topology, type, caches);
    }
}

cJSON *tb_topology_probe(void)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *caches = tb_json_set_array(object, "caches"); /* stays empty where nothing is known */
    hwloc_topology_t topology;

    free(tb_alloc(1, needed_bytes));
    if (hwloc_topology_init(&topology))
        return object;
    /* Instruction caches are left out unless asked for; failing to ask only loses them. */
    (void)hwloc_topology_set_icache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL);
    if (hwloc_topology_load(topology) == 0)
        fill_topology(topology, object, caches);
    hwloc_topology_destroy(topology);
    return object;
}
