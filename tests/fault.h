/*
 * Lets a call of a function fail: the first one from now on, the second, and so on. A test that is
 * linked with -Wl,--wrap=NAME defines what is called instead (TB_FAILING), and arms it.
 */
#ifndef TB_TESTS_FAULT_H
#define TB_TESTS_FAULT_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static struct {
    const char *name; /* of the function; NULL: none fails */
    unsigned at;      /* the number of the call, counted down to 0 */
    int code;         /* for errno, or what the function returns */
    int last;         /* the code, if the latest call of any wrapped one was let fail; else 0 */
} tb_fault;

static inline void tb_fault_arm(const char *name, unsigned at, int code)
{
    tb_fault.name = name;
    tb_fault.at = at;
    tb_fault.code = code;
}

/* Whether the call was made that had to fail. */
static inline bool tb_fault_disarm(void)
{
    bool reached = tb_fault.name && !tb_fault.at;

    tb_fault.name = NULL;
    tb_fault.last = 0;
    return reached;
}

static inline bool tb_fault_is_now(const char *name)
{
    bool now = tb_fault.name && tb_fault.at && !strcmp(tb_fault.name, name) && !--tb_fault.at;

    tb_fault.last = now ? tb_fault.code : 0;
    return now;
}

static inline int tb_fault_errno(void)
{
    errno = tb_fault.code;
    return -1;
}

/* The linker's names for a function and for what is called in its place. */
#define TB_FAILING(type, name, parameters, arguments, failure)                                     \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return tb_fault_is_now(#name) ? (failure) : __real_##name arguments;                       \
    }

#endif
