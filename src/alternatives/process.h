/* What processes have in common. The program that some of them execute is static and does nothing;
 * it is part of the suite and lies in memory, so that it is there wherever the suite is installed.
 */
#ifndef TB_ALTERNATIVES_PROCESS_H
#define TB_ALTERNATIVES_PROCESS_H

#include <threadbench/runtime.h>

#include <stdint.h>

/* The path of that program, between enter and leave, and its arguments and environment. */
extern char tb_process_path[32];
extern char *const tb_process_arguments[];
extern char *const tb_process_environment[];

int tb_process_enter(void); /* 0 or an errno value */
void tb_process_leave(void);

int tb_process_prepare(struct tb_thread *thread);
void tb_process_release(struct tb_thread *thread);

/* Notes the child. 0, or the errno value `err` where there is none (pid < 0). */
int tb_process_made(struct tb_thread *thread, pid_t pid, int err);

/* Waits for it. 0, or an errno value: ENOEXEC if it ended with anything but 0. */
int tb_process_join(struct tb_thread *thread);

/* A child that ends at once, by clone3 with CLONE_PIDFD and these flags (CLONE_…); `cgroup` is the
 * descriptor that goes with CLONE_INTO_CGROUP. Notes its descriptor. 0 or an errno value. */
int tb_process_clone(struct tb_thread *thread, uint64_t flags, int cgroup);

/* The same for a child of which its descriptor was noted: by waitid, which takes that. */
int tb_process_join_pidfd(struct tb_thread *thread);

#endif
