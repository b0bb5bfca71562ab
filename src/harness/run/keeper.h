/*
 * A process that outlives this program by a moment: where nobody could clean up, as after SIGKILL,
 * it ends the worker with all that its launcher has started, and removes the scratch folder. It
 * sleeps until then. The signal of a parent's death reaches a worker alone.
 */
#ifndef TB_RUN_KEEPER_H
#define TB_RUN_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts it, at the first call. Where that cannot be done there is none: the program goes on. */
void tb_keeper_start(void);

/* Ends it, if there is one: where processes are few, a worker needs its place. */
bool tb_keeper_end(void);

/* The process group that is to end with this program; 0: none. Makes no system call: for a child of
 * vfork(), too. */
void tb_keeper_group(pid_t group);

/* The folder that is to be removed with it; NULL: none. */
void tb_keeper_folder(const char *path);

#endif
