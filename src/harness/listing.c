#include "json.h"
#include "table.h"

static void put_cases(const struct tb_page *page, const struct tb_catalogue *catalogue,
                      const enum tb_role *roles)
{
    struct libscols_table *table = tb_page_table(page);

    tb_table_column(table, "case", SCOLS_FL_WRAP);
    if (catalogue->known) {
        tb_table_column(table, "core", 0);
        tb_table_column(table, "by", 0);
        tb_table_column(table, "what a sample is", SCOLS_FL_WRAP);
    }
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct tb_case *item = &catalogue->cases[i];
        struct libscols_line *line;

        if (roles[i] == TB_LEFT_OUT)
            continue;
        line = scols_table_new_line(table, NULL);
        tb_table_set(line, 0, item->name);
        if (catalogue->known) {
            tb_table_set(line, 1, item->core ? "core" : "");
            tb_table_set(line, 2, item->decides);
            tb_table_set(line, 3, item->doc ? item->doc : "");
        }
    }
    tb_page_put_table(page, table);
}

/* One line for each of what the subject explains: "posix: pthreads". */
static void put_terms(const struct tb_page *page, const struct tb_catalogue *catalogue,
                      const char *key, const char *word, const char *note, const char *mark)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(catalogue->root, key))
    {
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
