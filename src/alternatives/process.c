#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
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
