/*
 * Ends processes that workers leave behind: when their parents end they become children of this
 * program, as they would otherwise become init's.
 */
#ifndef TB_RUN_REAPER_H
#define TB_RUN_REAPER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * To be called once, before the first worker. Children that this program has by then are never
 * ended: a shell started them before it became this program. Returns 0 or an errno value.
 */
int tb_reaper_init(void);

/* Nor is this child ended. */
void tb_reaper_spare(pid_t pid);

/*
 * Kills and reaps every other child, and theirs, until there are none; to be called while no worker
 * is to run. Those that belong to another user stay. Returns whether there was any.
 */
bool tb_reaper_end(void);

#endif
