/*
 * The head of a document: what was run, where, and how. Pure but for reading the environment.
 */
#ifndef TB_HARNESS_CONTEXT_H
#define TB_HARNESS_CONTEXT_H

#include <cjson/cJSON.h>

#include "result.h"

/* Google Benchmark's context, from a worker where there was one, and ours; the caller's. */
cJSON *tb_context(const struct tb_result *result);

/* Of our environment, which subjects inherit, what bears on them: an object, the caller's. */
cJSON *tb_context_environment(void);

#endif
