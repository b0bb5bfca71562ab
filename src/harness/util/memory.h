/*
 * Memory that is there or ends the program.
 *
 * The harness holds a few megabytes and can do nothing useful without them, so running out is the
 * one error that is not handed upwards: a line on stderr and exit(). Everything returned is the
 * caller's, to be given to free().
 */
#ifndef TB_UTIL_MEMORY_H
#define TB_UTIL_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* `count` zeroed objects of `size` bytes each; never NULL, even for none. */
void *tb_alloc(size_t count, size_t size);

/* Room for a text that may be large, not zeroed. Large ones get large pages, where there are any:
 * that takes a tenth of the time to fill them. */
char *tb_alloc_text(size_t size);

/* `memory` made to hold `count` objects of `size` bytes; what is new is not zeroed. */
void *tb_grow(void *memory, size_t count, size_t size);

/* A copy of `text`; NULL for NULL. */
char *tb_copy(const char *text);

/* A copy of the first `size` bytes of `text`, or of all up to its end. */
char *tb_copy_part(const char *text, size_t size);

/* A string printed as by printf. */
char *tb_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream into memory, as by open_memstream(): writing to it cannot fail. */
FILE *tb_open_text(char **ret_text, size_t *ret_size);

/*
 * Says of a variable, before its type, what is called with its address when its block is left, on
 * whatever way. It is to be set where it is declared; tb_autofree is of a pointer, or NULL.
 *
 *     tb_autofree char *path = tb_print("%s/list", folder);
 *     tb_auto(tb_values_finish) struct tb_values values = {0};
 */
#define tb_auto(finish) __attribute__((cleanup(finish)))
#define tb_autofree     tb_auto(tb_free)
void tb_free(void *pointer); /* to one */

/* The exit code for running out, instead of 1. */
void tb_memory_end_with(int code);

/* Makes the JSON library allocate by the same rule; once, before its first use. */
void tb_memory_init(void);

#endif
