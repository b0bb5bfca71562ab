#include "report/verdict_text.h"

#include <math.h>
#include <stdlib.h>

#include "report/headline.h"
#include "util/memory.h"

const char *tb_verdict_text(const struct tb_compared *row)
{
    if (row->reason)
        return "missing";
    if (tb_reports_tail(row))
        return row->tail.verdict == TB_SLOWER ? "tail slower" : "tail faster";
    return tb_verdict_names[row->test.verdict];
}

struct tb_text tb_effect_text(const struct tb_effect *effect)
{
    return tb_text_change(effect->ratio, (effect->high - effect->low) / 2);
}

char *tb_doubt_text(const struct tb_comparison *comparison, const struct tb_test *test, bool whole)
{
    const struct tb_effect *effect = &test->effect;
    size_t pairs = effect->pairs, more = effect->pairs_needed;
    tb_autofree char *shown =
        whole && isfinite(effect->mde)
            ? tb_print(", MDE %s with %zu", tb_text_change(effect->mde, NAN).text, pairs)
            : tb_copy("");

    if (test->powerless)
        return tb_print("%zu %s can give no alarm", pairs, tb_units_text(comparison->unit, pairs));
    if (!more)
        return tb_print("more %s would hardly decide%s", tb_units_text(comparison->unit, 0), shown);
    return tb_print("about %zu more %s needed%s", more, tb_units_text(comparison->unit, more),
                    shown);
}

static char *tail_note_of(const struct tb_compared *row)
{
    struct tb_text tail = tb_text_change(row->tail.effect.ratio, NAN);
    struct tb_text interval = tb_text_changes(row->tail.effect.low, row->tail.effect.high);
    tb_autofree char *moved =
        tb_print("its %s changed by %s (%s %%)", row->tail.statistic, tail.text, interval.text);

    return tb_print("%s, its %s by %s", moved, row->test.statistic,
                    tb_text_change(row->test.effect.ratio, NAN).text);
}

/* The caller's. */
static char *doubt_note(const struct tb_comparison *comparison, const struct tb_compared *row,
                        bool whole)
{
    tb_autofree char *doubt = tb_doubt_text(comparison, &row->test, whole);

    if (row->varies > 0)
        return tb_print("its %s differ by %s between rounds, %s", row->test.statistic,
                        tb_text_percent(row->varies).text, doubt);
    return tb_copy(doubt);
}

char *tb_verdict_note(const struct tb_comparison *comparison, const struct tb_compared *row,
                      bool whole)
{
    if (row->reason)
        return tb_copy(row->reason);
    if (tb_reports_tail(row))
        return tail_note_of(row);
    return row->test.verdict == TB_INCONCLUSIVE ? doubt_note(comparison, row, whole) : NULL;
}
