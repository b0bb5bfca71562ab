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
    cJSON_ArrayForEach(item, tb_json_find(catalogue->root, "runtimes")) {
        if (all || is_used(catalogue, roles, tb_json_text(item, "name")))
            put_term(page, item, "runtime", "unavailable", "not here: ");
    }
    cJSON_ArrayForEach(item, tb_json_find(catalogue->root, "axes")) {
        if (all || is_used(catalogue, roles, tb_json_text(item, "name")))
            put_term(page, item, "axis", "unit", "in ");
    }
}

void tb_listing_put(const struct tb_page *page, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles)
{
    put_legend(page, catalogue, roles);
    put_cases(page, catalogue, roles);
}
