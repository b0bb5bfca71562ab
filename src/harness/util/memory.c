#include "util/memory.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int exit_code = 1;

void tb_memory_end_with(int code)
{
    exit_code = code;
}

void *tb_or_end(void *memory)
{
    static const char message[] = "threadbench: out of memory: see the limits of memory, "
                                  "ulimit -v and the cgroup's memory.max\n";
    static bool ending;

    if (memory)
        return memory;
    /* Nothing is left to do where this cannot be written, or where exit() itself runs out. */
    if (ending || write(STDERR_FILENO, message, sizeof message - 1) < 0)
        _exit(exit_code);
    ending = true;
    exit(exit_code);
}

static void *alloc_bytes(size_t size)
{
    return tb_or_end(malloc(size ? size : 1));
}

void *tb_alloc(size_t count, size_t size)
{
    return tb_or_end(calloc(count ? count : 1, size));
}

char *tb_alloc_text(size_t size)
{
    const size_t page = 2 << 20;
    char *text = size < page ? malloc(size) : aligned_alloc(page, (size + page - 1) / page * page);

    if (text && size >= page)
        (void)madvise(text, size, MADV_HUGEPAGE); /* a kernel without them gives small ones */
    return tb_or_end(text);
}

void *tb_grow(void *memory, size_t count, size_t size)
{
    if (count > SIZE_MAX / size)
        return tb_or_end(NULL);
    return tb_or_end(realloc(memory, count ? count * size : 1));
}

void *tb_room(void *memory, size_t count, size_t size)
{
    return count & (count - 1) ? memory : tb_grow(memory, count ? 2 * count : 1, size);
}

char *tb_copy(const char *text)
{
    return text ? tb_or_end(strdup(text)) : NULL;
}

char *tb_copy_part(const char *text, size_t size)
{
    return tb_or_end(strndup(text, size));
}

char *tb_print(const char *format, ...)
{
    va_list list;
    char *text;

    va_start(list, format);
    if (vasprintf(&text, format, list) < 0)
        text = NULL;
    va_end(list);
    return tb_or_end(text);
}

FILE *tb_open_text(char **ret_text, size_t *ret_size)
{
    return tb_or_end(open_memstream(ret_text, ret_size));
}

void tb_free(void *pointer)
{
    void *memory;

    memcpy(&memory, pointer, sizeof memory); /* whatever it is a pointer to */
    free(memory);
}

void tb_memory_init(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = alloc_bytes, .free_fn = free});
}
