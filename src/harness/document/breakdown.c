#include "document/breakdown.h"

#include <math.h>
#include <stdlib.h>

#include "document/summary.h"
#include "stats/stats.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* A field of the process in which the case took least, by another field; NaN where there is none.
 */
static double quietest_of(const struct tb_record *record, const char *by, const char *name)
{
    const struct tb_repetition *quietest = NULL;
    size_t whole = record ? tb_record_field(record, by) : 0;
    double least = INFINITY;

    for (size_t i = 0; record && i < record->count; i++) {
        double mean = tb_repetition_value(&record->repetitions[i], whole);

        if (mean < least) {
            least = mean;
            quietest = &record->repetitions[i];
        }
    }
    return quietest && name ? tb_repetition_value(quietest, tb_record_field(record, name)) : NAN;
}

/* The mean of a field over those processes whose whole is not above the median of the wholes. */
static double lower_half_of(const struct tb_record *record, const char *name)
{
    size_t whole = tb_record_field(record, "lower_half_mean"),
           field = tb_record_field(record, name);
    tb_autofree double *wholes = tb_alloc(record->count, sizeof *wholes);
    double median, sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < record->count; i++)
        wholes[i] = tb_repetition_value(&record->repetitions[i], whole);
    median = tb_median_of(wholes, record->count);
    for (size_t i = 0; i < record->count; i++) {
        if (wholes[i] <= median) {
            sum += tb_repetition_value(&record->repetitions[i], field);
            count++;
        }
    }
    return count ? sum / (double)count : NAN;
}

/* Whether a process gives one sample of the case: the least of these is an extreme. */
static bool is_once(const struct tb_record *record)
{
    return record->spec->max_samples == 1;
}

/* `once`: whether the case that is explained gives one sample a process. Its parts have its
 * statistic, whatever their cases are: the least of many processes is below the mean of half of
 * them, and a difference of the two says nothing. */
static double value_of(const struct tb_record *record, const char *name, bool once)
{
    if (!record || !name)
        return NAN;
    return once ? lower_half_of(record, name) : quietest_of(record, "lower_half_mean", name);
}

double tb_quietest_value(const struct tb_record *record, size_t phase)
{
    bool lower = !isnan(quietest_of(record, "lower_half_mean", "lower_half_mean"));
    const char *kind = lower ? "lower_half_mean" : "mean";
    tb_autofree char *field = NULL;

    if (phase >= tb_phase_count(record))
        return quietest_of(record, kind, kind);
    field = tb_print("%s_%s", tb_phase_name(record, phase), kind);
    return quietest_of(record, kind, field);
}

static void set_value(cJSON *item, const char *prefix, double ns, double total)
{
    tb_autofree char *value = tb_print("%s_ns", prefix), *share = tb_print("%s_share", prefix);

    tb_json_set_number(item, value, ns);
    tb_json_set_number(item, share, ns / total);
}

/* Adds the parts of a phase to `list` and returns what they leave of it. */
static double explain(const struct tb_result *result, const struct tb_record *record,
                      const char *phase, double left, double total, cJSON *list)
{
    bool once = is_once(record);
    const cJSON *part;

    tb_json_each(part, tb_json_find(record->spec->source, "parts")) {
        const char *field = tb_json_text(part, "field"), *less = tb_json_text(part, "less");
        double ns = value_of(tb_result_find(result, tb_json_text(part, "case")), field, once);
        cJSON *item;

        if (!tb_same(tb_json_text(part, "phase"), phase))
            continue;
        item = cJSON_Duplicate(part, true);
        ns -= less ? value_of(tb_result_find(result, less), field, once) : 0;
        ns *= tb_json_number(part, "times", 1);
        set_value(item, "value", ns, total);
        left -= isnan(ns) ? 0 : ns;
        tb_json_add(list, item);
    }
    return left;
}

/* The one phase of a case that has none: what a subject names it in its parts. */
static const char whole[] = "whole";

/* Adds a phase, whose time is that counter, and returns what its parts leave of it. */
static double add_phase(const struct tb_result *result, const struct tb_record *record,
                        const char *name, const char *counter, double total, cJSON *phases)
{
    cJSON *phase = tb_json_add_object(phases);
    double ns = value_of(record, counter, is_once(record)), rest;

    tb_json_set_text(phase, "name", name);
    set_value(phase, "value", ns, total);
    rest = explain(result, record, name, ns, total, tb_json_set_array(phase, "parts"));
    set_value(phase, "unattributed", rest, total);
    return rest;
}

cJSON *tb_breakdown(const struct tb_result *result, const struct tb_record *record)
{
    const cJSON *parts = tb_json_find(record->spec->source, "parts");
    double total = value_of(record, "lower_half_mean", is_once(record)), left = 0;
    size_t count = tb_phase_count(record);
    cJSON *root, *list;

    if (!cJSON_GetArraySize(parts) || isnan(total))
        return NULL;
    root = cJSON_CreateObject();
    set_value(root, "total", total, total);
    list = tb_json_set_array(root, "phases");
    if (!count)
        left = fabs(add_phase(result, record, whole, "lower_half_mean", total, list));
    for (size_t i = 0; i < count; i++) {
        const char *name = tb_phase_name(record, i);
        tb_autofree char *counter = tb_print("%s_lower_half_mean", name);

        left += fabs(add_phase(result, record, name, counter, total, list));
    }
    set_value(root, "unattributed", left, total);
    return root;
}
