/*
 * Which type each member of an object has: what others wrote may have any. Pure.
 *
 *     static const struct tb_shape members[] = {
 *         {"name unit", TB_JSON_TEXT}, {"points", TB_JSON_OBJECTS, point_members}, {NULL}};
 */
#ifndef TB_UTIL_JSON_SHAPE_H
#define TB_UTIL_JSON_SHAPE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

enum tb_json_type {
    TB_JSON_TEXT,
    TB_JSON_FLAG,
    TB_JSON_NUMBER,   /* finite */
    TB_JSON_COUNT,    /* a whole number that is not negative, exact in a double */
    TB_JSON_POSITIVE, /* likewise, and not 0 */
    TB_JSON_OBJECT,   /* with such members */
    TB_JSON_SCALARS,  /* an object of numbers, texts and flags */
    TB_JSON_LIST,     /* of anything */
    TB_JSON_TEXTS,    /* a list of texts */
    TB_JSON_NUMBERS,  /* a list of numbers */
    TB_JSON_OBJECTS,  /* a list of objects with such members */
};

/* A member that is missing or null is right, and so is one that no shape has a name for. */
struct tb_shape {
    const char *names; /* one, or several with blanks between them; NULL ends the list */
    enum tb_json_type type;
    const struct tb_shape *members; /* of the object or the list's objects; NULL: any */
    int most; /* elements of a list or an object, in which no name is twice; 0: any number */
};

/* What is wrong with an object, such as "'points.x' is not a number" or "'name' is there twice";
 * the caller's. NULL: nothing, or it is no object. */
char *tb_shape_wrong(const cJSON *object, const struct tb_shape *members);

/* Whether one member of an object is right, and not null, or no shape has its name. */
bool tb_shape_fits(const cJSON *item, const struct tb_shape *members);

#endif
