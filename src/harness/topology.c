#include "topology.h"

#include <hwloc.h>

#include "json.h"

static const char *cache_type(hwloc_obj_t cache)
{
    static const char *const names[] = {
        [HWLOC_OBJ_CACHE_UNIFIED] = "Unified",
        [HWLOC_OBJ_CACHE_DATA] = "Data",
        [HWLOC_OBJ_CACHE_INSTRUCTION] = "Instruction",
    };

    return names[cache->attr->cache.type];
}

static void add_caches(hwloc_topology_t topology, hwloc_obj_type_t type, cJSON *caches)
{
    int count = hwloc_get_nbobjs_by_type(topology, type);
    hwloc_obj_t first = hwloc_get_obj_by_type(topology, type, 0);
    cJSON *item;

    if (count <= 0 || !first)
        return;
    item = cJSON_CreateObject();
    tb_json_set_number(item, "level", first->attr->cache.depth);
    tb_json_set_text(item, "type", cache_type(first));
    tb_json_set_number(item, "size_bytes", (double)first->attr->cache.size);
    tb_json_set_number(item, "shared_by", hwloc_bitmap_weight(first->cpuset));
    tb_json_set_number(item, "count", count);
    (void)cJSON_AddItemToArray(caches, item); /* neither is NULL */
}

static void add_count(hwloc_topology_t topology, hwloc_obj_type_t type, const char *key,
                      cJSON *object)
{
    int count = hwloc_get_nbobjs_by_type(topology, type);

    /* 0: there are none or they are hidden; -1: on several levels. */
    tb_json_set(object, key, count > 0 ? cJSON_CreateNumber(count) : cJSON_CreateNull());
}

static void probe(hwloc_topology_t topology, cJSON *object)
{
    int cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
    int pus = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
    cJSON *caches;

    add_count(topology, HWLOC_OBJ_PACKAGE, "packages", object);
    add_count(topology, HWLOC_OBJ_NUMANODE, "numa_nodes", object);
    add_count(topology, HWLOC_OBJ_CORE, "cores", object);
    add_count(topology, HWLOC_OBJ_PU, "pus", object);
    tb_json_set_flag(object, "smt", cores > 0 && pus > cores);
    tb_json_set_number(object, "allowed_pus",
                       hwloc_bitmap_weight(hwloc_topology_get_allowed_cpuset(topology)));
    caches = tb_json_set_array(object, "caches");
    for (hwloc_obj_type_t type = HWLOC_OBJ_TYPE_MIN; type < HWLOC_OBJ_TYPE_MAX; type++) {
        if (hwloc_obj_type_is_cache(type))
            add_caches(topology, type, caches);
    }
}

cJSON *tb_topology_probe(void)
{
    cJSON *object = cJSON_CreateObject();
    hwloc_topology_t topology;

    (void)tb_json_set_array(object, "caches"); /* stays empty where nothing is known */
    if (hwloc_topology_init(&topology))
        return object;
    /* Instruction caches are left out unless asked for; failing to ask only loses them. */
    (void)hwloc_topology_set_icache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL);
    if (hwloc_topology_load(topology) == 0)
        probe(topology, object);
    hwloc_topology_destroy(topology);
    return object;
}
