/*
 * What is to be tried in a process of its own, as it is done once in each. The test is linked with
 * -Wl,--wrap=_exit: what such a process went through is then counted, too, in a build that counts
 * branches.
 */
#ifndef TB_TESTS_RUN_APART_H
#define TB_TESTS_RUN_APART_H

#include "check.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The compiler's; NULL in other builds. Counts that were not reset would never be written again:
 * after a child of vfork() the process goes on in the same memory. */
void tb_dump_counts(void) __asm__("__gcov_dump") __attribute__((weak));
void tb_reset_counts(void) __asm__("__gcov_reset") __attribute__((weak));

_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap__exit(int status)
{
    if (tb_dump_counts && tb_reset_counts) {
        tb_dump_counts();
        tb_reset_counts();
    }
    for (;;)
        (void)syscall(SYS_exit_group, status); /* does not return */
}

/* The status of a process in which something was not as it should be. */
enum { TB_APART_BAD = 99 };

static inline void tb_apart_expect(bool (*holds)(void))
{
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (!pid)
        _exit(holds() ? 0 : TB_APART_BAD);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

#endif
