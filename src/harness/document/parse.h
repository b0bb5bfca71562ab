/*
 * What the text of a result file holds, before it is known what belongs to what. Pure.
 */
#ifndef TB_DOCUMENT_PARSE_H
#define TB_DOCUMENT_PARSE_H

#include "document/catalog.h"
#include "document/result.h"

/* An element of the list of benchmarks. */
struct tb_entry {
    struct tb_span name; /* in quotes */
    bool is_aggregate;
    bool is_fit;      /* of a law to several cases */
    bool is_measured; /* neither skipped nor failed */
    bool is_plain;    /* so, in ns; else its tree tells what it is */
    bool has_round;
    struct tb_repetition repetition;
};

/* All owned, but what the spans are of. */
struct tb_draft {
    cJSON *context; /* NULL: there is none */
    struct tb_entry *entries;
    size_t entry_count;
    cJSON *cases;             /* NULL: it has no list of them */
    struct tb_series *series; /* of each in that list */
    size_t case_count;
};

/* Reads `size` bytes of `text`, followed by a NUL, which messages call `what`; the draft, zeroed
 * before, is to be finished also on failure. */
int tb_draft_read(const char *what, const char *text, size_t size, struct tb_draft *draft,
                  struct tb_error *error);
void tb_draft_finish(struct tb_draft *draft);

/* Whether both have the same name. */
bool tb_entry_is_like(const struct tb_entry *a, const struct tb_entry *b);

#endif
