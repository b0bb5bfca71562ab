/*
 * What counts a process's instructions, system calls and page faults on this machine, from its
 * start to its end with all that descends from it.
 */
#ifndef TB_RUN_COUNTER_H
#define TB_RUN_COUNTER_H

#include "document/counts.h"
#include "run/job.h"

struct tb_counter {
    const char *name; /* in documents */
    enum tb_metric metric;
    const char *help; /* how to get it, "install valgrind"; NULL: it is a matter of the kernel */
    /* The words that count what others do, before which they stand. One that ends with '=' gets
     * the path of a file. NULL: none are needed. */
    const char *const *words;
    bool each; /* each process writes a file of its own: a dot and its number follow the path */
    /* Begins to count what is started from now on; a file descriptor, for tb_counter_run() to
     * close, or an errno value below 0. NULL: nothing is to be begun. */
    int (*begin)(void);
    /* The count of a process that has ended well, of what was written to files whose names begin
     * with `path`, or of what was begun; NaN where there is none. */
    double (*end)(const struct tb_ending *ending, const char *path, int fd);
};

/* All that are known, those of a metric in the order in which they are preferred. Ends with one
 * without a name. */
extern const struct tb_counter tb_counters[];

/*
 * Runs a job as tb_worker_run() does, in a scratch folder that is there, and counts it. The count
 * is NaN where the process did not end well, or could not be counted, which then is its ending.
 */
struct tb_ending tb_counter_run(const struct tb_counter *counter, const struct tb_job *job,
                                double *ret_count);

/*
 * The first counter of a metric that counts something here, which is tried. NULL where there is
 * none; *ret_why, the caller's, then says why and what to do.
 */
const struct tb_counter *tb_counter_find(enum tb_metric metric, char **ret_why);

/* The instructions that cachegrind logs ("I refs:"), and the sum of the calls that strace -c prints
 * ("total"), of a whole text; NaN where there is no such line. */
double tb_counter_valgrind(const char *log);
double tb_counter_strace(const char *summary);

/* Begins to count an event of perf_event_open() in the processes that are started from now on, in
 * user space alone: as `begin` above. Three uint64_t are read of it: the count, and for how many ns
 * it was to count, and did. */
int tb_counter_perf(unsigned type, unsigned long long event);

#endif
