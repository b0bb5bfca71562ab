#include "run/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "run/procstat.h"
#include "util/sanitize.h"

enum { widest = 78 };

struct tb_progress tb_progress(bool quiet)
{
    return (struct tb_progress){.shown = !quiet && isatty(STDERR_FILENO)};
}

/* Narrower than the terminal is at this moment, so that the line never wraps. */
static int width(void)
{
    struct winsize size = {0};

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col || size.ws_col > widest)
        return widest;
    return size.ws_col - 1;
}

/* Progress is a courtesy: that it cannot be written is no error. */
static void show(char *line)
{
    int columns = width();

    line[columns] = '\0';
    tb_sanitize_line(line); /* a character may have been cut in two */
    (void)fprintf(stderr, "\r%-*s\r", columns, line);
}

/* Of the budget, or by how long the steps took until now. */
static double seconds_left(const struct tb_progress *progress, const struct tb_step *step)
{
    if (step->budget_s)
        return step->budget_s;
    if (!step->done)
        return 0;
    return (tb_now() - progress->began) / (double)step->done * (double)(step->total - step->done);
}

void tb_progress_report(void *user, const struct tb_step *step)
{
    struct tb_progress *progress = user;
    char line[widest + 1] = "";

    if (!progress->shown)
        return;
    if (!step->done)
        progress->began = tb_now();
    if (step->round)
        (void)snprintf(line, sizeof line, "round %u of %u, %.0f s left: %s", step->round,
                       step->rounds, seconds_left(progress, step),
                       step->name); /* cut to fit, here and below */
    else
        (void)snprintf(line, sizeof line, "pilot %zu of %zu: %s", step->done + 1, step->total,
                       step->name);
    show(line);
}

void tb_progress_end(const struct tb_progress *progress)
{
    char line[widest + 1] = "";

    if (progress->shown)
        show(line);
}
