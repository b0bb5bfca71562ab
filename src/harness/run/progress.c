#include "run/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "run/plan.h"
#include "run/procstat.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/sanitize.h"

enum { widest = 78, most_named = 8 };

struct tb_progress tb_progress(bool quiet)
{
    return (struct tb_progress){.shown = !quiet && isatty(STDERR_FILENO), .quiet = quiet};
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
    char line[widest + 1] = "", mde[32] = "";

    if (!progress->shown)
        return;
    if (progress->mde > 1)
        (void)snprintf(mde, sizeof mde, ", MDE %.3g %%", 100 * (progress->mde - 1)); /* fits */
    if (!step->done)
        progress->began = tb_now();
    if (step->round)
        (void)snprintf(line, sizeof line, "round %u of %u, %.0f s left%s: %s", step->round,
                       step->rounds, seconds_left(progress, step), mde,
                       step->name); /* cut to fit, here and below */
    else
        (void)snprintf(line, sizeof line, "pilot %zu of %zu: %s", step->done + 1, step->total,
                       step->name);
    show(line);
}

/* "a (56 s: 18 x 3.1 s), b (no time was left for its pilot), and 7 more"; empty for none. The
 * caller's. */
static char *left_out_of(const struct tb_planned *planned, size_t *ret_count)
{
    char *text;
    size_t size;
    FILE *list = tb_open_text(&text, &size);

    *ret_count = 0;
    for (size_t i = 0; i < planned->count; i++) {
        const struct tb_row *row = &planned->rows[i];
        tb_autofree char *cost = tb_plan_cost(row, planned->fewest_rounds);

        if (!row->fits && (*ret_count)++ < most_named)
            (void)fprintf(list, "%s%s (%s)", *ret_count > 1 ? ", " : "", row->spec->name,
                          cost); /* into memory, as below */
    }
    if (*ret_count > most_named)
        (void)fprintf(list, ", and %zu more", *ret_count - most_named);
    (void)fclose(list);
    return text;
}

void tb_progress_plan(void *user, const struct tb_planned *planned)
{
    const struct tb_progress *progress = user;
    double budget_s = planned->settings->budget_s;
    size_t count;
    tb_autofree char *left_out = left_out_of(planned, &count);
    tb_autofree char *round =
        planned->round_s > 0 ? tb_print(", in about %.2g s", planned->round_s) : tb_copy("");

    tb_progress_end(progress);
    if (!progress->quiet)
        tb_notice("%scases: %zu, processes a round: %zu%s; at most %u rounds and %g s in all",
                  planned->again ? "processes take longer than planned; " : "", planned->measured,
                  planned->processes, round, planned->settings->rounds, budget_s);
    if (count)
        tb_notice("left out, as %g s do not hold all: %s: give a larger --budget, or fewer cases",
                  budget_s, left_out);
}

void tb_progress_end(const struct tb_progress *progress)
{
    char line[widest + 1] = "";

    if (progress->shown)
        show(line);
}
