#include "report/html/plot.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/html.h"
#include "report/html/plot_svg.h"
#include "run/scratch.h"
#include "run/signals.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/memory.h"
#include "util/strings.h"

const char *tb_plot_hue(size_t hue)
{
    return tb_plot_hues[hue % TB_HUES];
}

/* A mark in a page is between these two, which no text in it has: they are shown as numbers. */
enum { mark_begin = 1, mark_end = 2 };

/* The figure, in its own units, and where in it the curves are. */
enum { width = 440, height = 250, left = 56, right = 424, top = 10, bottom = 222 };

/* To gnuplot the text is a format of printf's. */
static void put_tick(FILE *script, const struct tb_tick *tick, bool follows)
{
    /* Into memory, as all in this file but the drawing. */
    (void)fprintf(script, "%s\"", follows ? ", " : "");
    for (const char *letter = tick->text; *letter; letter++)
        (void)fprintf(script, *letter == '%' ? "%%%%" : "%c", *letter);
    (void)fprintf(script, "\" %.9g", tick->at);
}

static void put_ruler(FILE *script, char axis, const struct tb_ruler *ruler)
{
    (void)fprintf(script, "%s logscale %c\nset %crange [%.9g:%.9g]\n", ruler->log ? "set" : "unset",
                  axis, axis, ruler->low, ruler->high);
    if (!ruler->count) {
        (void)fprintf(script, "unset %ctics\n", axis);
        return;
    }
    (void)fprintf(script, "set %ctics nomirror out scale 0.5 (", axis);
    for (size_t i = 0; i < ruler->count; i++)
        put_tick(script, &ruler->ticks[i], i > 0);
    (void)fputs(")\n", script);
}

static void put_levels(FILE *script, const struct tb_plot *plot)
{
    (void)fputs("unset arrow\n", script);
    for (size_t i = 0; i < plot->level_count; i++)
        (void)fprintf(
            script,
            "set arrow from graph 0, first %.9g to graph 1, first %.9g nohead back lc rgb "
            "'%s' lw 1\n",
            plot->levels[i], plot->levels[i], tb_plot_grid);
}

static void put_style(FILE *script, const struct tb_curve *curve)
{
    static const char *const styles[] = {
        [TB_STROKE_LINE] = "lines lw 1.6",
        [TB_STROKE_STEPS] = "steps lw 1.6",
        [TB_STROKE_DASHED] = "lines lw 1.2 dt (4,3)",
        [TB_STROKE_POINTS] = "points pt 7 ps 0.5",
        [TB_STROKE_STALKS] = "impulses lw 1",
    };

    (void)fprintf(script, "'-' with %s lc rgb '%s'", styles[curve->stroke],
                  tb_plot_hue(curve->hue));
}

static void put_point(FILE *script, const struct tb_point *point)
{
    if (isfinite(point->x) && isfinite(point->y))
        (void)fprintf(script, "%.7g %.7g\n", point->x, point->y);
    else
        (void)fputc('\n', script);
}

static void put_curves(FILE *script, const struct tb_plot *plot)
{
    (void)fputs("plot ", script);
    for (size_t i = 0; i < plot->count; i++) {
        (void)fputs(i ? ", " : "", script);
        put_style(script, &plot->curves[i]);
    }
    (void)fputc('\n', script);
    for (size_t i = 0; i < plot->count; i++) {
        for (size_t k = 0; k < plot->curves[i].count; k++)
            put_point(script, &plot->curves[i].points[k]);
        (void)fputs("e\n", script);
    }
}

static void put_preamble(FILE *script)
{
    (void)fprintf(script,
                  "set encoding utf8\n"
                  "set terminal svg size %d,%d noenhanced font 'sans-serif,11'\n"
                  "unset key\nset border 3 lw 0.8\n"
                  "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
                  "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
                  width, height, (double)left / width, (double)right / width,
                  1 - (double)top / height, 1 - (double)bottom / height);
}

/* The elements as they stand in a page, up to the drawing; the caller's, as is the end. */
static char *opening_of(const struct tb_plot *plot)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    tb_html_print(out,
                  "<figure><svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" "
                  "aria-label=\"%s\"",
                  width, height, plot->title);
    if (plot->reading) {
        tb_html_print(out, " data-reading=\"%s\"", plot->reading);
        (void)fprintf(out, " data-box=\"%d %d %d %d\" data-x=\"%s %.6g %.6g\" data-top=\"%.6g\"",
                      left, right, top, bottom, plot->x.log ? "log" : "linear", plot->x.low,
                      plot->x.high, plot->y.high);
    }
    (void)fputc('>', out);
    (void)fclose(out);
    return text;
}

static char *closing_of(const struct tb_plot *plot)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    tb_html_print(out, "<figcaption>%s</figcaption></figure>", plot->caption);
    (void)fclose(out);
    return text;
}

/* What gnuplot's drawings point at for a point of a curve, and what they leave out. */
static const char symbols[] =
    "<svg class=\"symbols\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
    "<circle id=\"gpPt6\" r=\"1\" stroke=\"none\" fill=\"currentColor\"/></defs></svg>\n";

void tb_plots_begin(FILE *out)
{
    (void)fputs(symbols, out); /* in memory */
}

void tb_plots_add(struct tb_plots *plots, FILE *out, const struct tb_plot *plot)
{
    /* gnuplot ends at an axis without a length, and at no curve, and all other figures with it. */
    if (!(plot->x.low < plot->x.high) || !(plot->y.low < plot->y.high) || !plot->count)
        return;
    if (!plots->script) {
        plots->script = tb_open_text(&plots->text, &plots->size);
        put_preamble(plots->script);
    }
    put_ruler(plots->script, 'x', &plot->x);
    put_ruler(plots->script, 'y', &plot->y);
    put_levels(plots->script, plot);
    put_curves(plots->script, plot);
    if (out)
        (void)fprintf(out, "%c%zu%c", mark_begin, plots->count, mark_end);
    plots->made = tb_grow(plots->made, plots->count + 1, sizeof *plots->made);
    plots->made[plots->count++] = (struct tb_plotted){
        .name = tb_copy(plot->name),
        .title = tb_copy(plot->title),
        .legend = tb_copy(plot->legend),
        .opening = opening_of(plot),
        .closing = closing_of(plot),
    };
}

/* What gnuplot made of the script: documents, one after the other. */
static int run_gnuplot(const char *script, struct tb_ending *ret_ending, struct tb_error *error)
{
    tb_autofree char *path = tb_scratch_path("figures.gp"), *how = NULL;
    const char *const argv[] = {"gnuplot", "-d", path, NULL};
    const struct tb_job job = {
        .argv = (char *const *)argv, /* execvpe() takes them so but changes nothing */
        .timeout_s = 600,
        .output_limit = 512 << 20,
    };
    int code = tb_file_write(path, script, error);

    if (code)
        return code;
    *ret_ending = tb_worker_run(&job);
    if (tb_ending_is_good(ret_ending))
        return 0;
    if (ret_ending->end == TB_UNSTARTED)
        return tb_failure(error, "there are no figures without gnuplot: install gnuplot-nox "
                                 "(Debian) or gnuplot");
    if (ret_ending->end == TB_INTERRUPTED)
        return tb_error_set(error, 128 + tb_signals_stopped(), "interrupted");
    how = tb_ending_text(ret_ending);
    return tb_failure(error, "no figures: gnuplot: %s", how);
}

/* A file for each figure, as gnuplot has drawn it but for its title. */
static int write_file(const struct tb_plots *plots, size_t index, const char *drawn,
                      struct tb_error *error)
{
    const struct tb_plotted *made = &plots->made[index];
    tb_autofree char *path = tb_print("%s/%03zu-%s.svg", plots->folder, index + 1, made->name);
    tb_autofree char *text = tb_plot_file(drawn, made->title, made->legend);

    return tb_file_write(path, text, error);
}

static int take(struct tb_plots *plots, char *drawn, struct tb_error *error)
{
    static const char begin[] = "<?xml";
    char *next = strstr(drawn, begin);
    int code = 0;

    for (size_t i = 0; i < plots->count; i++) {
        char *from = next;

        if (!from)
            return tb_failure(error, "no figures: gnuplot has drawn %zu of %zu", i, plots->count);
        next = strstr(from + 1, begin);
        if (next)
            next[-1] = '\0';
        plots->made[i].svg = tb_plot_inline(from, plots->made[i].opening);
        if (plots->folder && !code)
            code = write_file(plots, i, from, error);
        if (next)
            next[-1] = '\n';
    }
    return code;
}

static int make_folder(const char *folder, struct tb_error *error)
{
    tb_autofree char *within = tb_print("%s/", folder);
    int err = tb_file_make_folders(within, 0);

    return err ? tb_file_unwritable("make", folder, err, error) : 0;
}

/* A signal ends us when the scratch folder is gone. */
static int draw(const char *script, struct tb_ending *ret_ending, struct tb_error *error)
{
    int err = tb_signals_catch();
    int code = err ? tb_failure(error, "no figures: %s", strerror(err)) : tb_scratch_renew(error);

    if (!code)
        code = run_gnuplot(script, ret_ending, error);
    tb_scratch_end();
    if (!code && tb_signals_stopped())
        code = tb_error_set(error, 128 + tb_signals_stopped(), "interrupted");
    tb_signals_release();
    return code;
}

int tb_plots_draw(struct tb_plots *plots, struct tb_error *error)
{
    tb_auto(tb_ending_finish) struct tb_ending ending = {0};
    int code = plots->folder ? make_folder(plots->folder, error) : 0;

    if (!plots->script || code)
        return code;
    (void)fclose(plots->script);
    plots->script = NULL;
    code = draw(plots->text, &ending, error);
    return code ? code : take(plots, ending.written[TB_OUTPUT].text, error);
}

char *tb_plots_place(const struct tb_plots *plots, const char *page, size_t size, size_t *ret_size)
{
    const char *end = page + size, *mark;
    char *text;
    FILE *out = tb_open_text(&text, ret_size);

    while ((mark = memchr(page, mark_begin, (size_t)(end - page))) != NULL) {
        char *after;
        size_t index = strtoul(mark + 1, &after, 10);

        (void)fwrite(page, 1, (size_t)(mark - page), out);
        if (index < plots->count && plots->made[index].svg) {
            (void)fputs(plots->made[index].svg, out);
            (void)fputs(plots->made[index].closing, out);
        }
        page = after + 1;
    }
    (void)fwrite(page, 1, (size_t)(end - page), out);
    (void)fclose(out);
    return text;
}

void tb_plots_finish(struct tb_plots *plots)
{
    if (plots->script)
        (void)fclose(plots->script);
    free(plots->text);
    for (size_t i = 0; i < plots->count; i++) {
        struct tb_plotted *made = &plots->made[i];

        free(made->name);
        free(made->title);
        free(made->legend);
        free(made->opening);
        free(made->svg);
        free(made->closing);
    }
    free(plots->made);
    *plots = (struct tb_plots){0};
}
