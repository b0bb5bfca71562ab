/*
 * One process, run to its end or its deadline, and what else went on meanwhile.
 */
#ifndef TB_HARNESS_WORKER_H
#define TB_HARNESS_WORKER_H

#include <stdbool.h>
#include <stddef.h>

/* A variable of the environment; the list ends with a NULL name. */
struct tb_variable {
    const char *name;
    const char *value; /* NULL: removed */
};

struct tb_job {
    char *const *argv;                     /* argv[0] is looked up in PATH */
    const struct tb_variable *environment; /* beside the inherited one; NULL: none */
    double deadline_s;
    size_t output_limit; /* of stdout kept, from its start; 0: it goes to /dev/null */
};

enum tb_end {
    TB_EXITED,
    TB_KILLED,      /* by a signal that was not ours */
    TB_LATE,        /* by us, after the deadline */
    TB_INTERRUPTED, /* by us, because we were told to stop */
    TB_UNSTARTED,
};

/* What other programs did to the machine while a worker ran; NaN where it is not known. */
struct tb_load {
    double pressure_us; /* time in which some runnable task waited for a CPU */
    double other_share; /* CPU time of other processes, as a share of all CPUs' time */
    double steal_share; /* time the hypervisor took, likewise */
};

struct tb_finish {
    enum tb_end end;
    int number; /* exit status, signal or errno value, as `end` says */
    double wall_s;
    struct tb_load load;
    char *output; /* owned; NULL unless it was asked for */
    bool cut;     /* there was more output than was kept */
    char *errors; /* owned; the last of stderr, at most 4 KiB */
};

/*
 * To be called once, before the first worker: blocks SIGINT, SIGTERM and SIGHUP, which from then on
 * are noticed by tb_worker_run() only. Returns 0 or an errno value.
 */
int tb_worker_init(void);

/* The signal that told us to stop, or 0. */
int tb_worker_stopped(void);

/*
 * Runs a job in a process group of its own, with stdin from /dev/null, and waits for its end,
 * idle. After the deadline the group gets SIGTERM and a second later SIGKILL; whatever of the group
 * outlives its first process is killed. The worker dies with its harness.
 */
struct tb_finish tb_worker_run(const struct tb_job *job);

void tb_finish_finish(struct tb_finish *finish);

/* How it ended, as a part of a sentence: "exit status 3: last line of its stderr"; the caller's. */
char *tb_finish_text(const struct tb_finish *finish);

#endif
