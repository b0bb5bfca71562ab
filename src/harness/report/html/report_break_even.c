#include <math.h>

#include "document/break_even.h"
#include "report/break_even_table.h"
#include "report/html/report_parts.h"
#include "util/json.h"
#include "util/memory.h"

enum { most_columns = 8 };

static void put_time(struct tb_writing *writing, double ns)
{
    tb_html_number(writing->html, ns, "%s", tb_text_time(&writing->text, ns).text);
}

static void put_row(struct tb_writing *writing, const cJSON *item)
{
    const char *name = tb_json_text(item, "case"), *reason = tb_json_text(item, "reason");
    const cJSON *margin;

    tb_html_row(writing->html, name, TB_HTML_PLAIN);
    tb_report_name(writing, name, reason);
    put_time(writing, tb_json_number(item, "alternative_ns", NAN));
    put_time(writing, tb_json_number(item, "thread_ns", NAN));
    tb_json_each(margin, tb_json_find(item, "margins")) {
        tb_autofree char *text =
            reason ? tb_copy("missing") : tb_break_even_text(&writing->text, margin);

        tb_html_number(writing->html, tb_json_number(margin, "length_ns", NAN), "%s", text);
    }
}

static void put_answers(struct tb_writing *writing, const cJSON *list)
{
    struct tb_html_column columns[most_columns] = {
        {"alternative"},
        {"costs", true, "what a task of length 0 costs by the alternative"},
        {"thread", true, "what a task of length 0 costs by a thread made for it"},
    };
    struct tb_text names[most_columns];
    size_t count = 3;
    const cJSON *item;

    tb_json_each(item, tb_json_find(list->child, "margins")) {
        names[count] = tb_break_even_margin(item);
        columns[count] = (struct tb_html_column){
            names[count].text, true, "from this length on a thread costs at most so much more"};
        count++;
    }
    tb_html_table(writing->html, columns, count);
    tb_json_each(item, list)
        put_row(writing, item);
    tb_html_table_end(writing->html);
}

static void put_check(struct tb_writing *writing, const cJSON *list)
{
    static const struct tb_html_column columns[] = {
        {"thread / alternative"},
        {"task of", true},
        {"measured", true, "the median over rounds, and its interval"},
        {"expected", true, "by what tasks of length 0 cost"},
    };
    const cJSON *item, *point;

    tb_html_details(writing->html, "Check: the ratio at the lengths that were measured");
    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    tb_json_each(item, list) {
        tb_json_each(point, tb_json_find(item, "points")) {
            double expected = tb_json_number(point, "expected", NAN);

            tb_html_row(writing->html, tb_json_text(item, "case"), TB_HTML_PLAIN);
            tb_report_name(writing, tb_json_text(item, "case"), NULL);
            put_time(writing, tb_json_number(point, "length_ns", NAN));
            tb_html_number(writing->html, tb_json_number(point, "ratio", NAN), "%s",
                           tb_break_even_ratio(point).text);
            tb_html_number(writing->html, expected, "%s",
                           tb_text_print(isfinite(expected), "%.3f", expected).text);
        }
    }
    tb_html_table_end(writing->html);
    tb_html_details_end(writing->html);
}

static bool has_points(const cJSON *list)
{
    const cJSON *item;
    bool found = false;

    tb_json_each(item, list)
        found |= cJSON_GetArraySize(tb_json_find(item, "points")) > 0;
    return found;
}

void tb_report_break_even(struct tb_writing *writing)
{
    bool begun = false;

    for (size_t i = 0; i < writing->view->count; i++) {
        const struct tb_side *side = &writing->view->sides[i];
        tb_autojson cJSON *list = side->count == 1 ? tb_break_even(side->results[0]) : NULL;

        if (!list || !list->child)
            continue;
        if (!begun)
            tb_report_section(writing, "break-even", "From which task length on a thread will do");
        if (writing->view->count > 1)
            tb_html_group(writing->html, !begun, side->name, NULL);
        put_answers(writing, list);
        if (has_points(list))
            put_check(writing, list);
        if (writing->view->count > 1)
            tb_html_group_end(writing->html);
        begun = true;
    }
    if (begun)
        tb_html_put(writing->html,
                    "<p class=\"note\">The task length from which a thread for each task costs at "
                    "most 5, 1 or 0.1 %% more than the alternative, with the interval. It follows "
                    "from tasks of length 0, as what a task costs besides its work does not depend "
                    "on its length.</p>\n");
}
