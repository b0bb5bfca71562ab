/*
 * The allocator of this program and of each library in it, which fails in no other way than ours
 * does (util/memory.h): it ends the program.
 *
 * Libraries do not report that they have run out. regexec() answers that nothing matches, a table
 * lacks a column, a stream loses what was written to it, and popt reads a null pointer. So a
 * document would be cut short, and exit with 0.
 *
 * These names come before those of the libraries, and pass each call on to the next definition: the
 * C library's, or that of an allocator that is preloaded.
 */
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

/* Found at the first call, which comes before there is a second thread. */
static struct {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *memory, size_t size);
    void *(*memalign)(size_t alignment, size_t size);
} next;

static void find(const char *name, void *ret_function)
{
    void *found = dlsym(RTLD_NEXT, name);

    assert(found);                              /* else there is no C library */
    memcpy(ret_function, &found, sizeof found); /* POSIX has it so, C does not */
}

static void find_all(void)
{
    if (next.memalign)
        return;
    find("malloc", &next.malloc);
    find("calloc", &next.calloc);
    find("realloc", &next.realloc);
    find("memalign", &next.memalign);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): theirs are reserved */

void *malloc(size_t size)
{
    void *memory;

    find_all();
    memory = next.malloc(size);
    return size ? tb_or_end(memory) : memory;
}

void *calloc(size_t count, size_t size)
{
    void *memory;

    find_all();
    memory = next.calloc(count, size);
    return count && size ? tb_or_end(memory) : memory;
}

/* Of no bytes, it may free the memory and return NULL. */
void *realloc(void *memory, size_t size)
{
    find_all();
    memory = next.realloc(memory, size);
    return size ? tb_or_end(memory) : memory;
}

void *memalign(size_t alignment, size_t size)
{
    void *memory;

    find_all();
    memory = next.memalign(alignment, size);
    return size ? tb_or_end(memory) : memory;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    if (alignment % sizeof(void *) || alignment & (alignment - 1) || !alignment)
        return EINVAL;
    *ret_memory = memalign(alignment, size);
    return 0;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
