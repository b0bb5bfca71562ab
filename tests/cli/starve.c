/*
 * Preloaded, gives a program no memory at its allocation number STARVE, and so shows what becomes
 * of it. Allocations before main() do not count.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the C library's, which the
 * program's own definitions pass calls on to. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static atomic_long left = -1; /* never */

__attribute__((constructor)) static void begin(void)
{
    const char *number = getenv("STARVE");

    if (number && !strcmp(program_invocation_short_name, "threadbench"))
        atomic_store(&left, strtol(number, NULL, 10));
}

/* One at a time: programs read on several threads. */
static bool is_starved(void)
{
    if (atomic_load(&left) < 0 || atomic_fetch_sub(&left, 1) != 0)
        return false;
    errno = ENOMEM;
    return true;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): theirs are reserved */

void *malloc(size_t size)
{
    return is_starved() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_starved() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return is_starved() ? NULL : __libc_realloc(memory, size);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
