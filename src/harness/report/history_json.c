#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/history_table.h"
#include "util/csv.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"

static cJSON *left_out_json(const struct tb_history_left_out *left)
{
    cJSON *object = cJSON_CreateObject();

    tb_json_set_number(object, "without_commit", (double)left->without_commit);
    tb_json_set_number(object, "unknown_commit", (double)left->unknown);
    tb_json_set_number(object, "beside_the_line", (double)left->beside);
    tb_json_set_number(object, "damaged", (double)left->damaged);
    tb_json_set_number(object, "twice", (double)left->twice);
    tb_json_set_flag(object, "shallow_repository", left->shallow);
    return object;
}

static cJSON *run_json(const struct tb_history_view *view, const struct tb_history_run *run)
{
    cJSON *object = cJSON_CreateObject();

    tb_json_set_text(object, "document", run->path);
    tb_json_set_text(object, "commit", view->line->commits[run->commit]);
    tb_json_set_number(object, "commit_place", (double)run->commit);
    tb_json_set_text(object, "subject", view->line->subjects[run->commit]);
    tb_json_set_text(object, "started_utc", run->digest->started);
    tb_json_set_text(object, "run_id", run->digest->run_id);
    tb_json_set_flag(object, "dirty", run->digest->dirty);
    tb_json_set_text(object, "state", run->digest->state);
    return object;
}

/* All but the series, which may be too many for one tree. */
static cJSON *head_json(const struct tb_history_view *view)
{
    const struct tb_history *history = view->history;
    tb_autofree char *headline = tb_history_headline(view);
    cJSON *root = cJSON_CreateObject(), *runs;

    tb_json_set_text(root, "schema", "threadbench-history");
    tb_json_set_number(root, "version", 1);
    tb_json_set_text(root, "conclusion", headline);
    tb_json_set_text(root, "archive", view->archive);
    tb_json_set_text(root, "range", view->range);
    tb_json_set_number(root, "commits", (double)view->line->count);
    tb_json_set_number(root, "commits_measured", (double)view->measured);
    tb_json_set_number(root, "alpha", history->alpha);
    tb_json_set_number(root, "parts", (double)history->parts);
    tb_json_set_number(root, "parts_too_short", (double)history->blind);
    tb_json_set_number(root, "runs_needed", (double)history->needed);
    tb_json_set_number(root, "changes", (double)history->changes);
    tb_json_set(root, "left_out", left_out_json(&view->left_out));
    runs = tb_json_set_array(root, "runs");
    for (size_t i = 0; i < history->run_count; i++)
        tb_json_add(runs, run_json(view, &history->runs[i]));
    return root;
}

static cJSON *value_json(const struct tb_history_value *value)
{
    const struct tb_digest_case *found = value->found;
    cJSON *object = cJSON_CreateObject();

    tb_json_set_number(object, "run", (double)value->run);
    tb_json_set_number(object, "value_ns", found->value);
    tb_json_set_number(object, "low_ns", found->low);
    tb_json_set_number(object, "high_ns", found->high);
    tb_json_set_number(object, "processes", found->processes);
    return object;
}

static cJSON *commits_json(const struct tb_history_view *view, size_t old, size_t new)
{
    cJSON *object = cJSON_CreateObject();

    tb_json_set_text(object, "after", view->line->commits[old]);
    tb_json_set_text(object, "until", view->line->commits[new]);
    tb_json_set_text(object, "subject", view->line->subjects[new]);
    tb_json_set_number(object, "count", (double)(new - old));
    return object;
}

static cJSON *change_json(const struct tb_history_view *view,
                          const struct tb_history_change *change)
{
    cJSON *object = cJSON_CreateObject(), *again;

    tb_json_set_number(object, "value", (double)change->at);
    tb_json_set_number(object, "ratio", change->ratio);
    tb_json_set_number(object, "low", change->low);
    tb_json_set_number(object, "high", change->high);
    tb_json_set_number(object, "p", change->p);
    tb_json_set(object, "commits", commits_json(view, change->old, change->new));
    tb_json_set(object, "commits_95", commits_json(view, change->earliest, change->latest));
    again = tb_json_set_object(object, "again");
    tb_json_set_text(again, "state", tb_confirmation_names[change->confirmation]);
    tb_json_set_number(again, "ratio", change->again);
    tb_json_set_number(again, "low", change->again_low);
    tb_json_set_number(again, "high", change->again_high);
    tb_json_set_text(again, "remark", change->remark);
    return object;
}

static cJSON *series_json(const struct tb_history_view *view,
                          const struct tb_history_series *series)
{
    cJSON *object = cJSON_CreateObject(), *list;

    tb_json_set_text(object, "case", series->name);
    tb_json_set_text(object, "unit", series->unit);
    tb_json_set_text(object, "host", series->host);
    tb_json_set_text(object, "setup", series->setup);
    tb_json_set_number(object, "noise", series->noise);
    tb_json_set_number(object, "correlation", series->correlation);
    tb_json_set_number(object, "without_value", (double)series->failed);
    list = tb_json_set_array(object, "values");
    for (size_t i = 0; i < series->count; i++)
        tb_json_add(list, value_json(&series->values[i]));
    list = tb_json_set_array(object, "splits");
    for (size_t i = 0; i < series->split_count; i++) {
        cJSON *item = tb_json_add_object(list);

        tb_json_set_number(item, "value", (double)series->splits[i].at);
        tb_json_set_text(item, "what", series->splits[i].what);
    }
    list = tb_json_set_array(object, "changes");
    for (size_t i = 0; i < series->change_count; i++)
        tb_json_add(list, change_json(view, &series->changes[i]));
    return object;
}

void tb_history_json_put(FILE *out, const struct tb_history_view *view)
{
    tb_autojson cJSON *head = head_json(view);
    tb_autofree char *text = cJSON_PrintUnformatted(head);

    tb_sanitize(text, strlen(text)); /* as tb_json_put() does: a path may hold any byte */
    /* The caller asks ferror(), here and below. */
    (void)fprintf(out, "%.*s,\n\"series\":[\n", (int)strlen(text) - 1, text);
    for (size_t i = 0; i < view->history->count; i++) {
        (void)fputs(i ? "," : "", out);
        tb_json_put(out, series_json(view, &view->history->series[i]));
    }
    (void)fputs("]}\n", out);
}

/* A line for one value; the change is that which begins with it. */
static void put_line(FILE *out, const struct tb_history_view *view,
                     const struct tb_history_series *series, const struct tb_history_value *value,
                     size_t part, double ratio)
{
    const struct tb_history_run *run = &view->history->runs[value->run];
    const char *const texts[] = {series->name,
                                 series->host,
                                 series->setup,
                                 view->line->commits[run->commit],
                                 view->line->subjects[run->commit],
                                 run->digest->started,
                                 run->path,
                                 value->found->statistic};
    const double numbers[] = {run->digest->dirty,
                              value->found->value,
                              value->found->low,
                              value->found->high,
                              value->found->processes,
                              (double)part,
                              ratio};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tb_csv_put_text(out, texts[i]);
        (void)fputc(',', out);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)fputs(i ? "," : "", out);
        tb_csv_put_number(out, numbers[i]);
    }
    (void)fputc('\n', out);
}

void tb_history_csv_put(FILE *out, const struct tb_history_view *view)
{
    (void)fputs("case,host,setup,commit,subject,started_utc,document,statistic,dirty,value_ns,"
                "low_ns,high_ns,processes,part,change_ratio\n",
                out);
    for (size_t i = 0; i < view->history->count; i++) {
        const struct tb_history_series *series = &view->history->series[i];
        size_t split = 0, change = 0;

        for (size_t k = 0; k < series->count; k++) {
            bool begins = change < series->change_count && series->changes[change].at == k;

            split += split < series->split_count && series->splits[split].at == k;
            put_line(out, view, series, &series->values[k], split,
                     begins ? series->changes[change].ratio : NAN);
            change += begins;
        }
    }
}
