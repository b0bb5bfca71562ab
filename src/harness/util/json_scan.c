#include "util/json_scan.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"

bool tb_span_is(const struct tb_span *span, const char *text)
{
    return span->size == strlen(text) && (!span->size || !memcmp(span->text, text, span->size));
}

static const char *past_blank(const char *at)
{
    while (*at && (unsigned char)*at <= ' ')
        at++;
    return at;
}

static void skip_blank(struct tb_scan *scan)
{
    scan->at = past_blank(scan->at);
}

static bool fail(struct tb_scan *scan)
{
    scan->wrong = true;
    scan->at = "";
    return false;
}

struct tb_scan tb_scan_of(const char *text, size_t size)
{
    struct tb_scan scan = {.at = text, .text = text, .end = text + size};

    skip_blank(&scan);
    return scan;
}

/* Past the character, if it is the next one. */
static bool pass(struct tb_scan *scan, char character)
{
    if (*scan->at != character)
        return false;
    scan->at++;
    skip_blank(scan);
    return true;
}

static bool step(struct tb_scan *scan, bool *first, char open, char close)
{
    bool begins = *first;

    *first = false;
    if (begins && !pass(scan, open))
        return fail(scan);
    if (pass(scan, close))
        return false;
    return begins || pass(scan, ',') || fail(scan);
}

bool tb_scan_item(struct tb_scan *scan, bool *first)
{
    return step(scan, first, '[', ']');
}

bool tb_scan_member(struct tb_scan *scan, bool *first, struct tb_span *key)
{
    if (!step(scan, first, '{', '}'))
        return false;
    if (*scan->at != '"')
        return fail(scan);
    *key = tb_scan_text(scan);
    return pass(scan, ':') || fail(scan);
}

/*
 * The end of a number, or NULL. What is exact in a double, and so is its power of ten, takes one
 * rounding to divide; the rest is strtod()'s.
 */
static const char *read_number(const char *at, double *ret_value)
{
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *digits = at + (*at == '-'), *c = digits, *point;
    uint64_t value = 0;
    char *end;

    for (; isdigit((unsigned char)*c); c++)
        value = 10 * value + (uint64_t)(*c - '0');
    if (c == digits)
        return NULL;
    point = *c == '.' ? c++ : c;
    for (; isdigit((unsigned char)*c); c++)
        value = 10 * value + (uint64_t)(*c - '0');
    if (c - digits <= 16 && (*c | ' ') != 'e') {
        *ret_value = (double)value / powers[c > point ? c - point - 1 : 0];
        *ret_value = *at == '-' ? -*ret_value : *ret_value;
        return c;
    }
    *ret_value = strtod(at, &end);
    return end;
}

/* The end of a text without escapes or of a number; NULL: of neither. */
static const char *simple_end(const char *at)
{
    double value;

    if (*at != '"')
        return read_number(at, &value);
    for (at++; *at && *at != '"' && *at != '\\';)
        at++;
    return *at == '"' ? at + 1 : NULL;
}

/* Whatever it is, by the rules that trees are read by. */
static cJSON *take_tree(struct tb_scan *scan)
{
    const char *end;
    cJSON *tree = NULL;

    if (!scan->wrong)
        tree = cJSON_ParseWithLengthOpts(scan->at, (size_t)(scan->end - scan->at) + 1, &end, false);
    if (tree)
        scan->at = end;
    else
        (void)fail(scan);
    return tree;
}

struct tb_span tb_scan_skip(struct tb_scan *scan)
{
    struct tb_span span = {.text = scan->at};
    const char *end = simple_end(scan->at);

    if (end)
        scan->at = end;
    else
        cJSON_Delete(take_tree(scan));
    if (!scan->wrong)
        span.size = (size_t)(scan->at - span.text);
    skip_blank(scan);
    return span;
}

struct tb_span tb_scan_text(struct tb_scan *scan)
{
    struct tb_span span = tb_scan_skip(scan);

    if (!span.size || *span.text != '"')
        return (struct tb_span){0};
    return (struct tb_span){span.text + 1, span.size - 2};
}

double tb_span_number(const struct tb_span *span)
{
    double value;

    return span->size && read_number(span->text, &value) && isfinite(value) ? value : NAN;
}

cJSON *tb_scan_tree(struct tb_scan *scan)
{
    cJSON *tree = take_tree(scan);

    skip_blank(scan);
    tb_json_sanitize(tree);
    return tree;
}

int tb_scan_end(const struct tb_scan *scan, const char *what, int code, struct tb_error *error)
{
    cJSON *root;

    if (!code && !scan->wrong && scan->at == scan->end)
        return 0;
    if (tb_json_parse(what, scan->text, (size_t)(scan->end - scan->text), &root, error))
        return TB_FAILURE;
    cJSON_Delete(root);
    return code
               ? code
               : tb_failure(error, "%s: a list or an object has something else in its place", what);
}

double tb_span_member(const struct tb_span *object, const char *key)
{
    const char *at = object->text, *end = object->size ? at + object->size : at;
    size_t size = strlen(key);

    /* Within a text a quote has a backslash before it, so that a key with its quotes is one. */
    while (at < end && (at = memmem(at + 1, (size_t)(end - at - 1), key, size)) != NULL) {
        const char *after = past_blank(at + size + (at[size] == '"'));

        if (at[-1] == '"' && at[size] == '"' && *after == ':') {
            after = past_blank(after + 1);
            return tb_span_number(&(struct tb_span){after, (size_t)(end - after)});
        }
    }
    return NAN;
}
