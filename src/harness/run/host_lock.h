/*
 * Whether another threadbench measures on this host: each disturbs the other.
 *
 * Who measures holds a shared flock() on one folder that everybody has, /sys/devices/system/cpu, or
 * on the file or folder that THREADBENCH_LOCK names. Nothing is written there, and the kernel gives
 * the lock back when a process ends, however it does. A container whose /sys is of a network of its
 * own has a lock of its own.
 */
#ifndef TB_RUN_HOST_LOCK_H
#define TB_RUN_HOST_LOCK_H

#include <stdbool.h>

#include "util/error.h"

/* Zeroed: nothing is looked for. Texts are owned. */
struct tb_host_lock {
    bool opened;
    int fd;
    char *other;   /* the first that was met: "process 71: threadbench run"; NULL: none was */
    char *refused; /* why none can be noticed; NULL: it can */
};

/* Opens what is to be locked; `refused` says where that fails. */
void tb_host_lock_open(struct tb_host_lock *lock);

/*
 * Waits until no other one measures, which may take hours, and says so on stderr. A signal that
 * tells us to stop ends it: 128 + its number.
 */
int tb_host_lock_wait(struct tb_host_lock *lock, struct tb_error *error);

/*
 * Holds the lock from now on, and looks for others, by two system calls: cheap enough for every
 * round. Whether it met the first one just now.
 */
bool tb_host_lock_look(struct tb_host_lock *lock);

void tb_host_lock_finish(struct tb_host_lock *lock);

#endif
