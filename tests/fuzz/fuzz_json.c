/* JSON of anyone's, read as a whole and piece by piece: both take the same texts. */
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/json_scan.h"
#include "util/json_shape.h"
#include "util/memory.h"

enum {
    deepest = 500
}; /* half of what cJSON takes: a piece of a text is less deep than all of it */

static const struct tb_shape inner_members[] = {
    {"a b", TB_JSON_TEXT}, {"c", TB_JSON_COUNT}, {"d", TB_JSON_POSITIVE}, {NULL}};
static const struct tb_shape members[] = {{"a", TB_JSON_TEXT},
                                          {"b", TB_JSON_FLAG},
                                          {"c", TB_JSON_NUMBER},
                                          {"d", TB_JSON_OBJECT, inner_members},
                                          {"e", TB_JSON_SCALARS},
                                          {"f", TB_JSON_LIST, .most = 3},
                                          {"g", TB_JSON_TEXTS},
                                          {"h", TB_JSON_NUMBERS},
                                          {"i", TB_JSON_OBJECTS, inner_members},
                                          {NULL}};

/* Returns how many values there were. */
static size_t scan_all(struct tb_scan *scan)
{
    char key[TB_SCAN_KEY];
    bool first = true, object = *scan->at == '{';
    size_t count = 0;

    while (object ? tb_scan_member(scan, &first, key) : tb_scan_item(scan, &first)) {
        cJSON_Delete(tb_scan_value(scan));
        count++;
    }
    return count;
}

static void check_scan(const char *text, size_t size, const cJSON *root)
{
    struct tb_scan scan = tb_scan_of(text, size);
    struct tb_error error = {""};
    size_t count;
    int code;

    if (*scan.at != '{' && *scan.at != '[')
        return;
    count = scan_all(&scan);
    code = tb_scan_end(&scan, "text", &error);
    assert(!code == !error.text[0] && !strchr(error.text, '\n'));
    /* What cJSON skips for a blank is more than JSON has. */
    assert(code || (root && count == (size_t)cJSON_GetArraySize(root)));
}

/* What was read is written, read and written as the same. */
static void check_again(const cJSON *root)
{
    tb_autofree char *text = cJSON_PrintUnformatted(root), *again = NULL;
    tb_autojson cJSON *other = NULL;
    struct tb_error error;
    int code = tb_json_parse("text", text, strlen(text), &other, &error);

    assert(!code);
    again = cJSON_PrintUnformatted(other);
    assert(!strcmp(text, again));
}

static bool is_deep(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == '[' || *text == '{';
    return count > deepest;
}

void tb_fuzz_json(char *text, size_t size)
{
    tb_autojson cJSON *root = NULL;
    struct tb_error error = {""};
    int code;

    tb_json_forgive(text, size);
    code = tb_json_parse("text", text, size, &root, &error);
    assert(!code == !error.text[0] && !code == !!root);
    if (!is_deep(text))
        check_scan(text, size, root);
    if (!root)
        return;
    free(tb_shape_wrong(root, members));
    (void)tb_json_number(root, "a.b.0", 0);
    (void)tb_json_whole(root, "c", 0);
    check_again(root);
}
