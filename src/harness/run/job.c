#include "run/job.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/strings.h"

void tb_ending_finish(struct tb_ending *ending)
{
    for (size_t i = 0; i < TB_WRITTEN; i++)
        free(ending->written[i].text);
    *ending = (struct tb_ending){0};
}

bool tb_ending_is_good(const struct tb_ending *ending)
{
    return ending->end == TB_EXITED && ending->number == 0;
}

/* Cuts off the last line that says something, and returns it; an empty one where none does. */
static const char *cut_last_line(char *text)
{
    char *line;

    tb_trim(text);
    line = strrchr(text, '\n');
    if (!line)
        return text;
    *line = '\0';
    return line + 1;
}

/* The last line of stderr, unless it is one of those with which Google Benchmark begins; the
 * caller's. */
static char *last_line(const struct tb_ending *ending)
{
    tb_autofree char *text = tb_copy(ending->written[TB_ERRORS].text);
    const char *line = cut_last_line(text);

    while (tb_begins_with(line, "***WARNING***") && line > text)
        line = cut_last_line(text);
    return tb_copy(
        tb_begins_with(line, "***WARNING***") || tb_begins_with(line, "Load Average:") ? "" : line);
}

/* The line with which a shell, or a script in place of a program, says that it found none to run.
 * pyenv's goes on with hints. NULL where there is none; the caller's. */
static char *not_found_line(const struct tb_ending *ending)
{
    const char *text = ending->written[TB_ERRORS].text, *line;

    if (ending->end != TB_EXITED || ending->number != 127 || !(line = strstr(text, "not found")))
        return NULL;
    return tb_line_at(text, line);
}

/* The line of stderr that says why; the caller's. */
static char *telling_line(const struct tb_ending *ending)
{
    char *line = not_found_line(ending);

    return line ? line : last_line(ending);
}

/* What to look at where something could not be had. */
static const char *advice(int err)
{
    static const struct {
        int err;
        const char *advice;
    } table[] = {
        {EAGAIN, ": see the limits of processes, ulimit -u and the cgroup's pids.max"},
        {EMFILE, ": see the limit of open files, ulimit -n"},
        {ENOMEM, ": see the limits of memory, ulimit -v and the cgroup's memory.max"},
        {ENOSPC, ": set TMPDIR to another place"},
        {EDQUOT, ": set TMPDIR to another place"},
        {EROFS, ": set TMPDIR to another place"},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].err == err)
            return table[i].advice;
    }
    return "";
}

static char *unstarted_text(const struct tb_ending *ending)
{
    const char *why = strerror(ending->number), *todo = advice(ending->number);

    return ending->missing ? tb_print("cannot start: %s: %s%s", ending->missing, why, todo)
                           : tb_print("cannot start: %s%s", why, todo);
}

static char *too_large_text(const struct tb_ending *ending)
{
    const struct tb_capture *written = ending->written;

    while (written->tail || !written->cut)
        written++;
    return tb_print("its %s is over %zu MiB", written->what, written->limit >> 20);
}

static char *timed_out_text(const struct tb_ending *ending)
{
    if (!ending->runs_on)
        return tb_print("not finished after %.3g s", ending->wall_s);
    return tb_print("not finished after %.3g s: another user's by now, it cannot be ended, and "
                    "runs on",
                    ending->wall_s);
}

char *tb_ending_text(const struct tb_ending *ending)
{
    tb_autofree char *why = telling_line(ending);
    const char *colon = *why ? ": " : "";
    int number = ending->number;

    switch (ending->end) {
    case TB_EXITED:
        return tb_print("exit status %d%s%s", number, colon, why);
    case TB_KILLED:
        return tb_print("killed by signal %d (%s)%s%s%s", number, strsignal(number),
                        number == SIGKILL ? ", perhaps by the kernel for lack of memory" : "",
                        colon, why);
    case TB_TIMED_OUT:
        return timed_out_text(ending);
    case TB_TOO_LARGE:
        return too_large_text(ending);
    case TB_INTERRUPTED:
        return tb_copy("interrupted");
    case TB_UNREAD:
        return tb_print("cannot read its %s: %s", ending->missing, strerror(number));
    case TB_UNSTARTED:
        break;
    }
    return unstarted_text(ending);
}
