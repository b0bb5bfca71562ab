/*
 * Takes what a process writes, as it comes and up to a limit: through a pipe, or through a FIFO in
 * the place of a file that it writes. So even a file never grows beyond what is kept of it.
 */
#ifndef TB_RUN_CAPTURE_H
#define TB_RUN_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

struct tb_capture {
    const char *what; /* its name in messages */
    const char *path; /* of the FIFO; NULL: a pipe */
    size_t limit;     /* bytes that are kept, from the beginning; 0: it is not opened at all */
    bool tail;        /* the first 4 KiB and the last bytes are kept; the limit is 8 KiB or more */
    /* What follows is zero before tb_capture_open(). */
    int fd;      /* to read from; -1: closed */
    int far;     /* the pipe's other end, for the process; -1: none */
    bool cut;    /* there was more than the limit */
    int err;     /* errno value of reading what is not there to its end, or 0 */
    size_t size; /* bytes in `text` */
    size_t room; /* bytes that fit into `text` without a NUL */
    char *text;  /* owned; ends with a NUL, never NULL once opened */
};

/* Returns 0 or an errno value; the capture is to be closed, and `text` freed, either way. */
int tb_capture_open(struct tb_capture *capture);

/* Closes our copy of the pipe's other end. */
void tb_capture_close_far(struct tb_capture *capture);

/*
 * Takes what is there. While the process runs that is no more than a pipe holds, so that one that
 * never stops writing does not keep us here. When it has `ended` it is all; where nothing came
 * through the FIFO, that is the content of a file that has replaced it.
 */
void tb_capture_drain(struct tb_capture *capture, bool ended);

/* Closes it and removes the FIFO; `text` stays, in printable UTF-8 (tb_sanitize()). */
void tb_capture_close(struct tb_capture *capture);

#endif
