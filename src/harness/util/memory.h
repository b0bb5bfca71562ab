/*
 * Allocates memory, or ends the program.
 *
 * The harness holds a few megabytes and can do nothing useful without them. So running out is the
 * one error that is not returned: it ends in a line on stderr and exit(). In libraries it does, too
 * (cli/allocator.c). Everything returned is the caller's to free().
 */
#ifndef TB_UTIL_MEMORY_H
#define TB_UTIL_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* What another library has allocated; NULL ends the program. */
void *tb_or_end(void *memory);

/* `count` zeroed objects of `size` bytes each; never NULL, even for none. */
void *tb_alloc(size_t count, size_t size);

/* `size` bytes, not zeroed, for a text that may be large: from 2 MiB on it gets huge pages, where
 * there are any, which are filled in a tenth of the time. */
char *tb_alloc_text(size_t size);

/* realloc() to `count` objects of `size` bytes (not 0); what is added is not zeroed. */
void *tb_grow(void *memory, size_t count, size_t size);

/* The same to where one more than `count` fit: at powers of two there is room for as many again. */
void *tb_room(void *memory, size_t count, size_t size);

/* A copy of `text`; NULL for NULL. */
char *tb_copy(const char *text);

/* A copy of the first `size` bytes of `text`, or of all up to its end. */
char *tb_copy_part(const char *text, size_t size);

/* A string printed as by printf. */
char *tb_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream into memory, as by open_memstream(): the text is complete, and ends with a 0, from
 * fclose() on. Neither that nor writing fails: for want of memory they end the program, too. */
FILE *tb_open_text(char **ret_text, size_t *ret_size);

/*
 * Before the type of a variable: calls `finish` with its address when the block is left, by
 * whatever way. The variable has to be set where it is declared. tb_autofree is free() for a
 * pointer, which may be NULL.
 *
 *     tb_autofree char *path = tb_print("%s/list", folder);
 *     tb_auto(tb_values_finish) struct tb_values values = {0};
 */
#define tb_auto(finish) __attribute__((cleanup(finish)))
#define tb_autofree     tb_auto(tb_free)
void tb_free(void *pointer); /* to one */

/* The exit code of running out, which is 1 otherwise. */
void tb_memory_end_with(int code);

/* Makes cJSON allocate in the same way; once, before its first use. */
void tb_memory_init(void);

#endif
