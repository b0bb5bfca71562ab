/*
 * The file that a subject which knows threadbench writes beside its result. Pure.
 */
#ifndef TB_DOCUMENT_SIDECAR_H
#define TB_DOCUMENT_SIDECAR_H

#include "util/error.h"
#include <cjson/cJSON.h>
#include <stddef.h>

extern const char tb_sidecar_name[]; /* in messages */

/* Its tree, the caller's; refused where it is of another schema or version. */
int tb_sidecar_parse(const char *text, size_t size, cJSON **ret_root, struct tb_error *error);

#endif
