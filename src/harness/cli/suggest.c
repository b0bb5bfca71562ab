#include "cli/suggest.h"

#include <string.h>

enum { longest = 40 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Levenshtein's distance, row by row of its table. */
static size_t distance(const char *a, const char *b)
{
    size_t row[longest + 1], width = strlen(b);

    for (size_t k = 0; k <= width; k++)
        row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0];

        row[0] = i + 1;
        for (size_t k = 0; k < width; k++) {
            size_t above = row[k + 1];

            row[k + 1] = least(above + 1, row[k] + 1, corner + (a[i] != b[k]));
            corner = above;
        }
    }
    return row[width];
}

const char *tb_nearest(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t fewest = strlen(word) / 3 + 2;

    for (size_t i = 0; i < count && strlen(word) <= longest; i++) {
        size_t changes = strlen(words[i]) <= longest ? distance(word, words[i]) : fewest;

        if (changes < fewest) {
            fewest = changes;
            nearest = words[i];
        }
    }
    return nearest;
}
