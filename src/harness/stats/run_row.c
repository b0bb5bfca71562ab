#include "stats/run_row.h"

#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "util/memory.h"

void tb_run_row_finish(struct tb_run_row *row)
{
    free(row->x);
    free(row->own);
    free(row->deviation);
    free(row->weight);
    free(row->place);
    free(row->order);
}

struct ranked {
    double x;
    size_t index;
};

static int by_x(const void *a, const void *b)
{
    const struct ranked *one = a, *other = b;

    return (one->x > other->x) - (one->x < other->x);
}

static void fill_order(struct tb_run_row *row)
{
    tb_autofree struct ranked *ranked = tb_alloc(row->count, sizeof *ranked);

    for (size_t i = 0; i < row->count; i++)
        ranked[i] = (struct ranked){row->x[i], i};
    qsort(ranked, row->count, sizeof *ranked, by_x);
    for (size_t i = 0; i < row->count; i++)
        row->order[i] = ranked[i].index;
}

void tb_run_row_set_noise(struct tb_run_row *row, double noise, struct tb_dependence dependence)
{
    double typical;

    noise = fmax(noise, TB_LEAST_NOISE); /* NaN, too */
    for (size_t i = 0; i < row->count; i++)
        row->deviation[i] = fmax(noise, row->own[i]);
    typical = tb_median_of(row->deviation, row->count);
    for (size_t i = 0; i < row->count; i++) {
        double ratio = fmin(typical / row->deviation[i], 1);

        row->weight[i] = ratio * ratio;
    }
    row->levels = (struct tb_level_row){row->x, row->deviation, noise, dependence.correlation};
    row->dependence = dependence;
}

bool tb_run_counts(const struct tb_run_value *run)
{
    return run->value > 0 && !isinf(run->value);
}

struct tb_run_row tb_run_row_of(const struct tb_runs *runs, double alpha)
{
    size_t count = runs->count;
    struct tb_run_row row = {
        .x = tb_alloc(count, sizeof *row.x),
        .own = tb_alloc(count, sizeof *row.own),
        .deviation = tb_alloc(count, sizeof *row.deviation),
        .weight = tb_alloc(count, sizeof *row.weight),
        .place = tb_alloc(count, sizeof *row.place),
        .order = tb_alloc(count, sizeof *row.order),
        .alpha = alpha,
    };

    for (size_t i = 0; i < count; i++) {
        const struct tb_run_value *run = &runs->values[i];
        double own = run->half_width / run->value / TB_HALF_OF_95;

        if (!tb_run_counts(run))
            continue;
        row.x[row.count] = log(run->value);
        row.own[row.count] = own > 0 && !isinf(own) ? own : 0;
        row.place[row.count++] = i;
    }
    fill_order(&row);
    return row;
}

size_t *tb_run_row_sorted(const struct tb_run_row *row, size_t begin, size_t end)
{
    size_t *sorted = tb_alloc(end - begin, sizeof *sorted), count = 0;

    for (size_t i = 0; i < row->count; i++) {
        if (row->order[i] >= begin && row->order[i] < end)
            sorted[count++] = row->order[i];
    }
    return sorted;
}
