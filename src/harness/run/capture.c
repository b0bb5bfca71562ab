#include "run/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/sanitize.h"

enum { piece = 4096, pieces = 16, all_pieces = 4096 };

static int open_pipe(struct tb_stream *stream)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        return errno;
    stream->fd = ends[0];
    stream->far = ends[1];
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) ? errno : 0;
}

/* Also open for writing, or opening it would wait for a writer and reading end with the first. */
static int open_fifo(struct tb_stream *stream)
{
    if (mkfifo(stream->path, 0600))
        return errno;
    stream->fd = open(stream->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return stream->fd < 0 ? errno : 0;
}

int tb_stream_open(struct tb_stream *stream)
{
    stream->fd = stream->far = -1;
    stream->text = tb_alloc(1, 1);
    if (!stream->limit)
        return 0;
    return stream->path ? open_fifo(stream) : open_pipe(stream);
}

/* Nothing was written by us. */
static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

void tb_stream_close_far(struct tb_stream *stream)
{
    close_end(&stream->far);
}

/* Makes room for `size` more bytes by letting go of those, or as many of the kept, over the limit.
 */
static size_t fit(struct tb_stream *stream, size_t size)
{
    size_t over = stream->size + size > stream->limit ? stream->size + size - stream->limit : 0;

    stream->cut |= over > 0;
    if (stream->tail) {
        /* A piece is never more than the limit of a tail. */
        stream->size -= over;
        memmove(stream->text, stream->text + over, stream->size);
    } else {
        size -= over;
    }
    while (stream->size + size > stream->room)
        stream->text = tb_grow(stream->text, 1, (stream->room = 2 * stream->room + piece) + 1);
    return size;
}

static void keep(struct tb_stream *stream, const char *data, size_t size)
{
    size = fit(stream, size);
    memcpy(stream->text + stream->size, data, size);
    stream->size += size;
    stream->text[stream->size] = '\0';
}

static void take(struct tb_stream *stream, int reads)
{
    char data[piece];
    ssize_t got = 1;

    for (; stream->fd >= 0 && reads && got > 0; reads--) {
        got = read(stream->fd, data, sizeof data);
        if (got > 0)
            keep(stream, data, (size_t)got);
    }
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&stream->fd);
}

void tb_stream_drain(struct tb_stream *stream, bool ended)
{
    take(stream, ended ? all_pieces : pieces);
    if (!ended || !stream->path || stream->size)
        return;
    /* Who writes a file beside it and renames that has removed the FIFO. */
    close_end(&stream->fd);
    stream->fd = open(stream->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    take(stream, all_pieces);
}

void tb_stream_close(struct tb_stream *stream)
{
    tb_stream_close_far(stream);
    close_end(&stream->fd);
    if (stream->path)
        (void)unlink(stream->path); /* its user may have removed it */
    tb_clean(stream->text, stream->size);
}
