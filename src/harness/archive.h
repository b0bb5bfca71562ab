/*
 * Where documents are kept: FOLDER/<host>/<commit or "none">[-dirty]/<UTC time>-<run id>.json
 */
#ifndef TB_HARNESS_ARCHIVE_H
#define TB_HARNESS_ARCHIVE_H

#include "error.h"
#include "result.h"

/* The path of a result's document; its folders are made. The caller's. */
int tb_archive_path(const char *folder, const struct tb_result *result, char **ret_path,
                    struct tb_error *error);

#endif
