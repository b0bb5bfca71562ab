/*
 * Makes text harmless that comes from subjects and files, before it is printed or kept. Pure.
 */
#ifndef TB_UTIL_SANITIZE_H
#define TB_UTIL_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Replaces each byte by '?' that is not part of UTF-8, or of a character that a terminal would
 * obey: NUL and the control characters of both sets, but for tab, line feed and carriage return;
 * those that turn the direction of writing, and Unicode's own ends of lines.
 */
void tb_sanitize(char *text, size_t size);
bool tb_is_printable(const char *text); /* nothing of it would be replaced */

/* Replaces these three as well, in a text that is to stay on its line and in its column. */
void tb_sanitize_line(char *text);

#endif
