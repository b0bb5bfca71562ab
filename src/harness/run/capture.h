/*
 * What a process writes, taken as it comes and within a bound: through a pipe, or through a FIFO
 * that stands where the process believes it writes a file. So a file has no size but what is kept.
 */
#ifndef TB_RUN_CAPTURE_H
#define TB_RUN_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

struct tb_capture {
    const char *what; /* its name in messages */
    const char *path; /* of the FIFO; NULL: a pipe */
    size_t limit;     /* bytes that are kept, the first; 0: it is neither opened nor read */
    bool tail;        /* the last are kept, at least 4 KiB of them */
    /* What follows is zero before. */
    int fd;      /* to read from; -1: closed */
    int far;     /* the pipe's other end, for the process; -1: none */
    bool cut;    /* there was more */
    size_t size; /* bytes in `text` */
    size_t room;
    char *text; /* owned; ends with a NUL, never NULL once opened */
};

/* Returns 0 or an errno value; a capture is to be finished even then. */
int tb_capture_open(struct tb_capture *capture);

/* Closes our copy of the pipe's other end. */
void tb_capture_close_far(struct tb_capture *capture);

/*
 * Takes what is there: while the process runs no more than a pipe holds, as who never stops writing
 * must not hold us; when it has ended as much as there can be, and if nothing came through a FIFO
 * what the file holds that stands in its place by now.
 */
void tb_capture_drain(struct tb_capture *capture, bool ended);

/* Closes it and removes the FIFO; `text` stays, in printable UTF-8 (tb_sanitize()). */
void tb_capture_close(struct tb_capture *capture);

#endif
