/*
 * The word that was probably meant, of those that there are.
 */
#ifndef TB_UTIL_SUGGEST_H
#define TB_UTIL_SUGGEST_H

#include <stddef.h>

/*
 * Of `count` words the one that becomes `word` by the fewest letters inserted, removed, replaced or
 * swapped with the next one; NULL where that takes more than a third of its letters, or more than
 * four, and for words of over 120.
 */
const char *tb_nearest(const char *word, const char *const *words, size_t count);

/* The one that is `word`, or the only one that begins with it; NULL: none, or several. */
const char *tb_unabbreviated(const char *word, const char *const *words, size_t count);

/* What may be said where another word was expected, and how it is typed. */
struct tb_known_words {
    const char *const *words;
    size_t count;
    const char *before, *after; /* printed around each; NULL: nothing */
};

/*
 * "did you mean --filter, --force or --format?": those that begin with `word`, or else the nearest
 * one. Where there is none, a copy of `otherwise`, which may be NULL. The caller's.
 */
char *tb_did_you_mean(const char *word, const struct tb_known_words *known, const char *otherwise);

/*
 * A pattern for `pattern`, which matches none of the `names`, that matches some: names have parts,
 * "create/call/cpu:same", and it is like some of these in a row. It is anchored where
 * it is like the first parts, "^create/call"; a "$" or "/" at its end is kept where it matches. The
 * caller's; NULL: it is like none.
 */
char *tb_nearest_parts(const char *pattern, const char *const *names, size_t count);

/* The path of what is in the same folder under a name that is nearest to that of `path`, a
 * hidden one only for a hidden one; the caller's; NULL: nothing is. */
char *tb_nearest_path(const char *path);

#endif
