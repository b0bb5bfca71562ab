/*
 * Runs one process, to its end or its timeout, and measures what else went on meanwhile.
 */
#ifndef TB_RUN_WORKER_H
#define TB_RUN_WORKER_H

#include "run/job.h"

/*
 * To be called once, before the first worker: takes over what workers leave behind. Returns 0 or an
 * errno value.
 */
int tb_worker_init(void);

/*
 * Runs a job in a process group of its own, with stdin from /dev/null, and waits for its end,
 * idle. After the timeout, which does not count the time that we were stopped for, the group gets
 * SIGTERM and a second later SIGKILL; whatever descends from the worker and outlives it is killed,
 * but for what is another user's. The worker dies with its harness. The ending is the caller's to
 * finish, however it ended:
 *
 *     tb_auto(tb_ending_finish) struct tb_ending ending = tb_worker_run(&job);
 */
struct tb_ending tb_worker_run(const struct tb_job *job);

#endif
