/*
 * JSON as it comes from others, and as it goes out: what is read is checked, what is written is
 * finite. Pure. Trees are cJSON's; free with cJSON_Delete().
 */
#ifndef TB_UTIL_JSON_H
#define TB_UTIL_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/error.h"
#include "util/memory.h"

/* Of a tree that goes when its block is left (tb_auto()). */
#define tb_autojson tb_auto(tb_json_free)
void tb_json_free(cJSON **root);

/*
 * Parses `size` bytes of `text` (followed by a NUL) that hold one value and nothing else. On
 * failure the message says line and column, beginning with `what`.
 */
int tb_json_parse(const char *what, const char *text, size_t size, cJSON **ret_root,
                  struct tb_error *error);

/* What is wrong with a text that is no JSON from `at` on. */
const char *tb_json_fault(const char *at);

/* "WHAT, line 3 column 7: WHY", where `at` is a place in `text`; returns TB_FAILURE. */
int tb_json_refuse(const char *what, const char *text, const char *at, const char *why,
                   struct tb_error *error);

/*
 * Google Benchmark writes what is not finite as NaN, inf or -inf, which is no JSON: each becomes an
 * empty text, in place.
 */
void tb_json_forgive(char *text, size_t size);

/* Makes a tree's texts harmless: what an escape stands for may be so as little as the character. */
void tb_json_sanitize(cJSON *root);

/*
 * The member of that name, or what the names between dots lead to, each a member of the one before:
 * "threadbench.host.cpu"; in a list a number is a place, from 0. NULL where there is nothing.
 */
cJSON *tb_json_find(const cJSON *object, const char *path);

/* Goes through the members of an object, or of a list; through none where there is NULL. */
#define tb_json_each(item, parent)                                                                 \
    for ((item) = tb_json_first(parent); (item); (item) = (item)->next)
cJSON *tb_json_first(const cJSON *parent);

/*
 * Many members at once, in one walk: the first of each name goes to its place in `ret_found`, where
 * there was NULL. Returns how many members the object has.
 */
size_t tb_json_pick(const cJSON *object, const char *const *names, size_t count,
                    const cJSON **ret_found);

/* A finite number; NaN for anything else, and for NULL. */
double tb_json_value(const cJSON *item);

/* As tb_json_find(); the fallback where it is missing, of another type, or not finite. */
double tb_json_number(const cJSON *object, const char *path, double fallback);
uint64_t tb_json_whole(const cJSON *object, const char *key, uint64_t fallback); /* below 2^53 */
const char *tb_json_text(const cJSON *object, const char *path); /* NULL; lives in the tree */
bool tb_json_flag(const cJSON *object, const char *path);        /* false */

/*
 * Sets a member, replacing one of that name. Numbers keep seven significant digits, whole ones all;
 * what is not finite, and a NULL text, becomes null.
 */
void tb_json_set(cJSON *object, const char *key, cJSON *value); /* takes `value` */
void tb_json_set_number(cJSON *object, const char *key, double value);
void tb_json_set_text(cJSON *object, const char *key, const char *value);
void tb_json_set_flag(cJSON *object, const char *key, bool value);
cJSON *tb_json_set_object(cJSON *object, const char *key); /* the new, empty member */
cJSON *tb_json_set_array(cJSON *object, const char *key);

/* Adds to the end of a list. */
void tb_json_add(cJSON *list, cJSON *item); /* takes `item`; NULL adds nothing */
cJSON *tb_json_add_object(cJSON *list);     /* the new, empty one */

/* Writes a tree, which it takes, in UTF-8 and ends the line; whether that failed is for ferror() to
 * tell. */
void tb_json_put(FILE *out, cJSON *root);

/* Makes a finite number what tb_json_set_number() would have written. */
void tb_json_round(cJSON *number);

#endif
