/*
 * Where documents were made, and whether that is the same place. Pure.
 */
#ifndef TB_DOCUMENT_ORIGIN_H
#define TB_DOCUMENT_ORIGIN_H

#include <cjson/cJSON.h>

enum { TB_ORIGIN_MEMBERS = 6 };

/* One of the answers of tb_origin_differs(). */
#define TB_ORIGIN_PROCESSOR "the processor"

/* What documents report of where they were made, as far as any does. Zeroed: nothing. */
struct tb_origin {
    const char *texts[TB_ORIGIN_MEMBERS]; /* the contexts' */
    const char *libc;                     /* version of the C library */
    const cJSON *loaded;                  /* by a subject's processes */
};

/*
 * What keeps figures from being of the same thing: "the kernel", if a document's context names
 * another one than those before, else NULL. Adds what those before did not name.
 */
const char *tb_origin_differs(struct tb_origin *origin, const cJSON *context);

/* The same of what a document's subject has loaded: its C library, its loader and what was
 * preloaded. In one session that may be what is compared. */
const char *tb_origin_loads_other(struct tb_origin *origin, const cJSON *context);

/* The first of these in which both lists of what was loaded differ, or NULL, as for a list that is
 * not known. */
const char *tb_loaded_differs(const cJSON *loaded, const cJSON *other);

/* Version of the C library among what was loaded, or that a program has loaded none, as it is
 * linked statically; NULL: not known. */
const char *tb_loaded_libc(const cJSON *loaded);

/* Version and path of the C library among what was loaded, then the loader and what was preloaded,
 * each with the beginning of its build-id; the caller's. "unknown" for what is no list. */
char *tb_loaded_text(const cJSON *loaded);

#endif
