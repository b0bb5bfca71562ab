#include "report/html/ruler.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void add(struct tb_ruler *ruler, double at)
{
    double slack = 1e-9 * (fabs(ruler->high) + fabs(ruler->low));

    if (at >= ruler->low - slack && at <= ruler->high + slack && ruler->count < TB_TICKS)
        ruler->ticks[ruler->count++].at = at;
}

/* The largest of 1, 2 and 5 times a power of ten that is not above the value. */
static double round_down(double value)
{
    double power = pow(10, floor(log10(value))), digit = value / power;

    return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
}

enum { wanted = 5 }; /* ticks, about */

static void add_even(struct tb_ruler *ruler)
{
    double step = round_down((ruler->high - ruler->low) / (wanted - 1.5));
    double first = ceil(ruler->low / step - 1e-9);

    for (size_t i = 0; i < TB_TICKS; i++)
        add(ruler, (first + (double)i) * step);
}

/* At some digits of every `stride`-th decade. */
static void add_decades(struct tb_ruler *ruler, const char *digits, int stride)
{
    int first = (int)floor(log10(ruler->low)), last = (int)ceil(log10(ruler->high));

    for (int power = first; power <= last; power++) {
        for (const char *digit = digits; power % stride == 0 && *digit; digit++)
            add(ruler, (*digit - '0') * pow(10, power));
    }
}

static void add_logarithmic(struct tb_ruler *ruler)
{
    double decades = log10(ruler->high / ruler->low);

    if (decades < 0.5)
        add_even(ruler);
    else if (decades < 1.3)
        add_decades(ruler, "1235", 1);
    else if (decades < 2.2)
        add_decades(ruler, "125", 1);
    else if (decades < 3.2)
        add_decades(ruler, "13", 1);
    else
        add_decades(ruler, "1", decades < 7 ? 1 : 2);
}

struct tb_ruler tb_ruler(double low, double high, bool log)
{
    struct tb_ruler ruler = {.low = low, .high = high, .log = log};

    if (!(low < high) || !isfinite(low) || !isfinite(high) || (log && !(low > 0)))
        return ruler;
    if (log)
        add_logarithmic(&ruler);
    else
        add_even(&ruler);
    return ruler;
}

/* "5 µs"; what is none of these units is its number. */
static void name_value(struct tb_tick *tick, const char *unit)
{
    static const char *const times[] = {" ns", " \u00b5s", " ms", " s"};
    static const char *const bytes[] = {" B", " kB", " MB", " GB"};
    const char *const *names = !strcmp(unit, "ns") ? times : !strcmp(unit, "bytes") ? bytes : NULL;
    double value = tick->at;
    size_t power = 0;

    for (; names && fabs(value) >= 999.95 && power < 3; power++)
        value /= 1e3;
    (void)snprintf(tick->text, sizeof tick->text, "%.4g%s", value, names ? names[power] : "");
}

void tb_ruler_name(struct tb_ruler *ruler, const char *unit)
{
    for (size_t i = 0; i < ruler->count; i++)
        name_value(&ruler->ticks[i], unit);
}

void tb_ruler_name_changes(struct tb_ruler *ruler)
{
    for (size_t i = 0; i < ruler->count; i++) {
        double percent = 100 * (ruler->ticks[i].at - 1);

        (void)snprintf(ruler->ticks[i].text, sizeof ruler->ticks[i].text,
                       fabs(percent) < 1e-9 ? "0" : "%+.4g %%", percent);
    }
}

/* 0 at the low end, 1 at the high one. */
static double place_of(const struct tb_ruler *ruler, double value)
{
    if (!ruler->log)
        return (value - ruler->low) / (ruler->high - ruler->low);
    return value > 0    ? log(value / ruler->low) / log(ruler->high / ruler->low)
           : value <= 0 ? -INFINITY
                        : NAN;
}

double tb_ruler_place(const struct tb_ruler *ruler, double value)
{
    double place = place_of(ruler, value);

    return isnan(place) ? 0 : fmin(fmax(place, 0), 1);
}

int tb_ruler_beyond(const struct tb_ruler *ruler, double value)
{
    static const double seen = 0.005;
    double place = place_of(ruler, value);

    return (place > 1 + seen) - (place < -seen);
}
