/* JSON, as it is written. Whether all of it was shows when the stream is closed. */
#ifndef TB_WRITE_H
#define TB_WRITE_H

#include <stdbool.h>
#include <stdio.h>

/* Begins as {.stream = …, .empty = true}. The stream is the caller's. */
struct tb_writer {
    FILE *stream;
    bool empty; /* the innermost object or list */
};

/* Each of these writes a member: of an object, or, with a NULL key, of a list. */

/* An object or a list, by its bracket, '{' or '['. The members that follow are its own, until its
 * end. */
void tb_write_begin(struct tb_writer *out, const char *key, char bracket);
void tb_write_end(struct tb_writer *out, char bracket);

/* A text of NULL is null. */
void tb_write_text(struct tb_writer *out, const char *key, const char *text);

/* With 15 digits: whole numbers and times have no more. What is not finite is null. */
void tb_write_number(struct tb_writer *out, const char *key, double number);
void tb_write_flag(struct tb_writer *out, const char *key, bool flag);

/* A value that the caller then writes to the stream, which is returned. */
FILE *tb_write_member(struct tb_writer *out, const char *key);

#endif
