/*
 * One process, run to its end or its deadline, and what else went on meanwhile.
 */
#ifndef TB_RUN_WORKER_H
#define TB_RUN_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/capture.h"
#include "run/procstat.h"

/* What a worker writes. Of stderr the last 4 KiB are kept; who writes more than is kept of another
 * is ended. */
enum tb_written { TB_OUTPUT, TB_ERRORS, TB_RESULT, TB_DETAIL, TB_WRITTEN };

struct tb_job {
    char *const *argv; /* argv[0] is looked up in PATH */
    double timeout_s;
    double ends;                 /* on tb_now()'s clock: then we are told to stop; 0: never */
    size_t output_limit;         /* of stdout; 0: it goes to /dev/null */
    size_t log_limit;            /* not 0: of stdout and stderr as one, the end is kept as errors */
    bool to_its_end;             /* although we were told to stop */
    const char *result, *detail; /* files it is to write, which do not exist yet; NULL: none */
    uint64_t samples;            /* it is told, as it is of the sidecar; 0: it is not */
};

enum tb_end {
    TB_EXITED,
    TB_KILLED,      /* by a signal that was not ours */
    TB_LATE,        /* by us, after the deadline */
    TB_OVER,        /* by us, because it wrote more than is kept */
    TB_INTERRUPTED, /* by us, because we were told to stop, or the job's time was up */
    TB_UNSTARTED,
};

struct tb_finish {
    enum tb_end end;
    int number; /* exit status, signal or errno value, as `end` says */
    bool left;  /* it could not be ended: it is another user's */
    double wall_s;
    struct tb_load load;
    const char *missing;                   /* what could not be made for it; NULL: nothing */
    struct tb_capture written[TB_WRITTEN]; /* closed; `text` is owned */
};

/*
 * To be called once, before the first worker: takes over what workers leave behind. Returns 0 or an
 * errno value.
 */
int tb_worker_init(void);

/*
 * Blocks SIGINT, SIGQUIT, SIGTERM and, unless it is ignored, SIGHUP, which from the first call on
 * are noticed by tb_worker_run() only; for who has something to keep or to clean up. Without it
 * they end the program, and its worker. Returns 0 or an errno value.
 */
int tb_worker_catch(void);

/* Lets signals end the program again: there is nothing left to keep. */
void tb_worker_release(void);

/* The signal that told us to stop, or 0. */
int tb_worker_stopped(void);

/*
 * Runs a job in a process group of its own, with stdin from /dev/null, and waits for its end,
 * idle. After the deadline, which does not count the time that we were stopped for, the group gets
 * SIGTERM and a second later SIGKILL; whatever descends from the worker and outlives it is killed,
 * but for what is another user's. The worker dies with its harness.
 */
struct tb_finish tb_worker_run(const struct tb_job *job);

void tb_finish_finish(struct tb_finish *finish);

/* How it ended, as a part of a sentence: "exit status 3: last line of its stderr"; the caller's. */
char *tb_finish_text(const struct tb_finish *finish);

#endif
