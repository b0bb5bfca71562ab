#include "report/bar.h"

#include <math.h>
#include <stdint.h>

#include "util/memory.h"

enum { eighths = 8 };

/* From an eighth to all of a column's width. */
static const char *const wide[] = {"\u258f", "\u258e", "\u258d", "\u258c",
                                   "\u258b", "\u258a", "\u2589", "\u2588"};

char *tb_bar(const struct tb_page *page, double share, size_t width)
{
    char *text;
    size_t size, parts;
    FILE *bar = tb_open_text(&text, &size);

    share = share > 0 ? fmin(share, 1) : 0; /* a NaN is none either */
    parts = (size_t)ceil(share * (double)width * (page->utf8 ? eighths : 1) - 1e-9);
    if (!page->utf8) {
        for (size_t i = 0; i < parts; i++)
            (void)fputc('#', bar); /* in memory, as below */
    } else {
        for (; parts >= eighths; parts -= eighths)
            (void)fputs(wide[eighths - 1], bar);
        (void)fputs(parts ? wide[parts - 1] : "", bar);
    }
    (void)fclose(bar);
    return text;
}

const char *tb_block(const struct tb_page *page, size_t height)
{
    static const char *const high[] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                       "\u2585", "\u2586", "\u2587", "\u2588"};
    static const char *const nearest[] = {".", ":", "-", "=", "+", "*", "#", "@"}; /* in ASCII */

    return (page->utf8 ? high : nearest)[height - 1];
}

/* In which of the steps a time is. */
static size_t step_of(double ns, double first, double last, size_t width)
{
    double share = last > first ? log(ns / first) / log(last / first) : 0;

    return share < 1 ? (size_t)(share * (double)width) : width - 1;
}

/* The end of the last step: a long tail would leave one step for all the rest. */
static double last_of(const struct tb_histogram *histogram)
{
    double p99 = tb_histogram_quantile(histogram, 0.99);
    double twice = 2 * tb_histogram_quantile(histogram, 0.5), last = fmin(p99, twice);

    if (isfinite(last)) /* fmin() ignores a NaN */
        return last;
    return histogram->size ? histogram->bins[histogram->size - 1].lower_ns : NAN;
}

char *tb_sparkline(const struct tb_page *page, const struct tb_histogram *histogram, size_t width)
{
    tb_autofree uint64_t *counts = tb_alloc(width, sizeof *counts);
    double first = histogram->size ? histogram->bins->lower_ns : NAN;
    double last = last_of(histogram);
    uint64_t most = 0;
    char *text;
    size_t size;
    FILE *line = tb_open_text(&text, &size);

    for (size_t i = 0; first > 0 && i < histogram->size; i++) {
        uint64_t *count = &counts[step_of(histogram->bins[i].lower_ns, first, last, width)];

        *count += histogram->bins[i].count;
        most = *count > most ? *count : most;
    }
    for (size_t i = 0; most && i < width; i++) {
        double height = ceil((double)counts[i] / (double)most * eighths);

        (void)fputs(counts[i] ? tb_block(page, (size_t)height) : " ", line); /* in memory */
    }
    (void)fclose(line); /* likewise */
    return text;
}
