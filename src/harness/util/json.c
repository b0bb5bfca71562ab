#include "util/json.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/memory.h"
#include "util/sanitize.h"

void tb_json_free(cJSON **root)
{
    cJSON_Delete(*root);
}

static bool is_not_finite(const char *at)
{
    const char *word = *at == '-' ? at + 1 : at;

    return !strncasecmp(word, "nan", 3) || !strncasecmp(word, "inf", 3);
}

/* The end of a text that begins at `at`, or `end`. */
static char *past_text(char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at;
}

void tb_json_forgive(char *text, size_t size)
{
    for (char *at = text, *end = text + size; at < end; at++) {
        size_t length;

        if (*at == '"')
            at = past_text(at, end);
        if (at >= end || !is_not_finite(at))
            continue;
        for (length = 1; isalpha((unsigned char)at[length]);)
            length++;
        memset(at, ' ', length);
        at[0] = at[1] = '"';
        at += length - 1;
    }
}

const char *tb_json_fault(const char *at)
{
    if (!*at)
        return "it ends too early";
    if (is_not_finite(at))
        return "a number that is not finite";
    return "not JSON";
}

int tb_json_refuse(const char *what, const char *text, const char *at, const char *why,
                   struct tb_error *error)
{
    size_t line = 1;
    const char *start = text;

    for (const char *c = text; c < at; c++) {
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
    }
    return tb_failure(error, "%s, line %zu column %zu: %s", what, line, (size_t)(at - start) + 1,
                      why);
}

void tb_json_sanitize(cJSON *root) /* NOLINT(misc-no-recursion): as deep as the parser lets it be */
{
    cJSON *item;

    if (root && root->string)
        tb_sanitize(root->string, strlen(root->string));
    if (cJSON_IsString(root))
        tb_sanitize(root->valuestring, strlen(root->valuestring));
    tb_json_each(item, root)
        tb_json_sanitize(item);
}

int tb_json_parse(const char *what, const char *text, size_t size, cJSON **ret_root,
                  struct tb_error *error)
{
    const char *end = text;
    cJSON *root = cJSON_ParseWithLengthOpts(text, size + 1, &end, false);

    if (!root)
        return tb_json_refuse(what, text, end, tb_json_fault(end), error);
    end += strspn(end, " \t\r\n");
    if (end != text + size) {
        cJSON_Delete(root);
        return tb_json_refuse(what, text, end, "something follows the end", error);
    }
    tb_json_sanitize(root);
    *ret_root = root;
    return 0;
}

/* The member of that name, of which there are `size` bytes, or the item at that place. */
static cJSON *member_of(const cJSON *item, const char *name, size_t size)
{
    cJSON *member = item->child;

    if (cJSON_IsArray(item) && isdigit((unsigned char)*name))
        return cJSON_GetArrayItem(item, (int)strtol(name, NULL, 10));
    while (member && (!member->string || strncmp(member->string, name, size) != 0 ||
                      member->string[size] != '\0'))
        member = member->next;
    return member;
}

cJSON *tb_json_find(const cJSON *object, const char *path)
{
    cJSON *found = cJSON_GetObjectItemCaseSensitive(object, path); /* "p99.9" is a name */
    size_t size;

    if (found || !strpbrk(path, ".0123456789"))
        return found;
    for (; object; path += size + 1) {
        size = strcspn(path, ".");
        found = member_of(object, path, size);
        if (!path[size])
            return found;
        object = found;
    }
    return NULL;
}

cJSON *tb_json_first(const cJSON *parent)
{
    return parent ? parent->child : NULL;
}

size_t tb_json_pick(const cJSON *object, const char *const *names, size_t count,
                    const cJSON **ret_found)
{
    const cJSON *item;
    size_t members = 0;

    tb_json_each(item, object) {
        members++;
        for (size_t i = 0; item->string && i < count; i++) {
            if (*item->string == *names[i] && !ret_found[i] && !strcmp(item->string, names[i]))
                ret_found[i] = item;
        }
    }
    return members;
}

double tb_json_value(const cJSON *item)
{
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : NAN;
}

double tb_json_number(const cJSON *object, const char *path, double fallback)
{
    double value = tb_json_value(tb_json_find(object, path));

    return isnan(value) ? fallback : value;
}

uint64_t tb_json_whole(const cJSON *object, const char *key, uint64_t fallback)
{
    double value = tb_json_number(object, key, (double)fallback);

    return value >= 0 && value < 0x1p53 ? (uint64_t)value : fallback;
}

const char *tb_json_text(const cJSON *object, const char *path)
{
    return cJSON_GetStringValue(tb_json_find(object, path));
}

bool tb_json_flag(const cJSON *object, const char *path)
{
    return cJSON_IsTrue(tb_json_find(object, path));
}

void tb_json_set(cJSON *object, const char *key, cJSON *value)
{
    cJSON *had;

    while ((had = cJSON_DetachItemFromObjectCaseSensitive(object, key)) != NULL)
        cJSON_Delete(had); /* what others wrote may have it twice */
    /* Fails only for a NULL argument: memory ends the program instead. */
    (void)cJSON_AddItemToObject(object, key, value);
}

void tb_json_round(cJSON *number)
{
    double value = number->valuedouble;
    char text[32];

    if (value == rint(value) && fabs(value) < 0x1p53)
        return;
    (void)snprintf(text, sizeof text, "%.7g", value); /* always fits */
    (void)cJSON_SetNumberHelper(number, strtod(text, NULL));
}

void tb_json_set_number(cJSON *object, const char *key, double value)
{
    cJSON *number = isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull();

    if (isfinite(value))
        tb_json_round(number);
    tb_json_set(object, key, number);
}

void tb_json_set_text(cJSON *object, const char *key, const char *value)
{
    tb_json_set(object, key, value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

void tb_json_set_flag(cJSON *object, const char *key, bool value)
{
    tb_json_set(object, key, cJSON_CreateBool(value));
}

cJSON *tb_json_set_object(cJSON *object, const char *key)
{
    cJSON *member = cJSON_CreateObject();

    tb_json_set(object, key, member);
    return member;
}

cJSON *tb_json_set_array(cJSON *object, const char *key)
{
    cJSON *member = cJSON_CreateArray();

    tb_json_set(object, key, member);
    return member;
}

void tb_json_add(cJSON *list, cJSON *item)
{
    (void)cJSON_AddItemToArray(list, item); /* fails for a NULL argument alone, as above */
}

cJSON *tb_json_add_object(cJSON *list)
{
    cJSON *item = cJSON_CreateObject();

    tb_json_add(list, item);
    return item;
}

void tb_json_put(FILE *out, cJSON *root)
{
    tb_autofree char *text = cJSON_Print(root);

    tb_sanitize(text, strlen(text)); /* of a path or a command line any byte may have come in */
    (void)fprintf(out, "%s\n", text);
    cJSON_Delete(root);
}
