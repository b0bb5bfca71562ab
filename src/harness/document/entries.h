/*
 * The entries of a result file, gathered by case, before it is known what the cases are. Pure.
 */
#ifndef TB_DOCUMENT_ENTRIES_H
#define TB_DOCUMENT_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "document/result.h"
#include "util/json_scan.h"

extern const char tb_only_aggregates[]; /* why a case has no result */

/* All entries of one name. */
struct tb_group {
    char *name;              /* owned */
    struct tb_record record; /* without a `spec` */
    bool listed;             /* among the file's cases */
    bool untyped;            /* its last entry does not say whether it is an aggregate */
};

/* Zeroed but for the first four: nothing. */
struct tb_entries {
    const char *what; /* the file, in messages */
    bool ours;        /* a document of threadbench's: each entry tells its round */
    bool known;       /* the subject knows threadbench */
    bool kept;        /* repetitions have a copy of their entry */
    struct tb_group **groups;
    struct tb_names names; /* the groups', at the same places */
    bool listed;
    size_t read; /* entries so far */
    struct tb_group *last;
};

/*
 * Reads the list at which the scan stands, with each repetition's place in its case: its round in a
 * document of ours, else how many there were of its case before. Aggregates are left out.
 */
int tb_entries_read(struct tb_entries *entries, struct tb_scan *scan, struct tb_error *error);

/* The group of that name, a new one if there is none; entries of one name mostly stand together. */
struct tb_group *tb_entries_group(struct tb_entries *entries, const char *name);

void tb_entries_finish(struct tb_entries *entries);

#endif
