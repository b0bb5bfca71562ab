#include <math.h>
#include <stdlib.h>

#include "document/breakdown.h"
#include "document/card.h"
#include "report/html/report_parts.h"
#include "util/json.h"
#include "util/memory.h"

/* A card while it is written, which leaves out a placement that no case of it has. */
struct card {
    struct tb_writing *writing;
    struct tb_ruler ruler;
    bool pinned, released;
};

static void widen(double *low, double *high, double value)
{
    if (!(value > 0))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

/* By a case and its phases. */
static void widen_by(double *low, double *high, const struct tb_card_row *row,
                     const struct tb_card_case *placed)
{
    widen(low, high, placed->value);
    for (size_t i = 0; i < tb_card_phases(row); i++)
        widen(low, high, tb_card_phase(placed, i));
}

static struct tb_ruler ruler_of(const struct tb_card_row *rows, size_t count)
{
    double low = INFINITY, high = 0;
    struct tb_ruler ruler;

    for (size_t i = 0; i < count; i++) {
        widen_by(&low, &high, &rows[i], &rows[i].pinned);
        widen_by(&low, &high, &rows[i], &rows[i].released);
    }
    ruler = tb_ruler(low / 1.6, high * 1.6, true);
    tb_ruler_name(&ruler, "ns");
    return ruler;
}

/* "-" where it was not measured. */
static struct tb_text text_of(const struct tb_writing *writing, const struct tb_card_case *placed)
{
    const char *unit = placed->record ? placed->record->spec->unit : "";

    return tb_text_within(&writing->text, unit, placed->value, placed->half);
}

static void put_value(struct tb_writing *writing, const struct tb_card_case *placed)
{
    const struct tb_record *record = placed->record;
    double ratio = placed->floor_ratio;

    if (tb_card_is_measured(placed))
        tb_html_number(writing->html, placed->value, "%s", text_of(writing, placed).text);
    else
        tb_html_number(writing->html, NAN, "%s", record ? tb_record_outcome(record) : "");
    tb_html_number(writing->html, ratio, "%s", isnan(ratio) ? "" : tb_text_number(ratio).text);
}

static void put_row(const struct card *card, const struct tb_card_row *row)
{
    struct tb_writing *writing = card->writing;
    const struct tb_card_case *const cases[] = {&row->pinned, &row->released};
    tb_autofree char *hint = tb_print("pinned %s, free %s", text_of(writing, &row->pinned).text,
                                      text_of(writing, &row->released).text);
    struct tb_mark marks[2];
    size_t count = 0;

    for (size_t i = 0; i < 2; i++) {
        if (tb_card_is_measured(cases[i]))
            marks[count++] = (struct tb_mark){NAN, NAN, cases[i]->value, .hue = i};
    }
    tb_html_row(writing->html, row->label, TB_HTML_PLAIN);
    tb_html_row_name(writing->html, "%s", row->label);
    if (card->pinned)
        put_value(writing, &row->pinned);
    if (card->released)
        put_value(writing, &row->released);
    tb_html_marks(writing->html, &card->ruler, count ? marks[0].at : NAN, marks, count, hint);
}

/* A phase at one placement; returns its value, NaN where there is none. */
static double put_phase_value(const struct card *card, const struct tb_card_case *placed,
                              size_t phase)
{
    double value = tb_card_phase(placed, phase);
    struct tb_text text = {""};

    if (placed->record && !isnan(value))
        text = tb_text_value(&card->writing->text, placed->record->spec->unit, value);
    tb_html_number(card->writing->html, value, "%s", text.text);
    tb_html_number(card->writing->html, NAN, "%s", "");
    return value;
}

/* The phases of a row of which the whole has some. */
static void put_phases(const struct card *card, const struct tb_card_row *row)
{
    for (size_t i = 0; i < tb_card_phases(row); i++) {
        struct tb_mark marks[] = {{NAN, NAN, NAN, .hue = 0}, {NAN, NAN, NAN, .hue = 1}};

        tb_html_row(card->writing->html, NULL, TB_HTML_PLAIN);
        tb_html_row_name(card->writing->html, "%s", tb_card_phase_name(row, i));
        if (card->pinned)
            marks[0].at = put_phase_value(card, &row->pinned, i);
        if (card->released)
            marks[1].at = put_phase_value(card, &row->released, i);
        tb_html_marks(card->writing->html, &card->ruler, NAN, marks, 2, "");
    }
}

/* Which columns there are; returns how many. */
static size_t columns_of(const struct card *card, struct tb_html_column *ret_columns)
{
    static const char hint[] = "as a multiple of what a thread costs without any C library";
    size_t count = 0;

    ret_columns[count++] = (struct tb_html_column){"one thread costs"};
    if (card->pinned) {
        ret_columns[count++] =
            (struct tb_html_column){"pinned", true, "parent and child on one CPU"};
        ret_columns[count++] = (struct tb_html_column){"× floor", true, hint};
    }
    if (card->released) {
        ret_columns[count++] = (struct tb_html_column){"free", true, "left to the scheduler"};
        ret_columns[count++] = (struct tb_html_column){"× floor", true, hint};
    }
    ret_columns[count++] = (struct tb_html_column){"to scale", .ruler = &card->ruler};
    return count;
}

static void put_card(struct tb_writing *writing, const struct tb_card_row *rows, size_t count)
{
    struct card card = {writing, ruler_of(rows, count)};
    struct tb_html_column columns[6];

    for (size_t i = 0; i < count; i++) {
        card.pinned |= rows[i].pinned.record != NULL;
        card.released |= rows[i].released.record != NULL;
    }
    tb_html_put(writing->html, "<ul class=\"legend\">");
    if (card.pinned)
        tb_html_put(writing->html, "<li><i class=\"h1\"></i> pinned to one CPU</li>");
    if (card.released)
        tb_html_put(writing->html, "<li><i class=\"h2\"></i> free</li>");
    tb_html_put(writing->html, "</ul>\n");
    tb_html_table(writing->html, columns, columns_of(&card, columns));
    for (size_t i = 0; i < count; i++) {
        put_row(&card, &rows[i]);
        put_phases(&card, &rows[i]);
    }
    tb_html_table_end(writing->html);
}

/* A side of several sessions is shown by its comparison alone. */
static const struct tb_result *only_result(const struct tb_side *side)
{
    return side->count == 1 ? side->results[0] : NULL;
}

void tb_report_cost(struct tb_writing *writing)
{
    bool begun = false;

    for (size_t i = 0; i < writing->view->count; i++) {
        const struct tb_result *result = only_result(&writing->view->sides[i]);
        size_t count = 0;
        tb_autofree struct tb_card_row *rows = result ? tb_card_rows(result, &count) : NULL;

        if (!count)
            continue;
        if (!begun)
            tb_report_section(writing, "cost", "What one thread costs");
        if (writing->view->count > 1)
            tb_html_group(writing->html, !begun, writing->view->sides[i].name, NULL);
        put_card(writing, rows, count);
        if (writing->view->count > 1)
            tb_html_group_end(writing->html);
        begun = true;
    }
    if (begun)
        tb_html_put(writing->html,
                    "<p class=\"note\">The lines overlap, so they do not add up. × floor: as a "
                    "multiple of what a thread costs without any C library, in the same rounds."
                    "</p>\n");
}

/* A line of a breakdown: where its bar begins and how long it is, in ns. */
struct step {
    const char *name;
    double from, ns, share;
    bool part, rest, whole;
};

static void put_step(struct tb_writing *writing, const struct tb_ruler *ruler,
                     const struct step *step)
{
    const struct tb_mark mark = {step->from, step->from + step->ns, NAN,
                                 .hue = step->rest   ? TB_HUES - 1
                                        : step->part ? 0
                                                     : 5};
    struct tb_text time = tb_text_time(&writing->text, step->ns);
    struct tb_text share = tb_text_percent(step->share);
    tb_autofree char *hint = tb_print("%s: %s, %s", step->name, time.text, share.text);

    tb_html_row(writing->html, step->part ? NULL : step->name, TB_HTML_PLAIN);
    tb_html_row_name(writing->html, "%s", step->name);
    tb_html_number(writing->html, step->ns, "%s", time.text);
    tb_html_number(writing->html, step->share, "%s", share.text);
    tb_html_marks(writing->html, ruler, NAN, &mark, step->ns > 0 && !step->whole, hint);
}

static char *part_name(const cJSON *part)
{
    const char *what = tb_json_text(part, "what");
    double times = tb_json_number(part, "times", 1);

    return times == 1 ? tb_print("%s", what ? what : "?")
                      : tb_print("%s, %g times", what ? what : "?", times);
}

/* A phase and its parts, each beginning where the one before has ended; returns where it ends. */
static double put_phase(struct tb_writing *writing, const struct tb_ruler *ruler,
                        const cJSON *phase, double from)
{
    const char *name = tb_json_text(phase, "name");
    double ns = tb_json_number(phase, "value_ns", NAN), at = from;
    const cJSON *part;

    put_step(writing, ruler,
             &(struct step){name ? name : "", from, ns, tb_json_number(phase, "value_share", NAN)});
    tb_json_each(part, tb_json_find(phase, "parts")) {
        tb_autofree char *what = part_name(part);
        double own = tb_json_number(part, "value_ns", NAN);

        put_step(writing, ruler,
                 &(struct step){what, at, own, tb_json_number(part, "value_share", NAN), true});
        at += isnan(own) ? 0 : own;
    }
    put_step(writing, ruler,
             &(struct step){"unattributed", at, tb_json_number(phase, "unattributed_ns", NAN),
                            tb_json_number(phase, "unattributed_share", NAN), true, true});
    return from + (isnan(ns) ? 0 : ns);
}

static void put_breakdown(struct tb_writing *writing, const struct tb_record *record,
                          const cJSON *breakdown, const char *label)
{
    double total = tb_json_number(breakdown, "total_ns", NAN), at = 0;
    struct tb_ruler ruler = tb_ruler(0, total, false);
    const struct tb_html_column columns[] = {
        {"phase"}, {"mean", true}, {"share", true}, {"to scale", .ruler = &ruler}};
    const cJSON *phase;

    tb_ruler_name(&ruler, "ns");
    tb_html_block(writing->html, record->spec->name, TB_HTML_PLAIN);
    tb_html_put(writing->html, "<h3>%s%s%s</h3>\n", record->spec->name, label ? ", " : "", label);
    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    tb_json_each(phase, tb_json_find(breakdown, "phases"))
        at = put_phase(writing, &ruler, phase, at);
    put_step(writing, &ruler, &(struct step){"all of it", 0, total, 1, .whole = true});
    tb_html_table_end(writing->html);
    tb_html_put(
        writing->html, "<p class=\"note\">Unattributed in all, of either sign: %s, %s.</p>\n",
        tb_text_time(&writing->text, tb_json_number(breakdown, "unattributed_ns", NAN)).text,
        tb_text_percent(tb_json_number(breakdown, "unattributed_share", NAN)).text);
    tb_html_block_end(writing->html);
}

void tb_report_breakdown(struct tb_writing *writing)
{
    bool begun = false;

    for (size_t i = 0; i < writing->view->count; i++) {
        const struct tb_result *result = only_result(&writing->view->sides[i]);

        for (size_t k = 0; result && k < result->count; k++) {
            tb_autojson cJSON *breakdown = tb_breakdown(result, &result->records[k]);

            if (!breakdown)
                continue;
            if (!begun)
                tb_report_section(writing, "breakdown", "Where the time goes");
            begun = true;
            put_breakdown(writing, &result->records[k], breakdown, result->subject->label);
        }
    }
}
