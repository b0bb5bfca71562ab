/*
 * Cells of CSV as RFC 4180 has them, safe in a spreadsheet.
 */
#ifndef TB_UTIL_CSV_H
#define TB_UTIL_CSV_H

#include <stdio.h>

/*
 * Writes a text as one cell; NULL is an empty one. It is quoted where it must be, quotes doubled,
 * and what a terminal would obey is '?'. A text that begins with = + - @ would be a formula to a
 * spreadsheet: it gets an apostrophe in front, by which that takes it for text.
 */
void tb_csv_put_text(FILE *out, const char *text);

/* Writes a number with nine significant digits; an empty cell where it is not finite. */
void tb_csv_put_number(FILE *out, double number);

#endif
