/*
 * JSON that is too large for a tree, in one pass: each value is taken as it goes by, as its
 * place in the text, as a tree of its own, or not at all. Pure.
 *
 *     for (bool first = true; tb_scan_member(&scan, &first, &key);)
 *         if (tb_span_is(&key, "name"))
 *             name = tb_scan_text(&scan);
 *         else
 *             tb_scan_skip(&scan);
 *
 * What is not JSON ends every such loop, and tb_scan_end() says where it is.
 */
#ifndef TB_UTIL_JSON_SCAN_H
#define TB_UTIL_JSON_SCAN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct tb_scan {
    const char *at; /* a value, or what follows one */
    const char *text, *end;
    bool wrong; /* it is not JSON, and `at` an empty text */
};

/* A piece of the text as it is written there, escapes and all. Keys have no quotes. */
struct tb_span {
    const char *text;
    size_t size; /* 0: nothing, and there may be no text */
};

bool tb_span_is(const struct tb_span *span, const char *text);
double tb_span_number(const struct tb_span *span); /* NaN for what is no finite number */

/* A number in an object, which has no objects or lists in it; NaN where there is none. */
double tb_span_member(const struct tb_span *object, const char *key);

/* `size` bytes of `text`, followed by a NUL. */
struct tb_scan tb_scan_of(const char *text, size_t size);

/*
 * Goes to the first or next value of a list or an object, which begins where the scan stands when
 * `first` is true; false at its end. Each value must be taken before the next call.
 */
bool tb_scan_item(struct tb_scan *scan, bool *first);
bool tb_scan_member(struct tb_scan *scan, bool *first, struct tb_span *key);

/* Each takes a value, of whatever type. */
struct tb_span tb_scan_skip(struct tb_scan *scan);
struct tb_span
tb_scan_text(struct tb_scan *scan);        /* without quotes; of size 0 for what is no text */
cJSON *tb_scan_tree(struct tb_scan *scan); /* the caller's; NULL for what is not JSON */

/*
 * After the value that is the whole text: 0, or TB_FAILURE with the message that tb_json_parse()
 * has for the text. `code`, what else was found wrong, counts where the text is JSON.
 */
int tb_scan_end(const struct tb_scan *scan, const char *what, int code, struct tb_error *error);

#endif
