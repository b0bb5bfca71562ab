#include <string.h>

#include "report/listing.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"

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

/* One line for each of what the subject explains: "posix: pthreads". */
static void put_terms(const struct tb_page *page, const struct tb_catalogue *catalogue,
                      const char *key, const char *word, const char *note, const char *mark)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, tb_json_find(catalogue->root, key)) {
        const char *name = tb_json_text(item, "name");
        const char *doc = tb_json_text(item, "doc");
        const char *more = tb_json_text(item, note);

        tb_page_line(page, 4, "%s %s: %s%s%s%s%s", word, name ? name : "?", doc ? doc : "",
                     more ? " (" : "", more ? mark : "", more ? more : "", more ? ")" : "");
    }
}

void tb_listing_put(const struct tb_page *page, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles)
{
    put_terms(page, catalogue, "runtimes", "runtime", "unavailable", "not here: ");
    put_terms(page, catalogue, "axes", "axis", "unit", "in ");
    put_cases(page, catalogue, roles);
}
