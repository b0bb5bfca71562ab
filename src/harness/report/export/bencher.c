/* Bencher Metric Format: the measures of each benchmark, with the ends of their intervals. What was
 * counted of it is one, too. */
#include <math.h>
#include <string.h>

#include "document/counts.h"
#include "report/export/run.h"
#include "util/json.h"

enum { longest_name = 1024 };

/* What Bencher counts in ns it calls so; other units are measures of their own. */
static const char *measure_of(const struct tb_export_case *item)
{
    return strcmp(item->unit, "ns") ? item->unit : "latency";
}

static void put_counts(cJSON *benchmark, const struct tb_record *record)
{
    for (enum tb_metric metric = TB_TIME + 1; metric < TB_METRICS; metric++) {
        double value = tb_count_value(record, metric);

        if (!isnan(value))
            tb_json_set_number(tb_json_set_object(benchmark, tb_metric_names[metric]), "value",
                               value);
    }
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    cJSON *report = cJSON_CreateObject();

    (void)error; /* nothing can go wrong */
    for (size_t i = 0; i < run->count; i++) {
        const struct tb_export_case *item = &run->cases[i];
        cJSON *benchmark, *metric;

        if (!*item->name || strlen(item->name) > longest_name) {
            export->left[TB_EXPORT_UNFIT]++;
            continue;
        }
        benchmark = tb_json_set_object(report, item->name);
        metric = tb_json_set_object(benchmark, measure_of(item));
        tb_json_set_number(metric, "value", item->value.median);
        if (!isnan(item->value.low)) {
            tb_json_set_number(metric, "lower_value", item->value.low);
            tb_json_set_number(metric, "upper_value", item->value.high);
        }
        put_counts(benchmark, item->record);
        export->values++;
    }
    export->kept = report;
    return 0;
}

const struct tb_export_format tb_export_bencher = {
    .name = "bencher",
    .takes = TB_EXPORT_ONE,
    .add = add,
    .end = tb_export_put_kept,
    .finish = tb_export_drop_kept,
};
