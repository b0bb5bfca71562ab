#include "run/stopping.h"

#include <math.h>

/* Of the share of the run that has elapsed, from a look to the next. */
static const double growth = 1.3;

/* The planned look, 1 / growth^k of a run, that is the last one until now. A share that comes from
 * a planned one is not to miss it by a rounding. */
static double last_planned(double elapsed)
{
    return elapsed > 0 ? fmin(pow(growth, floor(log(elapsed) / log(growth) + 1e-9)), 1) : 0;
}

static double spending(double elapsed)
{
    return log1p((M_E - 1) * elapsed);
}

/* What a look at that planned share may spend. */
static double share_at(struct tb_looks *looks, double planned)
{
    if (!(looks->spent > 0))
        looks->from = planned / growth;
    return (spending(planned) - spending(looks->from)) / (1 - spending(looks->from)) - looks->spent;
}

static double take(struct tb_looks *looks, double share)
{
    looks->spent += share;
    looks->last = share;
    return share;
}

unsigned tb_looks_fewest(double alpha)
{
    return (unsigned)ceil(1 - log2(alpha));
}

double tb_looks_take(struct tb_looks *looks, double elapsed, unsigned rounds)
{
    double planned = last_planned(elapsed), share = share_at(looks, planned);
    double rest = 1 - looks->spent - share;
    bool fits = share >= looks->last && rest >= share;

    if (planned < 1 ? !(fits && share > 0) : looks->spent >= 1)
        return 0;
    if (planned >= 1)
        share = 1 - looks->spent;
    return 2 * pow(2, -(double)rounds) <= looks->alpha * share ? take(looks, share) : 0;
}

double tb_looks_take_last(struct tb_looks *looks)
{
    return looks->spent < 1 ? take(looks, 1 - looks->spent) : 0;
}

bool tb_open_groups(struct tb_row *rows, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (rows[i].open)
            any = rows[rows[i].group].open = true; /* a group has the number of one of its cases */
    }
    for (size_t i = 0; i < count; i++)
        rows[i].open = rows[rows[i].group].open;
    return any;
}
