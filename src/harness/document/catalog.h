/*
 * What a subject can measure. A subject that knows threadbench says it in a sidecar; of any
 * other one only the names are known. Pure.
 */
#ifndef TB_DOCUMENT_CATALOG_H
#define TB_DOCUMENT_CATALOG_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"
#include "util/names.h"

/* One case. Texts live in the catalogue's tree; NULL where nothing is said. */
struct tb_case {
    const char *name;    /* ours: used everywhere in the output */
    const char *gb_name; /* what the benchmark library calls it */
    const char *runtime;
    const char *doc;
    const char *card;     /* its row on the cost card */
    const char *primary;  /* the field whose value stands for a process; "mean" for real_time */
    const char *unit;     /* of its values: "ns", or what else it counts */
    const char *floor;    /* the case it is a multiple of */
    const char *overhead; /* the case that says what measuring itself adds */
    const char *thread;   /* the case in which a thread is made for the same task */
    const char *empty;    /* with a thread this case itself, its task of length 0 */
    const cJSON *source;  /* its object in the tree, axes included */
    bool core;
    bool standard;        /* unless the subject says that it is not */
    bool alternatives;    /* in the set of that name */
    bool duplicated;      /* the subject has several of that name: no filter tells them apart */
    uint64_t max_samples; /* 0: no limit */
    uint64_t block;       /* operations between two readings of the clock */
};

struct tb_catalogue {
    cJSON *root; /* the sidecar, or one made up from names */
    bool known;  /* whether the subject wrote it */
    bool has_core;
    struct tb_case *cases;
    size_t count;
    struct tb_names names; /* the cases', at the same places */
};

void tb_catalogue_finish(struct tb_catalogue *catalogue);

extern const char tb_sidecar_name[]; /* in messages */

/* The tree of a sidecar, the file that a subject which knows threadbench writes beside its result;
 * the caller's. Refused where it is of another schema or version. */
int tb_sidecar_parse(const char *text, size_t size, cJSON **ret_root, struct tb_error *error);

/* From a sidecar. */
int tb_catalogue_read(const char *text, size_t size, struct tb_catalogue *ret_catalogue,
                      struct tb_error *error);

/* From lines that are a name each, as --benchmark_list_tests prints them. */
int tb_catalogue_from_names(const char *lines, struct tb_catalogue *ret_catalogue,
                            struct tb_error *error);

/*
 * From a list of such objects as a sidecar has, or a document of ours; takes it. `what` names
 * it in messages, `known` says whether the subject wrote them.
 */
int tb_catalogue_from_list(const char *what, cJSON *list, bool known,
                           struct tb_catalogue *ret_catalogue, struct tb_error *error);

/* Adds a case of which only the name is known to such a list. */
void tb_catalogue_add_name(cJSON *list, const char *name);

/* Why a case is measured; where there are several reasons the greatest one counts. */
enum tb_role {
    TB_LEFT_OUT,
    TB_PART_CASE,     /* what explains a phase of a selected case or of one for the card */
    TB_OVERHEAD_CASE, /* a selected case's share of measuring itself */
    TB_FLOOR_CASE,    /* what a selected case or one for the card is a multiple of */
    TB_CARD_CASE,     /* for the cost card alone */
    TB_SELECTED,
};

extern const char *const tb_role_names[]; /* "none", "part", "overhead", "floor", ... */

/* The case of that name, or NULL; NULL also for NULL. */
struct tb_case *tb_catalogue_find(const struct tb_catalogue *catalogue, const char *name);

/* Whether both mean the same measurement: their versions, where there are any, are equal. */
bool tb_is_same_case(const struct tb_case *a, const struct tb_case *b);

#endif
