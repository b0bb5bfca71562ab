#include "util/suggest.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

enum {
    longest = 120,
    most_changes = 4, /* of long words, a third of which makes another word */
};

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, row by row of its table; two letters swapped are one change. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][longest + 1] = {0}, width = strlen(b);

    for (size_t k = 0; k <= width; k++)
        rows[0][k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t *row = rows[(i + 1) % 3], *above = rows[i % 3], *before = rows[(i + 2) % 3];

        row[0] = i + 1;
        for (size_t k = 0; k < width; k++) {
            row[k + 1] = lesser(lesser(above[k + 1], row[k]) + 1, above[k] + (a[i] != b[k]));
            if (i && k && a[i] == b[k - 1] && a[i - 1] == b[k])
                row[k + 1] = lesser(row[k + 1], before[k - 1] + 1);
        }
    }
    return rows[strlen(a) % 3][width];
}

/* One more than may be changed of a word. */
static size_t bound(const char *word)
{
    size_t size = strlen(word);

    return size > longest ? 0 : lesser((size + 1) / 3, most_changes) + 1;
}

const char *tb_nearest(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t fewest = bound(word);

    for (size_t i = 0; i < count && fewest; i++) {
        size_t changes = strlen(words[i]) <= longest ? distance(word, words[i]) : fewest;

        if (changes < fewest) {
            fewest = changes;
            nearest = words[i];
        }
    }
    return nearest;
}

const char *tb_unabbreviated(const char *word, const char *const *words, size_t count)
{
    const char *only = NULL;
    size_t matching = 0;

    for (size_t i = 0; i < count; i++) {
        if (!strcmp(words[i], word))
            return words[i];
        if (tb_begins_with(words[i], word)) {
            only = words[i];
            matching++;
        }
    }
    return matching == 1 ? only : NULL;
}

/* Those that begin with the word, or the nearest one, in `ret_meant`; returns how many. */
static size_t choose(const char *word, const struct tb_known_words *known, const char **ret_meant)
{
    size_t count = 0;

    for (size_t i = 0; *word && i < known->count; i++) {
        if (tb_begins_with(known->words[i], word))
            ret_meant[count++] = known->words[i];
    }
    if (!count)
        *ret_meant = tb_nearest(word, known->words, known->count);
    return count ? count : *ret_meant != NULL;
}

char *tb_did_you_mean(const char *word, const struct tb_known_words *known, const char *otherwise)
{
    tb_autofree const char **meant = tb_alloc(known->count + 1, sizeof *meant);
    size_t count = choose(word, known, meant);
    char *text = tb_copy("did you mean ");

    for (size_t i = 0; i < count; i++) {
        tb_autofree char *before = text;

        text = tb_print("%s%s%s%s%s", before,
                        i == 0          ? ""
                        : i + 1 < count ? ", "
                                        : " or ",
                        known->before ? known->before : "", meant[i],
                        known->after ? known->after : "");
    }
    if (count) {
        tb_autofree char *before = text;

        return tb_print("%s?", before);
    }
    free(text);
    return tb_copy(otherwise);
}

/* The end of `parts` parts of a name, the first of which begins at `at`; NULL: it has fewer. */
static const char *parts_end(const char *at, size_t parts)
{
    at += strcspn(at, "/");
    for (; parts > 1 && *at; parts--)
        at += 1 + strcspn(at + 1, "/");
    return parts == 1 ? at : NULL;
}

/* Parts of a name that are nearest to what was wanted, so far. */
struct nearest_parts {
    const char *wanted;
    size_t parts;  /* that it has */
    size_t fewest; /* changes */
    char *text;    /* owned; NULL: none */
    bool first;    /* the name begins with them */
    bool last;     /* and ends with them */
};

static void try_parts(struct nearest_parts *nearest, const char *at, const char *end, bool first)
{
    tb_autofree char *text = tb_copy_part(at, (size_t)(end - at));
    size_t changes = strlen(text) <= longest ? distance(nearest->wanted, text) : nearest->fewest;

    if (changes >= nearest->fewest)
        return;
    free(nearest->text);
    nearest->fewest = changes;
    nearest->text = tb_copy(text);
    nearest->first = first;
    nearest->last = !*end;
}

char *tb_nearest_parts(const char *pattern, const char *const *names, size_t count)
{
    const char *from = pattern + (*pattern == '^');
    size_t size = strlen(from);
    struct nearest_parts nearest = {.parts = 1};
    tb_autofree char *wanted = NULL, *text = NULL, *escaped = NULL;

    while (size && strchr("/$", from[size - 1]))
        size--;
    nearest.wanted = wanted = tb_copy_part(from, size);
    nearest.fewest = size ? bound(wanted) : 0;
    for (const char *at = wanted; *at; at++)
        nearest.parts += *at == '/';
    for (size_t i = 0; i < count && nearest.fewest; i++) {
        for (const char *at = names[i], *end; *at; at += *at == '/') {
            end = parts_end(at, nearest.parts);
            if (end)
                try_parts(&nearest, at, end, at == names[i]);
            at += strcspn(at, "/");
        }
    }
    text = nearest.text;
    if (!text)
        return NULL;
    escaped = tb_escape_pattern(text);
    return tb_print("%s%s%s", nearest.first ? "^" : "", escaped,
                    strcmp(from + size, nearest.last ? "$" : "/") == 0 ? from + size : "");
}

/* Of those in a folder, which are `names`: none that is hidden is meant by a name that is not. */
static const char *nearest_file(const char *name, char *const *names)
{
    tb_autofree const char **shown = tb_alloc(tb_words_count(names) + 1, sizeof *shown);
    size_t count = 0;

    for (; *names; names++) {
        if (**names != '.' || *name == '.')
            shown[count++] = *names;
    }
    return tb_nearest(name, shown, count);
}

char *tb_nearest_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    tb_autofree char *folder = tb_copy_part(path, (size_t)(name - path));
    tb_autowords char **names = NULL;
    int err = tb_folder_names(*folder ? folder : ".", &names);
    const char *nearest = !err && *name ? nearest_file(name, names) : NULL;

    return nearest ? tb_print("%s%s", folder, nearest) : NULL;
}
