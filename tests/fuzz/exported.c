/* What other programs read, taken apart by the rules of each form and no code of the exports'. */
#include "exported.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/sanitize.h"
#include "util/strings.h"
#include "util/texts.h"

/* Cuts the first line off; NULL: there is none left. Each has an end. */
static char *cut_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');

    if (!*line)
        return NULL;
    assert(end);
    *end = '\0';
    *text = end + 1;
    return line;
}

/* JSON, of which cJSON takes more than there is: no number of it is none. */
static void check_json(const char *text)
{
    tb_autojson cJSON *root = cJSON_ParseWithOpts(text, NULL, true);

    assert(root);
}

static void check_lines(char *text)
{
    for (const char *line; (line = cut_line(&text)) != NULL;)
        check_json(line);
}

/* Behind a cell of RFC 4180. */
static const char *pass_cell(const char *at)
{
    if (*at != '"')
        return at + strcspn(at, ",\"");
    for (at++; *at != '"' || at[1] == '"'; at += 1 + (*at == '"'))
        assert(*at);
    return at + 1;
}

static size_t count_cells(const char *line)
{
    size_t count = 0;

    do {
        const char *text = line + (*line == '"');

        assert(!*text || !strchr("=+@", *text)); /* to a spreadsheet the beginning of a formula */
        line = pass_cell(line);
        assert(!*line || *line == ',');
        count++;
    } while (*line++);
    return count;
}

static void check_csv(char *text)
{
    const char *line = cut_line(&text);
    size_t count = line ? count_cells(line) : 0;

    while ((line = cut_line(&text)) != NULL)
        assert(count_cells(line) == count);
}

static bool is_number(const char *text, const char *end)
{
    char *found;

    return isfinite(strtod(text, &found)) && found == end && found > text;
}

/* Behind `{name="text",...}`. */
static const char *pass_labels(const char *at)
{
    assert(*at == '{');
    do {
        size_t name = strspn(++at, "abcdefghijklmnopqrstuvwxyz_");

        assert(name && tb_begins_with(at + name, "=\""));
        for (at += name + 2; *at != '"'; at++) {
            if (*at == '\\')
                assert(strchr("\\\"n", *++at));
            assert(*at);
        }
    } while (*++at == ',');
    assert(*at == '}');
    return at + 1;
}

/* `family_info{labels} number time`, the time where there is one; what comes before the number is
 * there once for each time. */
static void check_sample(const char *line, const char *family, struct tb_texts *seen)
{
    const char *at = pass_labels(line + strcspn(line, "{")), *number = at + 1;
    const char *time = strchr(number, ' ');
    tb_autofree char *key = tb_print("%.*s%s", (int)(at - line), line, time ? time : "");
    size_t count = seen->names.count;

    assert(tb_begins_with(line, family) && *at == ' ');
    assert(is_number(number, time ? time : number + strlen(number)));
    assert(!time || is_number(time + 1, time + strlen(time)));
    (void)tb_texts_keep(seen, key);
    assert(seen->names.count == count + 1);
}

/* A family begins with its type, and once. */
static void check_openmetrics(char *text)
{
    static const char type[] = "# TYPE ";
    tb_auto(tb_texts_finish) struct tb_texts seen = {0};
    tb_auto(tb_names_finish) struct tb_names families = {0};
    const char *family = NULL;
    char *line;

    while ((line = cut_line(&text)) != NULL && strcmp(line, "# EOF") != 0) {
        if (tb_begins_with(line, type)) {
            char *name = line + strlen(type);

            name[strcspn(name, " ")] = '\0';
            assert(tb_names_find(&families, name) == families.count);
            (void)tb_names_add(&families, name);
            family = name;
            continue;
        }
        assert(family);
        if (*line != '#')
            check_sample(line, family, &seen);
    }
    assert(line && !*text);
}

void tb_check_exported(const char *format, const char *text)
{
    tb_autofree char *copy = tb_copy(text);

    assert(tb_is_printable(text));
    if (!strcmp(format, "openmetrics"))
        check_openmetrics(copy);
    else if (!strcmp(format, "rows-csv") || !strcmp(format, "otava"))
        check_csv(copy);
    else if (!strcmp(format, "rows-ndjson"))
        check_lines(copy);
    else
        check_json(text);
}
