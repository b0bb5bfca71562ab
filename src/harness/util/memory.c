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

/* Given back where memory has run out: what exit() calls needs some to remove files, 36 KiB a
 * folder. */
enum { reserve_bytes = 96 << 10 };
static void *reserve;

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
    free(reserve);
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
    char *text = tb_or_end(size < page ? malloc(size)
                                       : aligned_alloc(page, (size + page - 1) / page * page));

    if (size >= page)
        (void)madvise(text, size, MADV_HUGEPAGE); /* a kernel without them gives small ones */
    return text;
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

/* Unlike that of open_memstream(), whose ferror() and fclose() do not tell that a write failed. */
struct text {
    char **bytes;
    size_t *size;
    size_t room;
    bool growing; /* also while exit() writes what streams still have, where that ran out */
};

static ssize_t write_text(void *cookie, const char *bytes, size_t count)
{
    struct text *text = cookie;
    size_t size = *text->size;

    if (text->growing)
        return (ssize_t)count;
    if (count >= text->room - size) {
        text->growing = true;
        text->room = 2 * (size + count + 1);
        *text->bytes = tb_grow(*text->bytes, text->room, 1);
        text->growing = false;
    }
    memcpy(*text->bytes + size, bytes, count);
    *text->size = size + count;
    (*text->bytes)[*text->size] = '\0';
    return (ssize_t)count;
}

/* For ftell() alone: it is always at the end. */
static int tell_text(void *cookie, off64_t *offset, int whence)
{
    const struct text *text = cookie;

    if (*offset || whence == SEEK_SET)
        return -1;
    *offset = (off64_t)*text->size;
    return 0;
}

static int close_text(void *cookie)
{
    const struct text *text = cookie;

    *text->bytes = tb_grow(*text->bytes, *text->size + 1, 1);
    free(cookie);
    return 0;
}

FILE *tb_open_text(char **ret_text, size_t *ret_size)
{
    const cookie_io_functions_t actions = {
        .write = write_text, .seek = tell_text, .close = close_text};
    struct text *text = tb_alloc(1, sizeof *text);

    *ret_text = tb_alloc(1, 1);
    *ret_size = 0;
    *text = (struct text){ret_text, ret_size, 1};
    return tb_or_end(fopencookie(text, "w", actions));
}

void tb_free(void *pointer)
{
    void *memory;

    memcpy(&memory, pointer, sizeof memory); /* whatever it is a pointer to */
    free(memory);
}

void tb_memory_init(void)
{
    reserve = malloc(reserve_bytes); /* without one, too, most ends are clean */
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = alloc_bytes, .free_fn = free});
}
