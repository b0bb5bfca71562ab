#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "load.h"

/* Narrower than any usual terminal, so that the line never wraps. */
enum { width = 78 };

struct tb_progress tb_progress(bool quiet)
{
    return (struct tb_progress){.shown = !quiet && isatty(STDERR_FILENO)};
}

/* Progress is a courtesy: that it cannot be written is no error. */
static void show(const char *line)
{
    (void)fprintf(stderr, "\r%-*.*s\r", width, width, line);
}

void tb_progress_tell(void *user, const struct tb_step *step)
{
    struct tb_progress *progress = user;
    char line[width + 1];
    double left;

    if (!progress->shown)
        return;
    if (!step->done)
        progress->began = tb_now();
    left = step->done ? (tb_now() - progress->began) * (double)(step->total - step->done) /
                            (double)step->done
                      : 0;
    if (step->budget_s)
        left = step->budget_s;
    if (step->round)
        (void)snprintf(line, sizeof line, "round %u of %u, %.0f s left: %s", step->round,
                       step->rounds, left, step->name); /* cut to fit, here and below */
    else
        (void)snprintf(line, sizeof line, "pilot %zu of %zu: %s", step->done + 1, step->total,
                       step->name);
    show(line);
}

void tb_progress_end(const struct tb_progress *progress)
{
    if (progress->shown)
        show("");
}
