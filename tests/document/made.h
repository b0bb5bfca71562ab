/* A result of cases that are made up: its records and their specs are filled in by the test. */
#ifndef TB_TESTS_DOCUMENT_MADE_H
#define TB_TESTS_DOCUMENT_MADE_H

#include <stdlib.h>

#include "document/result.h"
#include "util/json.h"
#include "util/memory.h"

enum { MOST = 4000 };

static const struct tb_subject nobody;
static const struct tb_settings settings = {.session = "0123456789abcdef", .alpha = 0.05};

struct made {
    struct tb_result result;
    struct tb_case specs[MOST];
};

static struct made *make(void)
{
    struct made *made = tb_alloc(1, sizeof *made);

    made->result = (struct tb_result){.settings = &settings, .subject = &nobody};
    made->result.records = tb_alloc(MOST, sizeof *made->result.records);
    return made;
}

static void made_free(struct made *made)
{
    for (size_t i = 0; i < made->result.count; i++)
        cJSON_Delete((cJSON *)made->specs[i].source);
    tb_result_finish(&made->result);
    free(made);
}

#endif
