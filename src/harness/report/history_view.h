/*
 * A history with all that a reader has to know besides, and the words for its parts.
 */
#ifndef TB_REPORT_HISTORY_VIEW_H
#define TB_REPORT_HISTORY_VIEW_H

#include "compare/history.h"
#include "report/page.h"
#include "run/git.h"

/* Documents of the archive that are not in the history, and why. */
struct tb_history_left_out {
    size_t without_commit;
    size_t unknown; /* of commits that git does not know */
    size_t beside;  /* of commits that are not on the line */
    size_t damaged; /* cannot be read */
    size_t twice;   /* of a run of which another document has more rounds */
    size_t unknown_commits, beside_commits;
    bool shallow; /* git has only a part of the repository */
};

struct tb_history_view {
    const struct tb_history *history;
    const struct tb_git_line *line;
    const char *archive; /* its folder */
    const char *range;   /* the revisions that were asked for */
    struct tb_history_left_out left_out;
    size_t measured;            /* commits of the line with a run of a clean tree */
    size_t dirty;               /* runs of dirty trees */
    size_t early, late;         /* runs of a time before their commit's, and of one to come */
    bool tried;                 /* to confirm the changes */
    const char *index_obstacle; /* why documents had to be read again; NULL: they had not */
};

/* The beginning of a commit's name; valid as long as the line. */
struct tb_text tb_history_commit(const struct tb_history_view *view, size_t commit);

/* "at 1a2b3c4d5e6f", "between 1a2b3c4d5e6f and 4d5e6f708192, 7 commits", or "within 1a2b3c4d5e6f";
 * the caller's. */
char *tb_history_where(const struct tb_history_view *view, size_t old, size_t new);

/* What is known of the commit of a change: its subject, or "until: SUBJECT" where it may be one
 * before; the caller's. */
char *tb_history_subject(const struct tb_history_view *view,
                         const struct tb_history_change *change);

/* "+6.4 %". */
struct tb_text tb_history_change_text(double ratio);

/* "6.24 µs": a value of the series, for a page. */
struct tb_text tb_history_value_text(const struct tb_history_series *series, double value);

/* The conclusion, one line: "3 changes in 12 cases over 57 commits: create/call +6.4 % at …"; the
 * caller's. */
char *tb_history_headline(const struct tb_history_view *view);

/* Which cases drift, and what that means; the caller's. Empty: none does. */
char *tb_history_drifts(const struct tb_history_view *view);

/* A sentence for each reason for which documents are not in the history, and what to do about it.
 */
void tb_history_each_left_out(const struct tb_history_view *view,
                              void (*put)(void *user, const char *sentence), void *user);

/* A sentence for what makes one doubt the runs: clocks that are wrong, and several hosts of one
 * name. */
void tb_history_each_doubt(const struct tb_history_view *view,
                           void (*put)(void *user, const char *sentence), void *user);

/* A split of one series or more, after a commit and by the same reason. */
struct tb_history_break {
    size_t commit; /* the first with figures of another kind */
    const char *what;
    const struct tb_history_series *first; /* that has it */
    size_t cases;
};

/* In the order of commits; the caller's. */
struct tb_history_break *tb_history_breaks(const struct tb_history *history, size_t *ret_count);

/* The last value of a clean tree, or NULL. */
const struct tb_history_value *tb_history_last(const struct tb_history *history,
                                               const struct tb_history_series *series);

/* Series stand together by host and setup: whether this one begins another group. */
bool tb_history_begins_group(const struct tb_history *history, size_t series);

#endif
