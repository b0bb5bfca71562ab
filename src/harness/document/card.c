#include "document/card.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "document/breakdown.h"
#include "document/summary.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static struct tb_card_row *row_of(struct tb_card_row *rows, size_t *count, const char *label)
{
    for (size_t i = 0; i < *count; i++) {
        if (tb_same(rows[i].label, label))
            return &rows[i];
    }
    rows[*count] = (struct tb_card_row){.label = label};
    return &rows[(*count)++];
}

/* An operation without the axis involves one thread: it stands where nothing is pinned. */
static void add(struct tb_card_row *rows, size_t *count, const struct tb_record *record)
{
    const char *placement = tb_json_text(record->spec->source, "axes.cpu");
    bool pinned = tb_same(placement, "same"), released = !placement || tb_same(placement, "free");
    struct tb_card_row *row;
    struct tb_card_case *placed;

    if (!record->spec->card || (!pinned && !released))
        return;
    row = row_of(rows, count, record->spec->card);
    placed = pinned ? &row->pinned : &row->released;
    if (!placed->record)
        placed->record = record;
}

/* Whether it has figures, or a reason for having none. */
static bool had_turn(const struct tb_card_case *placed)
{
    return tb_card_is_measured(placed) || (placed->record && placed->record->outcome != TB_OK);
}

static void fill(const struct tb_result *result, struct tb_card_case *placed)
{
    struct tb_summary summary;

    placed->value = placed->half = placed->floor_ratio = NAN;
    if (!tb_card_is_measured(placed))
        return;
    summary = tb_summarise(result, placed->record);
    placed->floor_ratio = summary.floor_ratio;
    if (tb_phase_count(placed->record)) {
        placed->value = tb_quietest_value(placed->record, SIZE_MAX);
        return;
    }
    placed->value = summary.value.median;
    placed->half = tb_statistics_half(&summary.value);
}

struct tb_card_row *tb_card_rows(const struct tb_result *result, size_t *ret_count)
{
    struct tb_card_row *rows = tb_alloc(result->count, sizeof *rows);
    size_t count = 0;

    *ret_count = 0;
    for (size_t i = 0; i < result->count; i++)
        add(rows, &count, &result->records[i]);
    for (size_t i = 0; i < count; i++) {
        if (!had_turn(&rows[i].pinned) && !had_turn(&rows[i].released))
            continue;
        fill(result, &rows[i].pinned);
        fill(result, &rows[i].released);
        rows[(*ret_count)++] = rows[i];
    }
    return rows;
}

bool tb_card_is_measured(const struct tb_card_case *placed)
{
    return placed->record && placed->record->count;
}

/* The case that names the row's phases. */
static const struct tb_record *either(const struct tb_card_row *row)
{
    return row->pinned.record ? row->pinned.record : row->released.record;
}

size_t tb_card_phases(const struct tb_card_row *row)
{
    return tb_phase_count(either(row));
}

const char *tb_card_phase_name(const struct tb_card_row *row, size_t phase)
{
    return tb_phase_name(either(row), phase);
}

double tb_card_phase(const struct tb_card_case *placed, size_t phase)
{
    if (!tb_card_is_measured(placed) || phase >= tb_phase_count(placed->record))
        return NAN;
    return tb_quietest_value(placed->record, phase);
}
