#include "report/figures.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

enum { fewest_digits = 2, usual_digits = 3, most_digits = 4 };

struct tb_text tb_text_print(bool known, const char *format, ...)
{
    const char *used = known ? format : "-";
    struct tb_text text;
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text.text, sizeof text.text, used, list); /* cut to fit */
    va_end(list);
    return text;
}

/* The power of ten of the first digit; a value that is rounded up to the next power has that. */
static int power_of(double value, int digits)
{
    char text[40];

    (void)snprintf(text, sizeof text, "%.*e", digits - 1, fabs(value)); /* fits */
    return (int)strtol(strchr(text, 'e') + 1, NULL, 10);
}

int tb_digits(double value, double half)
{
    int digits;

    if (!isfinite(half) || value == 0)
        return usual_digits;
    if (half == 0)
        return most_digits;
    digits = power_of(value, most_digits) - power_of(half, 1) + 1;
    return digits < fewest_digits ? fewest_digits : digits > most_digits ? most_digits : digits;
}

/* So many digits, but all that stand before the point. */
static struct tb_text print(double value, int digits, const char *unit)
{
    int decimals;

    if (!isfinite(value) || fabs(value) >= TB_LARGE)
        return tb_text_print(isfinite(value), "%.*g%s", digits, value, unit);
    decimals = value == 0 ? digits - 1 : digits - 1 - power_of(value, digits);
    return tb_text_print(true, "%.*f%s", decimals < 0 ? 0 : decimals, value, unit);
}

/* With the largest of the units in which it is not below 1; each is 1000 times the one before. */
static struct tb_text scale(double value, int digits, const char *const *units, size_t count)
{
    size_t at = 0;

    for (; at + 1 < count && value != 0 && power_of(value, digits) >= 3; at++)
        value /= 1e3;
    return print(value, digits, units[at]);
}

struct tb_text tb_text_within(const struct tb_page *page, const char *unit, double value,
                              double half)
{
    static const char *const bytes[] = {" B", " kB", " MB", " GB", " TB"};
    const char *const times[] = {" ns", page->utf8 ? " \u00b5s" : " us", " ms", " s"};
    int digits = isfinite(value) ? tb_digits(value, half) : 0;
    struct tb_text text;

    if (!isfinite(value))
        return tb_text_print(false, "-");
    if (!strcmp(unit, "ns"))
        return scale(value, digits, times, sizeof times / sizeof *times);
    if (!strcmp(unit, "bytes"))
        return scale(value, digits, bytes, sizeof bytes / sizeof *bytes);
    text = print(value, digits, *unit ? " " : "");
    return tb_text_print(true, "%s%s", text.text, unit);
}

struct tb_text tb_text_value(const struct tb_page *page, const char *unit, double value)
{
    return tb_text_within(page, unit, value, NAN);
}

struct tb_text tb_text_time(const struct tb_page *page, double ns)
{
    return tb_text_within(page, "ns", ns, NAN);
}

struct tb_text tb_text_percent(double share)
{
    double size = fabs(100 * share);

    return tb_text_print(isfinite(share),
                         size < 9.95             ? "%.1f%%"
                         : size < 100 * TB_LARGE ? "%.0f%%"
                                                 : "%.3g%%",
                         100 * share);
}

struct tb_text tb_text_confidence(double alpha)
{
    int decimals = 1 - power_of(100 * alpha, 2); /* so that alpha has two digits */
    struct tb_text text =
        tb_text_print(true, "%.*f", decimals < 0 ? 0 : decimals, 100 - 100 * alpha);
    size_t size = strlen(text.text);

    while (strchr(text.text, '.') && strchr("0.", text.text[size - 1]))
        text.text[--size] = '\0';
    strcat(text.text, " %"); /* far shorter than its buffer */
    return text;
}

struct tb_text tb_text_number(double value)
{
    double size = fabs(value);

    return tb_text_print(isfinite(value),
                         size < 9.995      ? "%.2f"
                         : size < 99.95    ? "%.1f"
                         : size < TB_LARGE ? "%.0f"
                                           : "%.3g",
                         value);
}

struct tb_text tb_text_count(size_t count, const char *noun)
{
    return tb_text_print(true, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

/* Decimals of a change in per cent: none where its interval is wider than ten of them to a side. */
static int decimals_of(double ratio, double half)
{
    return isfinite(half) ? half < 0.0995 : ratio < 10;
}

double tb_percent_of(double ratio, int decimals)
{
    double percent = 100 * (ratio - 1);

    return fabs(percent) * pow(10, decimals) < 0.5 ? 0 : percent;
}

struct tb_text tb_text_change(double ratio, double half)
{
    int decimals = decimals_of(ratio, half);

    if (!(ratio < TB_LARGE))
        return tb_text_print(isfinite(ratio), "%+.3g%%", 100 * (ratio - 1));
    return tb_text_print(true, "%+.*f%%", decimals, tb_percent_of(ratio, decimals));
}

struct tb_text tb_text_changes(double low, double high)
{
    int decimals = decimals_of(low, (high - low) / 2);

    if (!(high < TB_LARGE))
        return tb_text_print(isfinite(low), "%+.3g .. %+.3g", 100 * (low - 1), 100 * (high - 1));
    return tb_text_print(isfinite(low), "%+.*f .. %+.*f", decimals, tb_percent_of(low, decimals),
                         decimals, tb_percent_of(high, decimals));
}

struct tb_text tb_text_change_within(double ratio, double low, double high)
{
    int decimals = decimals_of(ratio, (high - low) / 2);
    double change = tb_percent_of(ratio, decimals);
    double from = tb_percent_of(low, decimals), to = tb_percent_of(high, decimals);
    struct tb_text text = ratio < TB_LARGE ? tb_text_print(true, "%+.*f %%", decimals, change)
                                           : tb_text_print(isfinite(ratio), "%+.3g %%", change);

    if (!isfinite(low))
        return text;
    if (!(high < TB_LARGE))
        return tb_text_print(true, "%s [%.3g, %.3g]", text.text, from, to);
    return tb_text_print(true, "%s [%.*f, %.*f]", text.text, decimals, from, decimals, to);
}
