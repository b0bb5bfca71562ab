/*
 * What becomes of bytes that others wrote: each function reads one kind of file and then does with
 * it all that the commands do, up to the document, the tables and a comparison, into /dev/null.
 */
#ifndef TB_TESTS_FUZZ_CONSUME_H
#define TB_TESTS_FUZZ_CONSUME_H

#include <stddef.h>
#include <stdio.h>

#include "util/error.h"

/* Each returns 0, or TB_FAILURE with a message where the bytes were refused. It ends the program by
 * an assertion where something was written that cannot be read. */
typedef int tb_consumer(const char *text, size_t size, struct tb_error *error);

tb_consumer tb_consume_catalogue; /* a sidecar's list of cases */
tb_consumer tb_consume_series;    /* a sidecar's samples of one case */
tb_consumer tb_consume_plain;     /* a result file, as a worker writes it; and to be compared */
tb_consumer tb_consume_document;  /* a file that is compared, or a run to be continued */

extern const struct tb_consumed {
    const char *name;
    tb_consumer *consume;
} tb_consumed[4];

/* A good file of each kind, followed by a NUL; the caller's. */
char *tb_seed(const char *name);

/* The file itself, good.json of that target's seeds; likewise. */
char *tb_seed_file(const char *name);

/* Where each document that is made is written, too, with a NUL behind it; NULL: nowhere. */
extern FILE *tb_documents;

#endif
