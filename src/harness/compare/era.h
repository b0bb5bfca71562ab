/*
 * What figures have in common that may be compared over time: from one kernel, compiler or version
 * of a benchmark to the next. Pure.
 */
#ifndef TB_COMPARE_ERA_H
#define TB_COMPARE_ERA_H

#include "document/digest.h"
#include "document/origin.h"

/* Where documents were made, each place read once. Zeroed: none yet. */
struct tb_origins {
    struct tb_names texts; /* digests' origins */
    cJSON **trees;         /* owned, at the same places */
};

void tb_origins_finish(struct tb_origins *origins);

/* What all that has entered has in common, as far as any of it tells. Zeroed: nothing has. */
struct tb_era {
    const char *last; /* origin that entered */
    struct tb_origin origin;
    const cJSON *build, *python;
    const char *version, *statistic, *unit;
};

/* What keeps a case of a digest from belonging to the era, "the kernel", which is of no further use
 * then; or NULL: it has entered. */
const char *tb_era_enter(struct tb_era *era, struct tb_origins *origins,
                         const struct tb_digest *digest, const struct tb_digest_case *found);

#endif
