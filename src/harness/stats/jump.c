#include "stats/jump.h"

#include <math.h>
#include <stdbool.h>

#include "stats/rank_split.h"
#include "stats/stats.h"

/* Of a median of distances beside a standard deviation: values that tell as much. */
static const double efficiency = 0.37;

static bool is_one_level(const struct tb_level_row *row, size_t begin, size_t end, double level,
                         double other)
{
    size_t strays = 0;

    for (size_t i = begin; i < end; i++)
        strays += fabs(row->x[i] - level) > fabs(row->x[i] - other);
    return strays <= (end - begin) / 5 && end - begin - strays >= TB_JUMP_SIDE;
}

double tb_jump_p(const struct tb_level_row *row, size_t begin, size_t at, size_t end, size_t count)
{
    double before, after, z;

    if (at - begin < TB_JUMP_SIDE || end - at < TB_JUMP_SIDE)
        return 1;
    before = tb_level(row, begin, at);
    after = tb_level(row, at, end);
    if (!is_one_level(row, begin, at, before, after) || !is_one_level(row, at, end, after, before))
        return 1;
    z = tb_normal_of(fabs(after - before) / row->noise / M_SQRT2, efficiency * (double)count);
    return fmin(2 * tb_normal_p(z) * (double)(end - begin - (size_t)2 * TB_JUMP_SIDE + 1), 1);
}
