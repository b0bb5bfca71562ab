/*
 * A Google Benchmark file of one entry a case: for readers that take cpu_time, the last entry of a
 * name, or every entry. Both times are the case's value, and the name says by "/real_time" that it
 * is the real one.
 */
#include <string.h>

#include "report/export/run.h"
#include "util/json.h"

/* Google Benchmark's own: what is ours would have the file taken for a document. */
static cJSON *context_of(const struct tb_export_run *run)
{
    cJSON *context = cJSON_Duplicate(run->document->context, true);

    cJSON_DeleteItemFromObjectCaseSensitive(context, "threadbench");
    if (run->commit)
        tb_json_set_text(context, "commit", run->commit);
    return context;
}

static cJSON *entry_of(const struct tb_export_case *item, size_t place)
{
    cJSON *entry = cJSON_CreateObject();
    tb_autofree char *name = tb_print("%s/real_time", item->name);

    tb_json_set_text(entry, "name", name);
    tb_json_set_number(entry, "family_index", (double)place);
    tb_json_set_number(entry, "per_family_instance_index", 0);
    tb_json_set_text(entry, "run_name", name);
    tb_json_set_text(entry, "run_type", "iteration");
    tb_json_set_number(entry, "repetitions", 1);
    tb_json_set_number(entry, "repetition_index", 0);
    tb_json_set_number(entry, "threads", 1);
    tb_json_set_number(entry, "iterations", (double)item->value.count);
    tb_json_set_number(entry, "real_time", item->value.median);
    tb_json_set_number(entry, "cpu_time", item->value.median);
    tb_json_set_text(entry, "time_unit", "ns");
    return entry;
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    cJSON *file = cJSON_CreateObject();
    cJSON *list;

    (void)error; /* nothing can go wrong */
    tb_json_set(file, "context", context_of(run));
    list = tb_json_set_array(file, "benchmarks");
    for (size_t i = 0; i < run->count; i++) {
        bool is_time = !strcmp(run->cases[i].unit, "ns");

        if (is_time)
            tb_json_add(list, entry_of(&run->cases[i], export->values));
        export->values += is_time;
        export->left[TB_EXPORT_UNFIT] += !is_time;
    }
    export->kept = file;
    return 0;
}

const struct tb_export_format tb_export_google = {
    .name = "google-benchmark",
    .takes = TB_EXPORT_ONE,
    .add = add,
    .end = tb_export_put_kept,
    .finish = tb_export_drop_kept,
};
