/* Perfherder: the line that a job of Mozilla's Treeherder prints, without its "PERFHERDER_DATA:".
 */
#include <math.h>
#include <string.h>

#include "report/export/run.h"
#include "util/json.h"

/* Its schema's limits. */
enum { longest_unit = 20 };
static const double largest = 1e12;

static bool fits(const struct tb_export_case *item)
{
    return *item->unit && strlen(item->unit) <= longest_unit && fabs(item->value.median) <= largest;
}

static void put_subtest(cJSON *list, const struct tb_export_case *item)
{
    cJSON *subtest = tb_json_add_object(list);
    cJSON *replicates;

    tb_json_set_text(subtest, "name", item->name);
    tb_json_set_number(subtest, "value", item->value.median);
    tb_json_set_text(subtest, "unit", item->unit);
    tb_json_set_flag(subtest, "lowerIsBetter", true);
    replicates = tb_json_set_array(subtest, "replicates");
    for (size_t i = 0; i < item->value.count; i++) {
        cJSON *number = cJSON_CreateNumber(item->processes[i]);

        tb_json_round(number);
        tb_json_add(replicates, number);
    }
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    cJSON *artifact = cJSON_CreateObject();
    cJSON *suite, *subtests;

    (void)error; /* nothing can go wrong */
    tb_json_set_text(tb_json_set_object(artifact, "framework"), "name", "threadbench");
    suite = tb_json_add_object(tb_json_set_array(artifact, "suites"));
    tb_json_set_text(suite, "name", run->label ? run->label : "threadbench");
    subtests = tb_json_set_array(suite, "subtests");
    for (size_t i = 0; i < run->count; i++) {
        bool fit = fits(&run->cases[i]);

        if (fit)
            put_subtest(subtests, &run->cases[i]);
        export->values += fit;
        export->left[TB_EXPORT_UNFIT] += !fit;
    }
    export->kept = artifact;
    return 0;
}

/* On one line, as what reads the log of a job wants it. */
static int end(struct tb_export *export, struct tb_error *error)
{
    tb_autofree char *text = cJSON_PrintUnformatted(export->kept);

    (void)error;                              /* nothing can go wrong */
    (void)fprintf(export->out, "%s\n", text); /* the caller asks ferror() */
    return 0;
}

const struct tb_export_format tb_export_perfherder = {
    .name = "perfherder",
    .takes = TB_EXPORT_ONE,
    .add = add,
    .end = end,
    .finish = tb_export_drop_kept,
};
