#include <stdlib.h>
#include <string.h>

#include "report/listing.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

/* What a sample is, where it is not what it was in the case before. */
static void put_doc(const struct tb_page *page, const struct tb_case *item, const char **last)
{
    const char *doc = item->doc ? item->doc : "";

    if (*last && strcmp(*last, doc))
        tb_page_line(page, 4, "%s", doc);
    *last = doc;
}

/* Names stand whole on lines of their own: they are what --filter is matched with. */
static void put_cases(const struct tb_page *page, const struct tb_catalogue *catalogue,
                      const enum tb_role *roles)
{
    const char *last = "";

    for (size_t i = 0; i < catalogue->count; i++) {
        const struct tb_case *item = &catalogue->cases[i];
        tb_autofree char *name = tb_copy(item->name);

        if (roles[i] != TB_SELECTED)
            continue;
        put_doc(page, item, &last);
        tb_sanitize_line(name);
        (void)fprintf(page->out, "%s%s%s\n", catalogue->known ? "    " : "", name,
                      item->core ? " [core]" : ""); /* the caller asks ferror() */
    }
}

/* Whether a listed case has the axis, or is of the runtime, of that name. */
static bool is_used(const struct tb_catalogue *catalogue, const enum tb_role *roles,
                    const char *name)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct tb_case *item = &catalogue->cases[i];

        if (roles[i] == TB_SELECTED &&
            (tb_same(item->runtime, name) ||
             cJSON_GetObjectItemCaseSensitive(tb_json_find(item->source, "axes"), name)))
            return true;
    }
    return false;
}

/* "posix: pthreads", and in brackets what `more` of it is, behind a mark. */
static void put_term(const struct tb_page *page, const cJSON *item, const char *kind,
                     const char *more, const char *mark)
{
    const char *name = tb_json_text(item, "name"), *doc = tb_json_text(item, "doc");
    const char *text = tb_json_text(item, more);

    if (text)
        tb_page_line(page, 4, "%s %s: %s (%s%s)", kind, name ? name : "?", doc ? doc : "", mark,
                     text);
    else
        tb_page_line(page, 4, "%s %s: %s", kind, name ? name : "?", doc ? doc : "");
}

/* Where only some cases are listed, what these are made of; else all that there is. */
static void put_legend(const struct tb_page *page, const struct tb_catalogue *catalogue,
                       const enum tb_role *roles)
{
    const cJSON *item;
    bool all = true;

    for (size_t i = 0; i < catalogue->count; i++)
        all &= roles[i] == TB_SELECTED;
    tb_json_each(item, tb_json_find(catalogue->root, "runtimes")) {
        if (all || is_used(catalogue, roles, tb_json_text(item, "name")))
            put_term(page, item, "runtime", "unavailable", "not here: ");
    }
    tb_json_each(item, tb_json_find(catalogue->root, "axes")) {
        if (all || is_used(catalogue, roles, tb_json_text(item, "name")))
            put_term(page, item, "axis", "unit", "in ");
    }
}

/* What the cases of one benchmark have in common; a case without one stands for itself. */
struct benchmark {
    const struct tb_case *first;
    size_t cases;
};

static const char *benchmark_of(const struct tb_case *item)
{
    const char *benchmark = tb_json_text(item->source, "benchmark");

    return benchmark ? benchmark : item->name;
}

/* What of a text of so many columns has room; the caller's. */
static char *shortened(const struct tb_page *page, const char *text, size_t room)
{
    const char *mark = page->utf8 ? "\u2026" : "...";
    size_t size = 0, left = room - tb_columns(mark, strlen(mark));

    if (tb_columns(text, strlen(text)) <= room)
        return tb_copy(text);
    while (tb_columns(text, size + 1) <= left)
        size++;
    return tb_print("%.*s%s", (int)size, text, mark);
}

enum { shortest_doc = 16 };

/* One line, which is cut where a terminal would break it. */
static void put_benchmark(const struct tb_page *page, const struct benchmark *benchmark,
                          size_t width)
{
    const char *doc = benchmark->first->doc;
    tb_autofree char *name = tb_copy(benchmark_of(benchmark->first));
    tb_autofree char *text = tb_copy(doc ? doc : ""), *cut = NULL;
    size_t used = width + 7; /* the count of cases, and blanks */
    size_t room = page->table_width > used + shortest_doc ? page->table_width - used : shortest_doc;

    tb_sanitize_line(name);
    tb_sanitize_line(text);
    cut = page->table_width ? shortened(page, text, room) : tb_copy(text);
    (void)fprintf(page->out, "%s%*s %4zu%s%s\n", name,
                  (int)(width - tb_columns(name, strlen(name))), "", benchmark->cases,
                  *cut ? "  " : "", cut); /* the caller asks ferror() */
}

void tb_listing_put_benchmarks(const struct tb_page *page, const struct tb_catalogue *catalogue)
{
    tb_autofree struct benchmark *all = tb_alloc(catalogue->count, sizeof *all);
    tb_auto(tb_names_finish) struct tb_names names = {0};
    size_t width = strlen("benchmark");

    for (size_t i = 0; i < catalogue->count; i++) {
        const char *name = benchmark_of(&catalogue->cases[i]);
        struct benchmark *benchmark = &all[tb_names_add(&names, name)];
        size_t columns = tb_columns(name, strlen(name));

        if (!benchmark->cases++)
            benchmark->first = &catalogue->cases[i];
        width = columns > width ? columns : width;
    }
    (void)fprintf(page->out, "%s%-*s cases  what is measured%s\n", tb_ink_begin(page, TB_INK_FAINT),
                  (int)width - 1, "benchmark", tb_ink_end(page, TB_INK_FAINT));
    for (size_t i = 0; i < names.count; i++)
        put_benchmark(page, &all[i], width);
    tb_page_line(page, 4,
                 "%s, %s: -f '^%s' lists the cases of one with their runtimes and axes, "
                 "-v all cases",
                 tb_text_count(names.count, "benchmark").text,
                 tb_text_count(catalogue->count, "case").text, names.count ? *names.names : "");
}

void tb_listing_put(const struct tb_page *page, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles)
{
    put_legend(page, catalogue, roles);
    put_cases(page, catalogue, roles);
}
