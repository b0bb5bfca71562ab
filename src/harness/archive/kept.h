/*
 * The documents that stand on a command line, put together by session: what was measured together
 * is shown together, in whatever files, folders or revisions its documents are.
 *
 *     tb_auto(tb_kept_finish) struct tb_kept kept = {0};
 *     int code = tb_kept_read(&places, options->operands, &kept, error);
 *
 *     for (size_t i = 0; !code && i < kept.count; i++)
 *         put(kept.sessions[i].results, kept.sessions[i].count);
 */
#ifndef TB_ARCHIVE_KEPT_H
#define TB_ARCHIVE_KEPT_H

#include "archive/lookup.h"

/* A session of which documents are kept: one for each of its subjects, or for some. A file that is
 * not ours is a session of its own. */
struct tb_kept_session {
    /* In the order of the subjects (tb_result.place), at least one. As a run has them while it
     * measures (document/recall.h), so what prints a run's results prints these: host, warnings,
     * phases and breakdowns are there. Owned by the documents: no result is to be finished. */
    struct tb_result *results;
    const struct tb_document **documents; /* whose they are, at the same places */
    size_t count;
    size_t missing; /* subjects of the session without a document here */
    /* It was measured to be compared (ab), and the first subject is here, with another one:
     * margin, alarm_alpha, look_share, forced and metric of the settings are its comparison's
     * demand. */
    bool judged;
};

/* Zeroed: nothing. */
struct tb_kept {
    struct tb_kept_session *sessions; /* in the order in which they were named */
    size_t count;
    struct tb_side *sides; /* what was read for each name; its documents are referred to above */
    size_t side_count;
};

/*
 * Reads what each of the names stands for, a list that ends with NULL, as tb_side_read() does: a
 * file, all documents in a folder, or the archive's of a revision. Of a run that is there twice the
 * shorter document is skipped, with a notice. On failure there is nothing in `kept` but what is to
 * be finished all the same.
 */
int tb_kept_read(const struct tb_places *places, char *const *names, struct tb_kept *kept,
                 struct tb_error *error);
void tb_kept_finish(struct tb_kept *kept);

/* How many files of folders and archives could not be read; each has had its notice. */
size_t tb_kept_damaged(const struct tb_kept *kept);

/* Puts together what was read already: the sides are taken, as is their array. */
struct tb_kept tb_kept_of(struct tb_side *sides, size_t count);

#endif
