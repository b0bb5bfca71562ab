#include "util/json_shape.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"

static cJSON_bool is_finite(const cJSON *item)
{
    return cJSON_IsNumber(item) && isfinite(item->valuedouble);
}

static cJSON_bool is_count(const cJSON *item)
{
    return is_finite(item) && item->valuedouble >= 0 && item->valuedouble < 0x1p53 &&
           floor(item->valuedouble) == item->valuedouble;
}

static cJSON_bool is_positive(const cJSON *item)
{
    return is_count(item) && item->valuedouble > 0;
}

static cJSON_bool is_scalar(const cJSON *item)
{
    return is_finite(item) || cJSON_IsString(item) || cJSON_IsBool(item);
}

/* What an item of a type is, and what each item within it is; NULL: anything. */
static const struct {
    const char *words;
    cJSON_bool (*is_it)(const cJSON *), (*is_inner)(const cJSON *);
} types[] = {
    [TB_JSON_TEXT] = {"a text", cJSON_IsString, NULL},
    [TB_JSON_FLAG] = {"true or false", cJSON_IsBool, NULL},
    [TB_JSON_NUMBER] = {"a finite number", is_finite, NULL},
    [TB_JSON_COUNT] = {"a whole number from 0", is_count, NULL},
    [TB_JSON_POSITIVE] = {"a whole number from 1", is_positive, NULL},
    [TB_JSON_OBJECT] = {"an object", cJSON_IsObject, NULL},
    [TB_JSON_SCALARS] = {"an object of numbers, texts and flags", cJSON_IsObject, is_scalar},
    [TB_JSON_LIST] = {"a list", cJSON_IsArray, NULL},
    [TB_JSON_TEXTS] = {"a list of texts", cJSON_IsArray, cJSON_IsString},
    [TB_JSON_NUMBERS] = {"a list of finite numbers", cJSON_IsArray, is_finite},
    [TB_JSON_OBJECTS] = {"a list of objects", cJSON_IsArray, cJSON_IsObject},
};

static bool is_of(const cJSON *item, enum tb_json_type type)
{
    const cJSON *inner;

    if (!types[type].is_it(item))
        return false;
    tb_json_each(inner, item) {
        if (types[type].is_inner && !types[type].is_inner(inner))
            return false;
    }
    return true;
}

/* Whether an object, which is small, has two members of one name. */
static bool has_twice(const cJSON *object)
{
    const cJSON *item;

    tb_json_each(item, object) {
        if (item->string && cJSON_GetObjectItemCaseSensitive(object, item->string) != item)
            return true;
    }
    return false;
}

/* The line with that name, or NULL. */
static const struct tb_shape *shape_of(const char *name, const struct tb_shape *members)
{
    size_t size = strlen(name);

    for (; members->names; members++) {
        for (const char *at = members->names; *at; at += strspn(at, " ")) {
            size_t length = strcspn(at, " ");

            if (length == size && !memcmp(at, name, size))
                return members;
            at += length;
        }
    }
    return NULL;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the shape, not as what is looked at */

/* The same of what is within a member. */
static char *within(const char *name, const cJSON *object, const struct tb_shape *members)
{
    tb_autofree char *wrong = tb_shape_wrong(object, members);

    return wrong ? tb_print("'%s.%s", name, wrong + 1) : NULL;
}

static char *member_wrong(const cJSON *item, const struct tb_shape *shape)
{
    const char *name = item->string;
    const cJSON *inner;
    char *wrong = NULL;

    if (cJSON_IsNull(item))
        return NULL;
    if (!is_of(item, shape->type))
        return tb_print("'%s' is not %s", name, types[shape->type].words);
    if (shape->most && cJSON_GetArraySize(item) > shape->most)
        return tb_print("'%s' has more than %d elements", name, shape->most);
    if (shape->most && has_twice(item))
        return tb_print("'%s' has a member twice", name);
    if (!shape->members)
        return NULL;
    if (shape->type == TB_JSON_OBJECT)
        return within(name, item, shape->members);
    tb_json_each(inner, item) {
        if (!wrong)
            wrong = within(name, inner, shape->members);
    }
    return wrong;
}

char *tb_shape_wrong(const cJSON *object, const struct tb_shape *members)
{
    const cJSON *item;
    char *wrong = NULL;

    if (!cJSON_IsObject(object))
        return NULL;
    tb_json_each(item, object) {
        const struct tb_shape *shape = shape_of(item->string, members);

        if (shape && cJSON_GetObjectItemCaseSensitive(object, item->string) != item)
            wrong = tb_print("'%s' is there twice", item->string);
        else if (shape)
            wrong = member_wrong(item, shape);
        if (wrong)
            return wrong;
    }
    return NULL;
}

/* NOLINTEND(misc-no-recursion) */

bool tb_shape_fits(const cJSON *item, const struct tb_shape *members)
{
    const struct tb_shape *shape = shape_of(item->string, members);
    tb_autofree char *wrong = shape ? member_wrong(item, shape) : NULL;

    return !wrong && !(shape && cJSON_IsNull(item));
}
