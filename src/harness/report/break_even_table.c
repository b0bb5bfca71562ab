#include "report/break_even_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/break_even.h"
#include "report/table.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

enum { CASE, COSTS, THREAD, MARGINS };

/* Where a time's unit begins, with its blank. */
static const char *unit_of(const struct tb_text *time)
{
    const char *blank = strchr(time->text, ' ');

    return blank ? blank : "";
}

/* "304 (261 .. 340) µs", or "980 µs (910 µs .. 1.1 ms)". */
static char *span(const struct tb_page *page, double value, double low, double high)
{
    double half = (high - low) / 2;
    struct tb_text middle = tb_text_within(page, "ns", value, half);
    struct tb_text least = low > 0 ? tb_text_within(page, "ns", low, half) : (struct tb_text){"0"};
    struct tb_text most = tb_text_within(page, "ns", high, half);
    const char *unit = unit_of(&middle);

    if (isnan(half))
        return tb_copy(middle.text);
    if ((*unit_of(&least) && strcmp(unit, unit_of(&least)) != 0) ||
        strcmp(unit, unit_of(&most)) != 0)
        return tb_print("%s (%s .. %s)", middle.text, least.text, most.text);
    return tb_print("%.*s (%.*s .. %.*s)%s", (int)strcspn(middle.text, " "), middle.text,
                    (int)strcspn(least.text, " "), least.text, (int)strcspn(most.text, " "),
                    most.text, unit);
}

char *tb_break_even_text(const struct tb_page *page, const cJSON *margin)
{
    double refuted = tb_json_number(margin, "refuted_ns", NAN);
    double length = tb_json_number(margin, "length_ns", NAN);
    double high = tb_json_number(margin, "high_ns", NAN);

    if (isfinite(refuted))
        return tb_print("none up to %s", tb_text_time(page, refuted).text);
    if (length == 0 && high > 0)
        return tb_print("always, or %s", tb_text_time(page, high).text);
    if (length == 0)
        return tb_copy("always");
    return span(page, length, tb_json_number(margin, "low_ns", NAN), high);
}

struct tb_text tb_break_even_ratio(const cJSON *point)
{
    double ratio = tb_json_number(point, "ratio", NAN), low = tb_json_number(point, "low", NAN);

    if (isnan(low))
        return tb_text_print(isfinite(ratio), "%.3f", ratio);
    return tb_text_print(true, "%.3f (%.3f .. %.3f)", ratio, low,
                         tb_json_number(point, "high", NAN));
}

struct tb_text tb_break_even_margin(const cJSON *margin)
{
    return tb_text_print(true, "%g %% more", 100 * tb_json_number(margin, "margin", NAN));
}

static void put_row(const struct tb_page *page, const cJSON *item, struct libscols_table *table)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);
    const char *reason = tb_json_text(item, "reason");
    const cJSON *margin;
    size_t column = MARGINS;

    tb_table_set(line, CASE, tb_json_text(item, "case"));
    tb_table_set(line, COSTS, tb_text_time(page, tb_json_number(item, "alternative_ns", NAN)).text);
    tb_table_set(line, THREAD, tb_text_time(page, tb_json_number(item, "thread_ns", NAN)).text);
    tb_json_each(margin, tb_json_find(item, "margins")) {
        tb_autofree char *text = reason ? tb_copy("missing") : tb_break_even_text(page, margin);

        tb_table_set(line, column, text);
        tb_table_ink(page, line, column++, reason ? TB_INK_FAINT : TB_INK_STRONG);
    }
}

static void put_answers(const struct tb_page *page, const cJSON *list)
{
    struct libscols_table *table = tb_page_table(page);
    const cJSON *item;

    tb_table_column(table, "alternative", SCOLS_FL_WRAP);
    tb_table_column(table, "costs", SCOLS_FL_RIGHT);
    tb_table_column(table, "thread", SCOLS_FL_RIGHT);
    tb_json_each(item, tb_json_find(list->child, "margins"))
        tb_table_column(table, tb_break_even_margin(item).text, SCOLS_FL_RIGHT);
    tb_json_each(item, list)
        put_row(page, item, table);
    tb_page_put_fitted(page, table, (const size_t[]){THREAD, COSTS}, 2);
}

/* Each reason once, as an alternative is missing in all of its rows. */
static void put_reasons(const struct tb_page *page, const cJSON *list)
{
    const char *last = NULL;
    const cJSON *item;

    tb_json_each(item, list) {
        const char *reason = tb_json_text(item, "reason");

        if (reason && !tb_same(reason, last))
            tb_page_line(page, 4, "missing %s: %s", tb_json_text(item, "case"), reason);
        last = reason ? reason : last;
    }
}

static void put_check(const struct tb_page *page, const cJSON *list)
{
    struct libscols_table *table = tb_page_table(page);
    const cJSON *item, *point;

    tb_table_column(table, "check: thread / alternative", SCOLS_FL_WRAP);
    tb_table_column(table, "task of", SCOLS_FL_RIGHT);
    tb_table_column(table, "measured", SCOLS_FL_RIGHT);
    tb_table_column(table, "expected", SCOLS_FL_RIGHT);
    tb_json_each(item, list) {
        tb_json_each(point, tb_json_find(item, "points")) {
            struct libscols_line *line = scols_table_new_line(table, NULL);
            double length = tb_json_number(point, "length_ns", NAN);
            double expected = tb_json_number(point, "expected", NAN);

            tb_table_set(line, 0, tb_json_text(item, "case"));
            tb_table_set(line, 1, tb_text_time(page, length).text);
            tb_table_set(line, 2, tb_break_even_ratio(point).text);
            tb_table_set(line, 3, tb_text_print(isfinite(expected), "%.3f", expected).text);
        }
    }
    if (scols_table_get_nlines(table) == 0) {
        scols_unref_table(table);
        return;
    }
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    tb_page_put_fitted(page, table, NULL, 0);
}

/* A run of a few rounds has none. */
static bool has_intervals(const cJSON *list)
{
    const cJSON *item, *part;

    tb_json_each(item, list) {
        tb_json_each(part, tb_json_find(item, "margins")) {
            if (isfinite(tb_json_number(part, "low_ns", NAN)))
                return true;
        }
        tb_json_each(part, tb_json_find(item, "points")) {
            if (isfinite(tb_json_number(part, "low", NAN)))
                return true;
        }
    }
    return false;
}

void tb_break_even_put(const struct tb_page *page, const struct tb_result *result)
{
    const struct tb_page lines = tb_page_verbatim(page);
    const char *label = result->subject->label;
    tb_autojson cJSON *list = tb_break_even(result);
    tb_autofree char *confidence = NULL;

    if (!list->child)
        return;
    if (has_intervals(list))
        confidence = tb_print(" (%s CI)", tb_text_confidence(result->settings->alpha).text);
    (void)fputc('\n', page->out); /* the caller asks ferror(), here and below */
    tb_page_line_in(&lines, TB_INK_STRONG, SIZE_MAX, 4,
                    "Task length from which a thread for each task costs at most 5, 1 or 0.1 %% "
                    "more than the alternative%s%s%s",
                    label ? ", " : "", label ? label : "", confidence ? confidence : "");
    (void)fputc('\n', page->out);
    put_answers(page, list);
    tb_page_gap(page);
    put_reasons(&lines, list);
    tb_page_line(&lines, 4,
                 "costs, thread: what a task of length 0 costs by the alternative and by a thread; "
                 "from these the lengths follow");
    put_check(page, list);
}
