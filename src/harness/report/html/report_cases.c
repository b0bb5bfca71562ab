#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/counts.h"
#include "document/summary.h"
#include "report/counts_text.h"
#include "report/html/report_parts.h"
#include "report/html/spread.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/strings.h"

/* A case, where it is listed, and with which others it stands in one figure. */
struct listed {
    const struct tb_case *spec; /* the first side's that has it */
    char *family, *point;       /* "create"; the name without the runtime; owned */
    size_t family_place, point_place, place;
};

struct list {
    struct tb_writing *writing;
    struct listed *cases;
    size_t count;
    bool shown[TB_METRICS]; /* any side has counted that: then all tables show it */
};

static void list_finish(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->cases[i].family);
        free(list->cases[i].point);
    }
    free(list->cases);
}

/* "create" of "create/call/cpu:same/posix"; names without parts are one family. */
static char *family_of(const struct tb_case *spec)
{
    if (!strchr(spec->name, '/'))
        return tb_copy("cases");
    return tb_copy_part(spec->name, strcspn(spec->name, "/"));
}

static bool is_wanted(const struct tb_record *record)
{
    return (record->role == TB_SELECTED || record->role == TB_FLOOR_CASE) && record->count;
}

static int in_order(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    size_t left[] = {x->family_place, x->point_place, x->place};
    size_t right[] = {y->family_place, y->point_place, y->place};

    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    }
    return 0;
}

static void list_result(struct list *list, const struct tb_result *result, struct tb_names *names)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_case *spec = result->records[i].spec;

        if (!is_wanted(&result->records[i]) || tb_names_add(names, spec->name) != list->count)
            continue;
        list->cases = tb_grow(list->cases, list->count + 1, sizeof *list->cases);
        list->cases[list->count] = (struct listed){.spec = spec,
                                                   .family = family_of(spec),
                                                   .point = tb_report_point_name(spec),
                                                   .place = list->count};
        list->count++;
    }
}

static void note_counted(struct list *list, const struct tb_side *side)
{
    for (size_t i = TB_TIME + 1; side->count == 1 && i < TB_METRICS; i++)
        list->shown[i] |= tb_is_counted(side->results[0], 1, (enum tb_metric)i);
}

/* Every case of every side, those of a family and of a point together, in the order of the first.
 */
static struct list list_of(struct tb_writing *writing)
{
    struct list list = {.writing = writing};
    tb_auto(tb_names_finish) struct tb_names names = {0}, families = {0}, points = {0};

    for (size_t i = 0; i < writing->view->count; i++) {
        const struct tb_side *side = &writing->view->sides[i];

        for (size_t k = 0; k < side->count; k++)
            list_result(&list, side->results[k], &names);
        note_counted(&list, side);
    }
    for (size_t i = 0; i < list.count; i++) {
        list.cases[i].family_place = tb_names_add(&families, list.cases[i].family);
        list.cases[i].point_place = tb_names_add(&points, list.cases[i].point);
    }
    if (list.count)
        qsort(list.cases, list.count, sizeof *list.cases, in_order);
    return list;
}

/* Some of the list's cases, next to each other. */
struct part {
    const struct list *list;
    size_t begin, end;
};

/* The case on that side, where the side has one result and it was measured. */
static const struct tb_record *record_of(const struct tb_side *side, const char *name)
{
    const struct tb_record *record =
        side->count == 1 ? tb_result_find(side->results[0], name) : NULL;

    return record && record->count ? record : NULL;
}

static struct tb_ruler ruler_of(const struct part *part)
{
    const struct tb_report_view *view = part->list->writing->view;
    double low = INFINITY, high = 0;
    struct tb_ruler ruler;

    for (size_t i = part->begin; i < part->end; i++) {
        for (size_t k = 0; k < view->count; k++) {
            tb_auto(tb_spread_finish) struct tb_spread spread =
                tb_spread_of(&view->sides[k], part->list->cases[i].spec->name);
            double least = tb_spread_value(&spread, 0.1), most = tb_spread_value(&spread, 0.9);

            low = least > 0 ? fmin(low, least) : low; /* a ruler of logarithms */
            high = most > 0 ? fmax(high, most) : high;
        }
    }
    ruler = tb_ruler(low / 1.15, high * 1.15, true);
    tb_ruler_name(&ruler, part->list->cases[part->begin].spec->unit);
    return ruler;
}

/* From the tenth to the ninetieth percentile, with the median. */
static void put_spread(struct tb_writing *writing, const struct tb_ruler *ruler,
                       const struct tb_side *side, const struct tb_case *spec, size_t hue)
{
    tb_auto(tb_spread_finish) struct tb_spread spread = tb_spread_of(side, spec->name);
    struct tb_mark mark = {tb_spread_value(&spread, 0.1), tb_spread_value(&spread, 0.9),
                           tb_spread_value(&spread, 0.5), .hue = hue, .thin = true};
    tb_autofree char *hint =
        tb_print("p10 %s, p50 %s, p90 %s", tb_text_value(&writing->text, spec->unit, mark.low).text,
                 tb_text_value(&writing->text, spec->unit, mark.at).text,
                 tb_text_value(&writing->text, spec->unit, mark.high).text);

    tb_html_marks(writing->html, ruler, mark.at, &mark, mark.low > 0, hint);
}

static void put_counts(const struct list *list, const struct tb_record *record)
{
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        if (list->shown[i])
            tb_html_number(list->writing->html, tb_count_value(record, (enum tb_metric)i), "%s",
                           tb_count_text(record, (enum tb_metric)i).text);
    }
}

static void put_figures(const struct list *list, const struct tb_result *result,
                        const struct tb_record *record)
{
    struct tb_writing *writing = list->writing;
    const char *unit = record->spec->unit;
    struct tb_summary sum = tb_summarise(result, record);
    double half = tb_half_width(&sum.value);
    struct tb_html *html = writing->html;

    tb_html_number(
        html, sum.value.median, "%s <small>%s</small>",
        tb_text_within(&writing->text, unit, sum.value.median, half * fabs(sum.value.median)).text,
        sum.statistic);
    tb_html_number(html, half, "%s", tb_text_percent(half).text);
    tb_html_number(html, sum.value.cv, "%s", tb_text_percent(sum.value.cv).text);
    tb_html_number(html, sum.p99, "%s", tb_text_value(&writing->text, unit, sum.p99).text);
    tb_html_number(html, sum.switches, "%s", tb_text_number(sum.switches).text);
    tb_html_number(html, sum.floor_ratio, "%s", tb_text_number(sum.floor_ratio).text);
    put_counts(list, record);
}

static void put_phases(struct tb_writing *writing, const struct tb_result *result,
                       const struct tb_record *record)
{
    for (size_t i = 0; i < tb_phase_count(record); i++) {
        struct tb_statistics value = tb_phase_value(result, record, i);

        tb_html_row(writing->html, NULL, TB_HTML_PLAIN);
        tb_html_row_name(writing->html, "%s", tb_phase_name(record, i));
        if (writing->view->count > 1)
            tb_html_cell(writing->html, "%s", "");
        tb_html_number(writing->html, NAN, "%s <small>mean</small>",
                       tb_text_within(&writing->text, record->spec->unit, value.median,
                                      tb_half_width(&value) * fabs(value.median))
                           .text);
        tb_html_number(writing->html, NAN, "%s", tb_text_percent(tb_half_width(&value)).text);
        tb_html_number(writing->html, NAN, "%s", tb_text_percent(value.cv).text);
    }
}

static void put_case(const struct part *part, const struct tb_ruler *ruler, size_t index)
{
    struct tb_writing *writing = part->list->writing;
    const struct tb_case *spec = part->list->cases[index].spec;

    for (size_t i = 0; i < writing->view->count; i++) {
        const struct tb_side *side = &writing->view->sides[i];
        const struct tb_record *record = record_of(side, spec->name);

        if (!record)
            continue;
        tb_html_row(writing->html, spec->name, tb_report_kind(writing->view, spec->name));
        tb_report_name(writing, spec->name, NULL);
        if (writing->view->count > 1)
            tb_html_cell(writing->html, "%s", side->name);
        put_figures(part->list, side->results[0], record);
        put_spread(writing, ruler, side, spec, i);
        put_phases(writing, side->results[0], record);
    }
}

enum { most_columns = 8 + TB_METRICS };

/* Which columns there are; returns how many. */
static size_t columns_of(const struct list *list, const char *interval,
                         const struct tb_ruler *ruler, struct tb_html_column *ret_columns)
{
    const struct tb_html_column figures[] = {
        {"value", true, "the median over the processes, each by this statistic"},
        {interval, true, "half the width of the value's confidence interval"},
        {"CV", true, "coefficient of variation of the processes"},
        {"p99", true, "of all samples together"},
        {"switches", true, "context switches for one operation, with what sets it up"},
        {"× floor", true, "as a multiple of what a thread costs without any C library"},
    };
    size_t count = 0;

    ret_columns[count++] = (struct tb_html_column){"case"};
    if (list->writing->view->count > 1)
        ret_columns[count++] = (struct tb_html_column){"subject"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        ret_columns[count++] = figures[i];
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        if (list->shown[i])
            ret_columns[count++] = (struct tb_html_column){
                tb_metric_names[i], true,
                "of one operation, counted, with what sets it up; ~: varies"};
    }
    ret_columns[count++] = (struct tb_html_column){
        "p10 – p50 – p90", .hint = "of all samples together", .ruler = ruler};
    return count;
}

static void put_table(const struct part *part)
{
    struct tb_writing *writing = part->list->writing;
    struct tb_ruler ruler = ruler_of(part);
    double alpha = writing->view->sides->results[0]->settings->alpha;
    tb_autofree char *interval = tb_print("± %s CI", tb_text_confidence(alpha).text);
    struct tb_html_column columns[most_columns];

    tb_html_table(writing->html, columns, columns_of(part->list, interval, &ruler, columns));
    for (size_t i = part->begin; i < part->end; i++)
        put_case(part, &ruler, i);
    tb_html_table_end(writing->html);
}

/* Where the cases from `begin` on, which are alike in one text, end. */
static size_t end_of(const struct list *list, size_t begin, size_t end, bool family)
{
    size_t at = begin;

    while (at < end && (family ? list->cases[at].family_place == list->cases[begin].family_place
                               : list->cases[at].point_place == list->cases[begin].point_place))
        at++;
    return at;
}

static void put_points(const struct part *family)
{
    const struct list *list = family->list;
    const char *doc = NULL;

    for (size_t i = family->begin, end; i < family->end; i = end) {
        tb_autofree const struct tb_case **specs = NULL;
        const char *own = list->cases[i].spec->doc;

        end = end_of(list, i, family->end, false);
        specs = tb_alloc(end - i, sizeof(struct tb_case *));
        for (size_t k = i; k < end; k++)
            specs[k - i] = list->cases[k].spec;
        tb_report_point(list->writing, list->cases[i].point, tb_same(own, doc) ? NULL : own, specs,
                        end - i);
        doc = own;
    }
}

enum { few = 60 }; /* cases, which are all open */

static void put_family(const struct part *family)
{
    const struct list *list = family->list;
    struct tb_writing *writing = list->writing;
    size_t count = family->end - family->begin;

    tb_html_group(writing->html, list->count <= few, list->cases[family->begin].family,
                  tb_text_count(count, "case").text);
    if (writing->view->sides->count == 1)
        put_table(family);
    put_points(family);
    tb_html_group_end(writing->html);
}

static void put_note(void *user, const char *sentence)
{
    tb_html_put(user, "<p class=\"note\">%s.</p>\n", sentence);
}

/* Who has counted, and what was not. */
static void put_count_notes(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    tb_autofree const struct tb_result **results =
        tb_alloc(view->count, sizeof(struct tb_result *));
    tb_autofree char *meaning = NULL;
    size_t count = 0;

    for (size_t i = 0; i < view->count; i++) {
        if (view->sides[i].count == 1)
            results[count++] = view->sides[i].results[0];
    }
    meaning = tb_count_meaning(results, count);
    if (meaning)
        put_note(writing->html, meaning);
    for (size_t i = 0; i < view->count; i++) {
        const struct tb_side *side = &view->sides[i];

        if (side->count == 1)
            tb_count_each_reason(side->results[0], view->count > 1 ? side->name : NULL, put_note,
                                 writing->html);
    }
}

void tb_report_cases(struct tb_writing *writing)
{
    tb_auto(list_finish) struct list list = list_of(writing);

    if (!list.count)
        return;
    tb_report_section(writing, "cases", "Cases and their distributions");
    if (writing->view->sides->count == 1) /* else there is no table of counts either */
        put_count_notes(writing);
    for (size_t i = 0, end; i < list.count; i = end) {
        end = end_of(&list, i, list.count, true);
        put_family(&(struct part){&list, i, end});
    }
}
