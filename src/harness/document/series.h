/*
 * The samples of one process, as its sidecar has them. Pure.
 */
#ifndef TB_DOCUMENT_SERIES_H
#define TB_DOCUMENT_SERIES_H

#include "stats/histogram.h"
#include "util/error.h"
#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

/* Samples tell where the child ran: apart from its parent, beside it, or not known. */
enum tb_placement {
    TB_SAME_CPU,
    TB_OTHER_CPU,
    TB_UNKNOWN_CPU,
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

/* From a worker's sidecar: the series of the case `name`, or one without samples. */
int tb_series_read(const char *text, size_t size, const char *name, struct tb_series *ret_series,
                   struct tb_error *error);

#endif
