#include "table.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "memory.h"
#include "summary.h"

/* Columns of the table, in their order. */
enum column { NAME, VALUE, BY, HALF, SPREAD, P99, SWITCHES, RATIO };

static void put_overhead(const struct tb_page *page, const struct tb_result *result)
{
    const cJSON *clock = cJSON_GetObjectItemCaseSensitive(result->catalogue->root, "clock");
    struct tb_overhead overhead = tb_overhead(result);
    double cost = tb_json_number(clock, "cost_ns", NAN);

    if (!overhead.cases)
        return;
    tb_page_line(page, 9,
                 "empty    measuring adds %s to a sample, %s readings of the clock of %s "
                 "(median of %zu cases that do nothing); nothing is subtracted",
                 tb_text_time(page, overhead.median_ns).text,
                 tb_text_number(overhead.median_ns / cost).text, tb_text_time(page, cost).text,
                 overhead.cases);
}

static const char *or_unknown(const char *text)
{
    return text ? text : "unknown";
}

static void put_head(const struct tb_page *page, const struct tb_result *result)
{
    const cJSON *host = result->host;
    const cJSON *kernel = cJSON_GetObjectItemCaseSensitive(host, "kernel");
    const cJSON *topology = cJSON_GetObjectItemCaseSensitive(host, "topology");
    const cJSON *virtualisation = cJSON_GetObjectItemCaseSensitive(host, "virtualisation");

    tb_page_line(page, 9, "host     %s, %s, %.0f CPUs%s", or_unknown(tb_json_text(host, "name")),
                 or_unknown(tb_json_text(host, "cpu")), tb_json_number(topology, "pus", 0),
                 tb_json_flag(virtualisation, "hypervisor") ? ", virtual machine" : "");
    tb_page_line(page, 9, "system   %s %s %s, %s", or_unknown(tb_json_text(kernel, "name")),
                 or_unknown(tb_json_text(kernel, "release")),
                 or_unknown(tb_json_text(host, "machine")), or_unknown(tb_json_text(host, "libc")));
    if (result->revision->commit)
        tb_page_line(page, 9, "revision %s", or_unknown(result->revision->describe));
    tb_page_line(page, 9,
                 "run      %u of %u rounds, %zu cases, a fresh process each, seed %" PRIu64,
                 result->finished_rounds, result->rounds, result->count, result->seed);
    put_overhead(page, result);
}

static double half_width(const struct tb_spread *value)
{
    return (value->high - value->low) / 2 / fabs(value->median);
}

static void fill_line(const struct tb_page *page, const struct tb_result *result,
                      const struct tb_record *record, struct libscols_line *line)
{
    struct tb_summary summary = tb_summarise(result, record);

    tb_table_set(line, NAME, record->spec->name);
    if (record->outcome != TB_OK && !record->count) {
        tb_table_set(line, VALUE, tb_outcome_name(record->outcome));
        return;
    }
    tb_table_set(line, VALUE, tb_text_time(page, summary.value.median).text);
    tb_table_set(line, BY, summary.decides);
    tb_table_set(line, HALF, tb_text_percent(half_width(&summary.value)).text);
    tb_table_set(line, SPREAD, tb_text_percent(summary.value.cv).text);
    tb_table_set(line, P99, tb_text_time(page, summary.p99).text);
    tb_table_set(line, SWITCHES, tb_text_number(summary.switches).text);
    tb_table_set(line, RATIO, tb_text_number(summary.floor_ratio).text);
}

static void fill_phases(const struct tb_page *page, const struct tb_record *record,
                        struct libscols_table *table)
{
    for (size_t i = 0; record->count && i < tb_phase_count(record); i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        struct tb_spread value = tb_phase_value(record, i);
        char *name = tb_print("  %s", tb_phase_name(record, i));

        tb_table_set(line, NAME, name);
        tb_table_set(line, VALUE, tb_text_time(page, value.median).text);
        tb_table_set(line, BY, "mean");
        tb_table_set(line, HALF, tb_text_percent(half_width(&value)).text);
        tb_table_set(line, SPREAD, tb_text_percent(value.cv).text);
        for (size_t column = P99; column <= RATIO; column++)
            tb_table_set(line, column, "-");
        free(name);
    }
}

static void put_rows(const struct tb_page *page, const struct tb_result *result)
{
    struct libscols_table *table = tb_page_table(page);

    tb_table_column(table, "case", SCOLS_FL_WRAP);
    tb_table_column(table, "value", SCOLS_FL_RIGHT);
    tb_table_column(table, "by", 0);
    tb_table_column(table, page->utf8 ? "\u00b1" : "+/-", SCOLS_FL_RIGHT);
    tb_table_column(table, "spread", SCOLS_FL_RIGHT);
    tb_table_column(table, "p99", SCOLS_FL_RIGHT);
    tb_table_column(table, "switches", SCOLS_FL_RIGHT);
    tb_table_column(table, page->utf8 ? "\u00d7 floor" : "x floor", SCOLS_FL_RIGHT);
    for (size_t i = 0; i < result->count; i++) {
        if (result->records[i].role != TB_SELECTED)
            continue;
        fill_line(page, result, &result->records[i], scols_table_new_line(table, NULL));
        fill_phases(page, &result->records[i], table);
    }
    tb_page_put_table(page, table);
    tb_page_line(page, 4, "switches: of the whole process, for one operation with what sets it up");
}

/* Every case without a full result, its companions included: none is left out in silence. */
static void put_reasons(const struct tb_page *page, const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->outcome == TB_OK)
            continue;
        tb_page_line(page, 4, "%s %s%s%s%s: %s", tb_outcome_name(record->outcome),
                     record->spec->name, record->role == TB_SELECTED ? "" : " (",
                     record->role == TB_SELECTED ? "" : tb_role_name(record->role),
                     record->role == TB_SELECTED ? "" : ")", record->reason);
    }
}

void tb_table_put(const struct tb_page *page, const struct tb_result *result)
{
    put_head(page, result);
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    put_rows(page, result);
    put_reasons(page, result);
    if (result->signal)
        tb_page_line(page, 4, "interrupted by SIG%s: this is what was measured until then",
                     or_unknown(sigabbrev_np(result->signal)));
}
