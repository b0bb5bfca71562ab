/*
 * Text into words and numbers. Pure.
 */
#ifndef TB_UTIL_STRINGS_H
#define TB_UTIL_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"
#include "util/memory.h"

/*
 * Splits `text` as a shell would: at blanks, with '...', "..." and \ quoting, but without any
 * expansion (no variables, patterns, or commands). The words end with NULL and are one block:
 * free(*ret_words) frees all. An open quote, or no word at all, is a usage error that begins with
 * `source`, where the text comes from:
 *
 *     tb_split("--build", "make 'all", &words, error)    "--build 'make 'all': a quote is not
 * closed"
 */
int tb_split(const char *source, const char *text, char ***ret_words, struct tb_error *error);

/* A whole number in decimal, from `low` to `high`; `name` is the option's. */
int tb_parse_whole(const char *name, const char *text, uint64_t low, uint64_t high,
                   uint64_t *ret_value, struct tb_error *error);

/* A finite number greater than `above` and at most `high`; an `above` below 0 allows 0. `what` is
 * how help calls it, mostly its unit: "SECONDS". */
int tb_parse_real(const char *name, const char *what, const char *text, double above, double high,
                  double *ret_value, struct tb_error *error);

/* Copies of `words` and then of `more`, each of which ends with NULL; for tb_words_free(). */
char **tb_words_join(char *const *words, char *const *more);
void tb_words_free(char **words); /* or NULL */
#define tb_autowords tb_auto(tb_words_finish)
void tb_words_finish(char ***words);
size_t tb_words_count(char *const *words);

/* The letters of labels, and of what becomes part of a file's name. */
#define TB_NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

bool tb_same(const char *text, const char *other); /* both may be NULL; two NULLs are the same */

/* Whether both are the same text but for the digits in it: "loaded 3 tables", "loaded 12 tables".
 */
bool tb_is_alike(const char *text, const char *other);

bool tb_begins_with(const char *text, const char *start);
bool tb_ends_with(const char *text, const char *end);

/* The text, or "unknown" for NULL. */
const char *tb_or_unknown(const char *text);

char *tb_line_at(const char *text, const char *at); /* the line of `text` that `at` points into */
void tb_trim(char *text); /* cuts off blanks and line ends after its last word */

/* `text` with every character escaped that means something in a regular expression, to tb_split(),
 * which then takes it for one word, or in a cell of Markdown, where a word that GitHub or GitLab
 * would take for a reference is code. */
char *tb_escape_pattern(const char *text);
char *tb_escape_word(const char *text);
char *tb_escape_markdown(const char *text);

#endif
