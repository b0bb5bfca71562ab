#include <stdlib.h>

#include "report/html/report_parts.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/strings.h"

/* Cases that have no full result for the same reason. */
struct left_out {
    const char *outcome, *reason;
    char **names; /* owned: "LABEL: CASE (floor)" */
    size_t count;
};

struct list {
    struct left_out *each;
    size_t count;
};

static void list_finish(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        tb_words_free(list->each[i].names);
    free(list->each);
}

static struct left_out *entry_of(struct list *list, const char *outcome, const char *reason)
{
    for (size_t i = 0; i < list->count; i++) {
        if (tb_same(list->each[i].outcome, outcome) && tb_same(list->each[i].reason, reason))
            return &list->each[i];
    }
    list->each = tb_grow(list->each, list->count + 1, sizeof *list->each);
    list->each[list->count] = (struct left_out){outcome, reason};
    return &list->each[list->count++];
}

static void add(struct list *list, const char *label, const struct tb_record *record)
{
    bool pending = tb_is_pending(record), selected = record->role == TB_SELECTED;
    struct left_out *entry;

    if ((record->outcome == TB_OK && !pending) || (pending && !selected))
        return;
    entry = entry_of(list, tb_record_outcome(record), record->reason);
    entry->names = tb_grow(entry->names, entry->count + 2, sizeof *entry->names);
    entry->names[entry->count++] = tb_print(
        "%s%s%s%s%s%s", label ? label : "", label ? ": " : "", record->spec->name,
        selected ? "" : " (", selected ? "" : tb_role_names[record->role], selected ? "" : ")");
    entry->names[entry->count] = NULL;
}

static struct list list_of(const struct tb_report_view *view)
{
    struct list list = {0};

    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->sides[i].count; k++) {
            const struct tb_result *result = view->sides[i].results[k];

            for (size_t r = 0; r < result->count; r++)
                add(&list, view->count > 1 ? view->sides[i].name : NULL, &result->records[r]);
        }
    }
    return list;
}

static void put_names(struct tb_writing *writing, const struct left_out *entry)
{
    enum { few = 3 };
    struct tb_html *html = writing->html;

    tb_html_put(html, "<td class=\"name\">");
    if (entry->count > few)
        tb_html_put(html, "<details class=\"data\"><summary>%s</summary>",
                    tb_text_count(entry->count, "case").text);
    for (size_t i = 0; i < entry->count; i++)
        tb_html_put(html, "%s<br>", entry->names[i]);
    tb_html_put(html, entry->count > few ? "</details></td>" : "</td>");
}

void tb_report_left_out(struct tb_writing *writing)
{
    static const struct tb_html_column columns[] = {
        {"outcome"}, {"reason"}, {"count", true}, {"cases"}};
    tb_auto(list_finish) struct list list = list_of(writing->view);

    if (!list.count)
        return;
    tb_report_section(writing, "left-out", "Without a figure");
    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < list.count; i++) {
        const struct left_out *entry = &list.each[i];
        tb_autofree char *searched =
            tb_report_joined((const char *const *)entry->names, entry->count);

        tb_html_row(writing->html, searched, TB_HTML_PLAIN);
        tb_html_put(writing->html, "<th scope=\"row\" class=\"%s\">%s</th>",
                    tb_same(entry->outcome, "failed") ? "bad" : "", entry->outcome);
        tb_html_cell(writing->html, "%s", entry->reason ? entry->reason : "had no turn");
        tb_html_number(writing->html, (double)entry->count, "%zu", entry->count);
        put_names(writing, entry);
    }
    tb_html_table_end(writing->html);
}
