/* github-action-benchmark, tool "customSmallerIsBetter": a list with an entry for each case. */
#include <math.h>

#include "report/export/run.h"
#include "report/figures.h"
#include "util/json.h"

/* What the action shows beside a point. */
static char *extra(const struct tb_export_run *run, const struct tb_export_case *item)
{
    const struct tb_statistics *value = &item->value;
    tb_autofree char *interval =
        isnan(value->low) ? tb_copy("")
                          : tb_print("\n%s CI %.5g .. %.5g %s", tb_text_confidence(run->alpha).text,
                                     value->low, value->high, item->unit);

    return tb_print("%s, median of %zu processes%s", item->statistic, value->count, interval);
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    cJSON *list = cJSON_CreateArray();

    (void)error; /* nothing can go wrong */
    for (size_t i = 0; i < run->count; i++) {
        const struct tb_export_case *item = &run->cases[i];
        cJSON *entry = tb_json_add_object(list);
        tb_autofree char *more = extra(run, item);
        tb_autofree char *range = tb_print("\u00b1 %.4g", tb_statistics_half(&item->value));

        tb_json_set_text(entry, "name", item->name);
        tb_json_set_text(entry, "unit", item->unit);
        tb_json_set_number(entry, "value", item->value.median);
        if (!isnan(item->value.low))
            tb_json_set_text(entry, "range", range);
        tb_json_set_text(entry, "extra", more);
        export->values++;
    }
    export->kept = list;
    return 0;
}

const struct tb_export_format tb_export_github = {
    .name = "github-action-benchmark",
    .takes = TB_EXPORT_ONE,
    .add = add,
    .end = tb_export_put_kept,
    .finish = tb_export_drop_kept,
};
