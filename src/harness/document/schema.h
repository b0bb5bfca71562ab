/*
 * What documents of threadbench are known by, and what older ones called by other names. Pure.
 */
#ifndef TB_DOCUMENT_SCHEMA_H
#define TB_DOCUMENT_SCHEMA_H

#include <cjson/cJSON.h>

#include "util/error.h"

/*
 * Refuses what is of another schema or a newer version; `ours` is what a document's context has of
 * threadbench, `path` the document's. NULL, of another program's file, is fine.
 */
int tb_schema_check(const char *path, const cJSON *ours, struct tb_error *error);

/* Gives the members of version 1 the names they have now, in what a context has of threadbench and
 * in a case. */
void tb_schema_upgrade(cJSON *object);

/* In what a context has of threadbench: early documents of version 2 know the number of looks. */
void tb_schema_share_looks(cJSON *ours);

#endif
