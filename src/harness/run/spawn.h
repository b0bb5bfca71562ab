/*
 * Starts a process.
 */
#ifndef TB_RUN_SPAWN_H
#define TB_RUN_SPAWN_H

#include <sys/types.h>

#include "run/job.h"

/*
 * Starts a job in a process group of its own, which dies with this program: with stdin from
 * /dev/null, and the other streams to what is open in `written`. Returns, once it runs its program,
 * 0 or an errno value; the process is then the caller's to reap.
 */
int tb_spawn(const struct tb_job *job, const struct tb_capture *written, pid_t *ret_pid);

#endif
