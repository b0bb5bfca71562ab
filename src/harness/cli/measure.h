/*
 * A measurement, from what the command line asks for to the documents that are kept of it.
 */
#ifndef TB_CLI_MEASURE_H
#define TB_CLI_MEASURE_H

#include "cli/arm.h"
#include "run/counter.h"
#include "run/host_lock.h"
#include "run/progress.h"

/* Zeroed but for what the caller sets, which are the first members. */
struct tb_measurement {
    const struct tb_options *options;
    bool paired; /* as in struct tb_session; needs two subjects, and has the selected cases alone */
    /* Called for each look, whose share of alpha is in the settings; and whether the case of that
     * name wants more rounds after it. NULL: the precision decides, where there is one. */
    void (*look)(struct tb_measurement *run);
    bool (*is_open)(const struct tb_measurement *run, const char *name);
    double (*alpha)(const struct tb_measurement *run); /* of one test, of a single look */
    bool ends_at_alarm;                                /* then nothing else is waited for */
    unsigned count_rounds; /* of a pass that counts, if one is asked for; 0: none is */
    bool unseen;           /* it shows no progress, whatever is asked */
    void *user;

    struct tb_settings settings;
    struct tb_revision revision;
    struct tb_arm *arms;
    struct tb_result *results; /* one for each arm */
    size_t count;
    size_t room;        /* for so many */
    double next_save_s; /* on tb_now()'s clock */
    struct tb_host_lock lock;
    struct tb_progress progress;
    const struct tb_counter *counters[TB_METRICS]; /* of that pass; NULL: that is not counted, */
    char *lacks[TB_METRICS];                       /* owned: for that reason, or nobody asked */
    char **kept; /* owned: where documents went, once they are kept; NULL: nowhere */
};

/* Everything before the first process; with --wait also until no other run measures here. */
int tb_measurement_prepare(struct tb_measurement *run, struct tb_error *error);

void tb_measurement_run(struct tb_measurement *run);

/*
 * Writes what is finished of a measurement, the argument, that goes on, so that a program which is
 * killed loses a round: to the file that is asked for, or beside the archive's documents. Does
 * nothing while that would take a noticeable share of the time; what cannot be written is told at
 * the end.
 */
void tb_measurement_save(void *asked);

/*
 * Writes the documents wherever they are wanted, all that can be written; the first error is
 * returned, further ones are shown. 128 + the number of the signal that interrupted it, if all went
 * well. From then on signals end the program again.
 */
int tb_measurement_keep(struct tb_measurement *run, struct tb_error *error);

/* Says on stderr where each document went: last, and also with --quiet, as it is no progress. */
void tb_measurement_report(const struct tb_measurement *run);

void tb_measurement_finish(struct tb_measurement *run);

#endif
