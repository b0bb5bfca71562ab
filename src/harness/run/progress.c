#include "run/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

/* Counts it; each stage begins anew, and a run that goes on in its midst. */
static void count_step(struct tb_progress *progress, const struct tb_step *step)
{
    if (!progress->steps || step->stage != progress->stage)
        *progress = (struct tb_progress){.shown = progress->shown,
                                         .quiet = progress->quiet,
                                         .mde = progress->mde,
                                         .stage = step->stage,
                                         .first = step->stage == TB_PILOTS ? 0 : step->done,
                                         .began = tb_now()};
    progress->steps++;
}

/* By how long the steps took until now. Pilots do not come in the order of their places, so they
 * are counted. */
static double estimate(const struct tb_progress *progress, const struct tb_step *step)
{
    size_t done = progress->stage == TB_PILOTS ? progress->steps - 1 : step->done;

    return (tb_now() - progress->began) / (double)(done - progress->first) *
           (double)(step->total - done);
}

/* ", about 35 s left"; empty where that is not known. */
static void print_left(const struct tb_progress *progress, const struct tb_step *step, char *text,
                       size_t size)
{
    bool budget = step->budget_s > 0;
    double left_s = budget ? step->budget_s : estimate(progress, step);
    bool minutes = left_s > 600;

    if (isfinite(left_s)) /* there was a step */
        (void)snprintf(text, size, ", %s %.0f %s left", budget ? "at most" : "about",
                       minutes ? left_s / 60 : left_s, minutes ? "min" : "s"); /* fits */
}

void tb_progress_report(struct tb_progress *progress, const struct tb_step *step)
{
    char line[widest + 1] = "", mde[32] = "", left[40] = "", of[16] = "";
    tb_autofree char *text = NULL;

    if (!progress || !progress->shown)
        return;
    if (progress->mde > 1 && step->stage == TB_ROUNDS)
        (void)snprintf(mde, sizeof mde, ", MDE %.3g %%", 100 * (progress->mde - 1)); /* fits */
    count_step(progress, step);
    print_left(progress, step, left, sizeof left);
    if (step->rounds < TB_MOST_ROUNDS) /* else it ends when its time is up */
        (void)snprintf(of, sizeof of, " of %u", step->rounds); /* fits */
    if (step->stage == TB_PILOTS)
        text = tb_print("pilot %zu of %zu%s: %s", progress->steps, step->total, left, step->name);
    else
        text = tb_print("%sround %u%s%s%s: %s", step->stage == TB_COUNTS ? "counting, " : "",
                        step->round, of, left, mde, step->name);
    (void)snprintf(line, sizeof line, "%s", text); /* cut to fit */
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

/* To two digits, as a number above 0. */
static double rough(double value)
{
    double step = pow(10, floor(log10(value)) - 1);

    return round(value / step) * step;
}

/* "about 96 s in all, at most 30 rounds and 150 s"; without "about" where that is the budget or not
 * known. The caller's. */
static char *total_of(const struct tb_planned *planned)
{
    double budget_s = planned->settings->budget_s;
    unsigned rounds = planned->settings->rounds;
    double total_s = rounds * planned->round_s;
    bool minutes = total_s > 600;
    bool known = total_s > 0 && (!budget_s || total_s < budget_s);
    tb_autofree char *about =
        known ? tb_print("about %.6g %s in all, ", rough(minutes ? total_s / 60 : total_s),
                         minutes ? "min" : "s")
              : tb_copy("");
    tb_autofree char *limit =
        budget_s ? tb_print(" and %.3g s%s", budget_s, known ? "" : " in all") : tb_copy("");

    return tb_print("%sat most %u round%s%s", about, rounds, rounds == 1 ? "" : "s", limit);
}

void tb_progress_plan(const struct tb_progress *progress, const struct tb_planned *planned)
{
    size_t count;
    tb_autofree char *total = total_of(planned);
    tb_autofree char *left_out = left_out_of(planned, &count);
    tb_autofree char *round =
        planned->round_s > 0 ? tb_print(", in about %.6g s", rough(planned->round_s)) : tb_copy("");

    tb_progress_end(progress);
    if (progress && !progress->quiet)
        tb_notice("%scases: %zu, processes a round: %zu%s; %s",
                  planned->again ? "processes take longer than planned; " : "", planned->measured,
                  planned->processes, round, total);
    if (progress && count)
        tb_notice("left out, as %g s do not hold all: %s: give a larger --budget, or fewer cases",
                  planned->settings->budget_s, left_out);
}

void tb_progress_end(const struct tb_progress *progress)
{
    char line[widest + 1] = "";

    if (progress && progress->shown)
        show(line);
}
