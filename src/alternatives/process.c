#include "process.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The program, from image.c.in. */
extern const unsigned char tb_nothing_begin[], tb_nothing_end[];

char tb_process_path[32];
char *const tb_process_arguments[] = {(char[]){"nothing"}, NULL};
char *const tb_process_environment[] = {NULL};

static int program_fd;

static int write_program(void)
{
    /* cppcheck-suppress comparePointers ; two ends of one object, which image.c defines */
    size_t left = (size_t)(tb_nothing_end - tb_nothing_begin);

    while (left) {
        ssize_t written = write(program_fd, tb_nothing_end - left, left);

        if (written < 0)
            return errno;
        left -= (size_t)written;
    }
    return 0;
}

int tb_process_enter(void)
{
    int err;

    program_fd = memfd_create("nothing", MFD_CLOEXEC);
    if (program_fd < 0)
        return errno;
    (void)snprintf(tb_process_path, sizeof(tb_process_path), "/proc/self/fd/%d", program_fd);
    err = write_program();
    if (err)
        (void)close(program_fd); /* the first error is the one to report */
    return err;
}

void tb_process_leave(void)
{
    (void)close(program_fd); /* read only by now */
}

int tb_process_prepare(struct tb_thread *thread)
{
    return thread->stack_bytes ? ENOTSUP : 0;
}

void tb_process_release(struct tb_thread *thread)
{
    (void)thread;
}

int tb_process_made(struct tb_thread *thread, pid_t pid, int err)
{
    if (pid < 0)
        return err;
    thread->own = (void *)(intptr_t)pid;
    return 0;
}

int tb_process_join(struct tb_thread *thread)
{
    int status;

    while (waitpid((pid_t)(intptr_t)thread->own, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return status ? ENOEXEC : 0;
}

/* The child, a copy of its parent, ends without the C library: that does not know of it. */
int tb_process_clone(struct tb_thread *thread, uint64_t flags, int cgroup)
{
    int pidfd = -1;
    struct clone_args arguments = {
        .flags = CLONE_PIDFD | flags,
        .pidfd = (uint64_t)(uintptr_t)&pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)cgroup,
    };
    long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

    if (!pid)
        (void)syscall(SYS_exit_group, 0); /* does not come back */
    return tb_process_made(thread, pid < 0 ? -1 : pidfd, errno);
}

int tb_process_join_pidfd(struct tb_thread *thread)
{
    int pidfd = (int)(intptr_t)thread->own, err = 0;
    siginfo_t ended = {0};

    while (!err && waitid(P_PIDFD, (id_t)pidfd, &ended, WEXITED))
        err = errno == EINTR ? 0 : errno;
    (void)close(pidfd); /* read only: nothing to lose */
    if (err)
        return err;
    return ended.si_code != CLD_EXITED || ended.si_status ? ENOEXEC : 0;
}
