#include "util/json_scan.h"

#include <stdio.h>
#include <string.h>

#include "util/json.h"

static void skip_blank(struct tb_scan *scan)
{
    scan->at += strspn(scan->at, " \t\r\n");
}

static bool fail(struct tb_scan *scan, const char *why)
{
    if (!scan->why)
        scan->why = why;
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
    if (scan->why || *scan->at != character)
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
        return fail(scan, open == '{' ? "no object" : "no list");
    if (pass(scan, close))
        return false;
    if (begins || pass(scan, ','))
        return true;
    return fail(scan, tb_json_fault(scan->at));
}

bool tb_scan_item(struct tb_scan *scan, bool *first)
{
    return step(scan, first, '[', ']');
}

bool tb_scan_member(struct tb_scan *scan, bool *first, char *ret_key)
{
    tb_autojson cJSON *key = NULL;

    if (!step(scan, first, '{', '}'))
        return false;
    if (*scan->at != '"')
        return fail(scan, tb_json_fault(scan->at));
    key = tb_scan_value(scan);
    if (!key)
        return false;
    (void)snprintf(ret_key, TB_SCAN_KEY, "%s", key->valuestring); /* cut to fit */
    return pass(scan, ':') ? true : fail(scan, tb_json_fault(scan->at));
}

cJSON *tb_scan_value(struct tb_scan *scan)
{
    const char *end = scan->at;
    cJSON *tree = NULL;

    if (!scan->why)
        tree = cJSON_ParseWithLengthOpts(scan->at, (size_t)(scan->end - scan->at) + 1, &end, false);
    scan->at = end;
    if (!tree)
        (void)fail(scan, tb_json_fault(end));
    else
        skip_blank(scan);
    return tree;
}

/* What is open is kept as the character that opened it; as deep as cJSON goes, and no deeper. */
void tb_scan_skip(struct tb_scan *scan)
{
    char open[CJSON_NESTING_LIMIT], key[TB_SCAN_KEY];
    size_t depth = 0;

    do {
        bool first = *scan->at == '{' || *scan->at == '[';

        if (!first)
            cJSON_Delete(tb_scan_value(scan));
        else if (depth == sizeof open)
            (void)fail(scan, tb_json_fault(scan->at));
        else
            open[depth++] = *scan->at;
        while (!scan->why && depth &&
               !(open[depth - 1] == '{' ? tb_scan_member(scan, &first, key)
                                        : tb_scan_item(scan, &first)))
            depth--;
    } while (!scan->why && depth);
}

int tb_scan_end(const struct tb_scan *scan, const char *what, struct tb_error *error)
{
    const char *why = scan->why;

    if (!why && scan->at != scan->end)
        why = "something follows the end";
    return why ? tb_json_refuse(what, scan->text, scan->at, why, error) : 0;
}

int tb_scan_check(const char *text, size_t size, const char *what, struct tb_error *error)
{
    struct tb_scan scan = tb_scan_of(text, size);
    char key[TB_SCAN_KEY];

    for (bool first = true; tb_scan_member(&scan, &first, key);)
        tb_scan_skip(&scan);
    return tb_scan_end(&scan, what, error);
}
