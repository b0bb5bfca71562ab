/* What the kernel reports in /proc and /sys/fs/cgroup. This is the suite's only reader of them, but
 * for src/runtime/task.c, whose code may not call libc, and src/alternatives/fork_cgroup.c, a
 * runtime as well. Functions that return an int return 0 or an errno value, and touch their outputs
 * only if that is 0. */
#ifndef THREADBENCH_PROC_H
#define THREADBENCH_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The whole number that follows the first occurrence of `mark` in a file; "" is its beginning.
 * ENOENT: no such file, no mark in its first 8 KiB, or no number after the mark.
 *
 *     tb_proc_number("/proc/meminfo", "MemAvailable:", &kib)
 */
int tb_proc_number(const char *path, const char *mark, int64_t *ret_number);

/* The first `size` - 1 bytes of a file, with a null byte after them. */
int tb_proc_read(const char *path, char *text, size_t size, size_t *ret_length);

/* The first number of a list such as "0-3,8" in a file that is not `own`. ENOENT: there is none. */
int tb_proc_other(const char *path, int64_t own, int64_t *ret_other);

/* Of what /proc/self/environ holds, which ends with a null byte: the value of GLIBC_TUNABLES as it
 * was when this process began, within `variables`, in which it is put together; NULL: there is
 * none. */
const char *tb_proc_tunables(char *variables, size_t size);

/* How many lines a file has, of any length. */
int tb_proc_lines(const char *path, int64_t *ret_lines);

/* Where the mapping of this process that holds an address begins. ENOENT: none does. */
int tb_proc_mapping(uintptr_t address, uintptr_t *ret_begin);

/* Whether this process has mapped a file of that name, in whatever folder. */
bool tb_proc_has_mapped(const char *file);

/* Brings in all pages of this process, as far as it has access, and reads from each: those of files
 * are then in its page tables, and in those of a hypervisor, and those it may write are its own.
 * EINVAL: the kernel cannot, it is older than Linux 5.14. */
int tb_proc_populate(void);

/* Opens the file that shows the state of one of this process's threads; the caller closes it. */
int tb_proc_open_state(pid_t tid, int *ret_fd);

/* Whether that thread sleeps, at this moment. */
bool tb_proc_is_asleep(int state_fd);

/* How many threads a user has, in all processes that can be seen. */
int64_t tb_proc_threads_of(uid_t user);

/* How many more tasks the process's control groups have room for, by the pids controller of either
 * version; INT64_MAX: no limit. */
int64_t tb_proc_tasks_left(void);

/* The path of the program that this process executes, in `path`, of `size` bytes. */
int tb_proc_program(char *path, size_t size);

#endif
