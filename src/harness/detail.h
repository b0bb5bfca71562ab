/*
 * What a subject can measure. A subject that knows threadbench says it in a detail file; of any
 * other one only the names are known. Pure.
 */
#ifndef TB_HARNESS_DETAIL_H
#define TB_HARNESS_DETAIL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "histogram.h"

/* One case. Texts live in the catalogue's tree; NULL where nothing is said. */
struct tb_case {
    const char *name;    /* ours: used everywhere in the output */
    const char *gb_name; /* what the benchmark library calls it */
    const char *runtime;
    const char *doc;
    const char *card;    /* its row on the cost card */
    const char *decides; /* the field whose value stands for a process; "mean" for real_time */
    const char *unit;    /* of its values: "ns", or what else it counts */
    const char *floor;   /* the case it is a multiple of */
    const char *empty;   /* the case that says what measuring itself adds */
    const cJSON *source; /* its object in the tree, axes included */
    bool core;
    bool standard;        /* unless the subject says that it is not */
    bool twice;           /* the subject has several of that name: no filter tells them apart */
    uint64_t max_samples; /* 0: no limit */
    uint64_t block;       /* operations between two readings of the clock */
};

struct tb_catalogue {
    cJSON *root; /* the detail file, or one made up from names */
    bool known;  /* whether the subject wrote it */
    bool has_core;
    struct tb_case *cases;
    size_t count;
};

void tb_catalogue_finish(struct tb_catalogue *catalogue);

/* From a detail file. */
int tb_catalogue_read(const char *text, size_t size, struct tb_catalogue *ret_catalogue,
                      struct tb_error *error);

/* From lines that are a name each, as --benchmark_list_tests prints them. */
int tb_catalogue_from_names(const char *lines, struct tb_catalogue *ret_catalogue,
                            struct tb_error *error);

/*
 * From a list of such objects as a detail file has, or a document of ours; takes it. `what` names
 * it in messages, `known` says whether the subject wrote them.
 */
int tb_catalogue_from_list(const char *what, cJSON *list, bool known,
                           struct tb_catalogue *ret_catalogue, struct tb_error *error);

/* The case of that name, or NULL; NULL also for NULL. */
struct tb_case *tb_catalogue_find(const struct tb_catalogue *catalogue, const char *name);

/* Whether both mean the same measurement: their versions, where there are any, are equal. */
bool tb_is_same_case(const struct tb_case *a, const struct tb_case *b);

/* Samples tell where the child ran: apart from its parent, beside it, or not known. */
enum tb_placement {
    TB_SAME,
    TB_OTHER,
    TB_UNKNOWN,
    TB_PLACEMENTS,
};

extern const char *const tb_placement_names[];

/* The samples of one process. */
struct tb_series {
    uint64_t samples;
    double wall_ns; /* of the whole measuring loop, set-up included */
    struct tb_histogram histograms[TB_PLACEMENTS];
};

void tb_series_finish(struct tb_series *series);

/*
 * Takes the list of histograms out of an object, which may be NULL. The series is set in any case;
 * a failure says that a histogram is none, in what is called `what`.
 */
int tb_series_take(const char *what, cJSON *item, struct tb_series *ret_series,
                   struct tb_error *error);

/* From a worker's detail file: the series of the case `name`, or one without samples. */
int tb_series_read(const char *text, size_t size, const char *name, struct tb_series *ret_series,
                   struct tb_error *error);

#endif
