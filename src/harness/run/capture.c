#include "run/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/sanitize.h"

/* Bytes of one read; reads while the process runs, which is what a pipe holds, and at its end. */
enum { piece = 4096, pieces = 16, all_pieces = 4096 };

static int open_pipe(struct tb_capture *capture)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        return errno;
    capture->fd = ends[0];
    capture->far = ends[1];
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) ? errno : 0;
}

/* Opened for writing as well: else opening waits for a writer, and reading ends with the first. */
static int open_fifo(struct tb_capture *capture)
{
    if (mkfifo(capture->path, 0600))
        return errno;
    capture->fd = open(capture->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return capture->fd < 0 ? errno : 0;
}

int tb_capture_open(struct tb_capture *capture)
{
    capture->fd = capture->far = -1;
    capture->text = tb_alloc(1, 1);
    if (!capture->limit)
        return 0;
    return capture->path ? open_fifo(capture) : open_pipe(capture);
}

/* Nothing was written by us that an error of close() could be about. */
static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

void tb_capture_close_far(struct tb_capture *capture)
{
    close_end(&capture->far);
}

/* Makes room for `size` more bytes, of which it returns how many fit. A tail drops for them what
 * follows its first piece. */
static size_t fit(struct tb_capture *capture, size_t size)
{
    size_t over = capture->size + size > capture->limit ? capture->size + size - capture->limit : 0;

    capture->cut |= over > 0;
    if (capture->tail) {
        /* No underflow: the limit of a tail is two pieces or more. */
        capture->size -= over;
        if (over)
            memmove(capture->text + piece, capture->text + piece + over, capture->size - piece);
    } else {
        size -= over;
    }
    while (capture->size + size > capture->room)
        capture->text = tb_grow(capture->text, 1, (capture->room = 2 * capture->room + piece) + 1);
    return size;
}

static void keep(struct tb_capture *capture, const char *data, size_t size)
{
    size = fit(capture, size);
    memcpy(capture->text + capture->size, data, size);
    capture->size += size;
    capture->text[capture->size] = '\0';
}

static void read_pieces(struct tb_capture *capture, int reads)
{
    char data[piece];
    ssize_t got = 1;

    for (; capture->fd >= 0 && reads && got > 0; reads--) {
        got = read(capture->fd, data, sizeof data);
        if (got > 0)
            keep(capture, data, (size_t)got);
    }
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    if (got < 0)
        capture->err = errno;
    close_end(&capture->fd);
}

void tb_capture_drain(struct tb_capture *capture, bool ended)
{
    read_pieces(capture, ended ? all_pieces : pieces);
    if (!ended || !capture->path || capture->size)
        return;
    /* A writer that renames a file to this path has removed the FIFO. */
    close_end(&capture->fd);
    capture->fd = open(capture->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    read_pieces(capture, all_pieces);
}

void tb_capture_close(struct tb_capture *capture)
{
    tb_capture_close_far(capture);
    close_end(&capture->fd);
    if (capture->path)
        (void)unlink(capture->path); /* its user may have removed it */
    tb_sanitize(capture->text, capture->size);
}
