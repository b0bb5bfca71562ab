/*
 * One process that is to be run, and how it ended.
 */
#ifndef TB_RUN_JOB_H
#define TB_RUN_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "run/capture.h"
#include "run/glimpse.h"
#include "run/procstat.h"

struct tb_job {
    char *const *argv; /* argv[0] is looked up in PATH */
    double timeout_s;
    double ends;         /* on tb_now()'s clock: then it is interrupted; 0: never */
    size_t output_limit; /* of stdout, in bytes; 0: it goes to /dev/null */
    size_t log_limit;    /* not 0: stdout goes to stderr, of which so many bytes are kept */
    bool to_its_end;     /* although signals told us to stop */
    const char *result, *sidecar; /* files it is to write, which do not exist yet; NULL: none */
    const char *trace;            /* likewise, but for whoever started the job to read */
    uint64_t samples;             /* handed to it, as the files' names are; 0: not handed */
    bool counted;                 /* likewise: it is to make no statistics */
    struct tb_glimpse *glimpse;   /* taken when the first of its result is there; NULL: none is */
};

/* What a process writes. Of stderr beginning and end are kept; more of another than is kept ends
 * the process. */
enum tb_written { TB_OUTPUT, TB_ERRORS, TB_RESULT, TB_SIDECAR, TB_WRITTEN };

enum tb_end {
    TB_EXITED,
    TB_KILLED,      /* by a signal that was not ours */
    TB_TIMED_OUT,   /* ended by us, as are the next two */
    TB_TOO_LARGE,   /* it wrote more than is kept */
    TB_INTERRUPTED, /* a signal told us to stop, or the job's time was up */
    TB_UNREAD,      /* what it wrote could not be read */
    TB_UNSTARTED,
};

struct tb_ending {
    enum tb_end end;
    int number;   /* exit status, signal or errno value, as `end` says */
    long faults;  /* of it and of what it has waited for: page faults, minor and major */
    bool runs_on; /* it could not be ended: it is another user's */
    bool left;    /* what it had started was still there, and was ended */
    double wall_s;
    struct tb_load load;
    const char *missing; /* what could not be made for it, or read of it; NULL: nothing */
    struct tb_capture written[TB_WRITTEN]; /* closed; `text` is owned */
};

/*
 * Starts a job in a process group of its own, which dies with this program: with stdin from
 * /dev/null, and the other streams to what is open in the ending's `written`. Returns, once it runs
 * its program, 0 or an errno value, with `missing` set if it is about that; the process is then the
 * caller's to reap.
 */
int tb_spawn(const struct tb_job *job, struct tb_ending *ending, pid_t *ret_pid);

void tb_ending_finish(struct tb_ending *ending);

/* Whether it exited with status 0. */
bool tb_ending_is_good(const struct tb_ending *ending);

/* How it ended, as a part of a sentence: "exit status 3: last line of its stderr", or the one that
 * says what was not found; the caller's. */
char *tb_ending_text(const struct tb_ending *ending);

#endif
