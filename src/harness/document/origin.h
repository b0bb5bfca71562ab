/*
 * Where documents were made, and whether that is the same place. Pure.
 */
#ifndef TB_DOCUMENT_ORIGIN_H
#define TB_DOCUMENT_ORIGIN_H

#include <cjson/cJSON.h>

enum { TB_ORIGIN_MEMBERS = 7 };

/* What documents report of where they were made, as far as any does. Zeroed: nothing. */
struct tb_origin {
    const char *texts[TB_ORIGIN_MEMBERS]; /* the contexts' */
};

/*
 * What keeps figures from being of the same thing: "the kernel", if a document's context names
 * another one than those before, else NULL. Adds what those before did not name.
 */
const char *tb_origin_differs(struct tb_origin *origin, const cJSON *context);

#endif
