#include "report/html/spread.h"

#include <math.h>

#include "document/summary.h"
#include "stats/stats.h"
#include "util/memory.h"

static void add_samples(struct tb_spread *spread, const struct tb_record *record)
{
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_add(&spread->samples, &record->pooled[i]);
}

/* A bin for each process. */
static void add_values(struct tb_spread *spread, const struct tb_record *record)
{
    size_t count;
    tb_autofree double *values = tb_field_values(record, tb_primary_field(record), &count);
    tb_autofree struct tb_bin *bins = tb_alloc(count, sizeof *bins);

    tb_sort_values(values, count);
    for (size_t i = 0; i < count; i++)
        bins[i] = (struct tb_bin){values[i], 1};
    tb_histogram_add(&spread->samples, &(struct tb_histogram){bins, count, count});
}

struct tb_spread tb_spread_of(const struct tb_side *side, const char *name)
{
    struct tb_spread spread = {0};

    for (int values = 0; values < 2 && !spread.samples.total; values++) {
        spread.of_processes = values;
        spread.processes = 0;
        for (size_t i = 0; i < side->count; i++) {
            const struct tb_record *record = tb_result_find(side->results[i], name);

            if (!record)
                continue;
            spread.processes += record->count;
            if (values)
                add_values(&spread, record);
            else
                add_samples(&spread, record);
        }
    }
    return spread;
}

void tb_spread_finish(struct tb_spread *spread)
{
    tb_histogram_finish(&spread->samples);
}

double tb_spread_value(const struct tb_spread *spread, double share)
{
    double rank = fmax(1, ceil(share * (double)spread->samples.total)), seen = 0;

    for (size_t i = 0; i < spread->samples.size; i++) {
        seen += (double)spread->samples.bins[i].count;
        if (seen >= rank)
            return spread->samples.bins[i].lower_ns;
    }
    return NAN;
}

/* Where little varies the range is this wide all the same: what is seen in it then is no noise of
 * the clock's. */
static const double least_ratio = 1.1;

struct tb_ruler tb_spreads_ruler(const struct tb_spread *spreads, size_t count, double first,
                                 double last)
{
    double low = INFINITY, high = -INFINITY, room;

    for (size_t i = 0; i < count; i++) {
        low = fmin(low, tb_spread_value(&spreads[i], first)); /* which ignores a NaN */
        high = fmax(high, tb_spread_value(&spreads[i], last));
    }
    if (!(low > 0) || !isfinite(high))
        return tb_ruler(0, 0, true);
    room = fmax(pow(high / low, 0.04), sqrt(least_ratio * low / high));
    return tb_ruler(low / room, high * room, true);
}

/* The value at a place, 0 to 1, of a logarithmic ruler. */
static double value_at(const struct tb_ruler *ruler, double place)
{
    return ruler->low * pow(ruler->high / ruler->low, place);
}

size_t tb_spread_steps(const struct tb_spread *spread, const struct tb_ruler *ruler,
                       struct tb_point *ret_points)
{
    const struct tb_histogram *samples = &spread->samples;
    double seen = 0;
    size_t next = 0, count = 0;

    for (size_t i = 0; i < TB_SPREAD_POINTS; i++) {
        double x = value_at(ruler, (double)i / (TB_SPREAD_POINTS - 1)), y;

        while (next < samples->size && samples->bins[next].lower_ns <= x)
            seen += (double)samples->bins[next++].count;
        y = seen / (double)samples->total;
        /* Of a level stretch, its ends are enough. */
        if (count > 1 && ret_points[count - 1].y == y && ret_points[count - 2].y == y)
            count--;
        ret_points[count++] = (struct tb_point){x, y};
    }
    return count;
}

size_t tb_spread_bins(const struct tb_ruler *ruler)
{
    static const double least_width = 1.02; /* twice a bin of the samples' */
    enum { most = 48, least = 4 };

    return (size_t)fmin(fmax(log(ruler->high / ruler->low) / log(least_width), least), most);
}

size_t tb_spread_outline(const struct tb_spread *spread, const struct tb_ruler *ruler, size_t bins,
                         struct tb_point *ret_points)
{
    const struct tb_histogram *samples = &spread->samples;
    size_t next = 0, count = 0;

    while (next < samples->size && samples->bins[next].lower_ns < ruler->low)
        next++;
    for (size_t i = 0; i < bins; i++) {
        double from = value_at(ruler, (double)i / (double)bins);
        double to = value_at(ruler, (double)(i + 1) / (double)bins), inside = 0;

        while (next < samples->size && samples->bins[next].lower_ns < to)
            inside += (double)samples->bins[next++].count;
        inside /= (double)samples->total;
        if (count && ret_points[count - 1].y == inside) {
            ret_points[count - 1].x = to;
            continue;
        }
        ret_points[count++] = (struct tb_point){from, inside};
        ret_points[count++] = (struct tb_point){to, inside};
    }
    return count;
}
