/*
 * Text of others made harmless. Pure.
 */
#ifndef TB_UTIL_SANITIZE_H
#define TB_UTIL_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Replaces by '?', byte for byte, what is not UTF-8 and what a terminal would obey: the control
 * characters of both sets but for tab, line feed and carriage return, and NUL.
 */
void tb_sanitize(char *text, size_t size);
bool tb_is_printable(const char *text); /* nothing of it would be replaced */

/* The same for a text that is to stay on its line and in its column: without these three, too. */
void tb_sanitize_line(char *text);

#endif
