/*
 * A result as text for programs: the JSON document (docs/reference/result.md,
 * docs/reference/result.schema.json) and CSV. Pure but for reading the environment.
 */
#ifndef TB_DOCUMENT_WRITE_H
#define TB_DOCUMENT_WRITE_H

#include "document/result.h"

/* What documents of ours are known by. */
#define TB_DOCUMENT_SCHEMA "threadbench-result"
enum { TB_DOCUMENT_VERSION = 2 };

/* A Google Benchmark file with fields of our own; the caller's. */
char *tb_document_text(const struct tb_result *result);

/* A header and one line for each case of each result; the caller's. */
char *tb_csv(const struct tb_result *results, size_t count);

/* What a subject can measure, of its cases the selected ones; the caller's. */
cJSON *tb_listing(const struct tb_catalogue *catalogue, const enum tb_role *roles);

/* The head of a document, what was run, where, and how: Google Benchmark's context, from a worker
 * where there was one, and ours; the caller's. */
cJSON *tb_context(const struct tb_result *result);

/* Of our environment, which subjects inherit, what bears on them: an object, the caller's. */
cJSON *tb_context_environment(void);

#endif
