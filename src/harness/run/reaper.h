/*
 * Processes whose parents have ended: this program takes over those of its workers, as init
 * otherwise would, and ends them.
 */
#ifndef TB_RUN_REAPER_H
#define TB_RUN_REAPER_H

/*
 * To be called once, before the first worker. Children that this program already has, because a
 * shell started them before it became this program, are not its own to end. Returns 0 or an errno
 * value.
 */
int tb_reaper_init(void);

/*
 * Kills and reaps every child that is left, and theirs, until there are none; to be called while no
 * worker is needed. Those that belong to another user stay.
 */
void tb_reaper_end(void);

#endif
