/*
 * Text of others made harmless. Pure.
 */
#ifndef TB_HARNESS_CLEAN_H
#define TB_HARNESS_CLEAN_H

#include <stddef.h>

/*
 * Replaces by '?', byte for byte, what is not UTF-8 and what a terminal would obey: the control
 * characters of both sets but for tab, line feed and carriage return, and NUL.
 */
void tb_clean(char *text, size_t size);

#endif
