/*
 * JSON that is too large for one tree: the members of an object and the items of a list one after
 * another, each value a tree of its own. Pure.
 *
 *     struct tb_scan scan = tb_scan_of(text, size);
 *     char key[TB_SCAN_KEY];
 *
 *     for (bool first = true; tb_scan_member(&scan, &first, key);) {
 *         tb_autojson cJSON *value = tb_scan_value(&scan);
 *         …
 *     }
 *     return tb_scan_end(&scan, path, error);
 *
 * What is not JSON ends every such loop, and tb_scan_end() reports where it is.
 */
#ifndef TB_UTIL_JSON_SCAN_H
#define TB_UTIL_JSON_SCAN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

/* Longer keys are cut. */
enum { TB_SCAN_KEY = 32 };

struct tb_scan {
    const char *at; /* a value, or what follows one */
    const char *text, *end;
    const char *why; /* it is not JSON from `at` on; NULL: so far it is */
};

/* `size` bytes of `text`, followed by a NUL. */
struct tb_scan tb_scan_of(const char *text, size_t size);

/*
 * Goes to the first or next value of a list or an object, which begins where the scan stands when
 * `first` is true; false at its end. Each value must be taken before the next call.
 */
bool tb_scan_item(struct tb_scan *scan, bool *first);
bool tb_scan_member(struct tb_scan *scan, bool *first, char *ret_key);

/* Takes a value of whatever type: a tree, the caller's, as it stands there (tb_json_sanitize());
 * NULL for what is not JSON. */
cJSON *tb_scan_value(struct tb_scan *scan);

/* Passes a value of whatever type, in no more memory than its longest text takes. */
void tb_scan_skip(struct tb_scan *scan);

/* After the value that is the whole text: 0, or TB_FAILURE with line and column of what is not
 * JSON, behind `what`. */
int tb_scan_end(const struct tb_scan *scan, const char *what, struct tb_error *error);

/* That a text is an object, and whole: 0, or TB_FAILURE as above. */
int tb_scan_check(const char *text, size_t size, const char *what, struct tb_error *error);

#endif
