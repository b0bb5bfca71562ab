#include "run/stopping.h"

/* Enough for the cost card and for the overhead, where rounds go on for precision's sake. */
enum { companion_rounds = 3 };

unsigned tb_looks_next(const struct tb_looks *looks, unsigned last)
{
    unsigned next = last ? last + (last + 1) / 2 : looks->first;

    return next < looks->rounds ? next : looks->rounds;
}

unsigned tb_looks_count(const struct tb_looks *looks)
{
    unsigned count = 1;

    for (unsigned at = tb_looks_next(looks, 0); at < looks->rounds; at = tb_looks_next(looks, at))
        count++;
    return count;
}

enum tb_check tb_looks_check(const struct tb_looks *looks, unsigned finished_rounds)
{
    unsigned look = tb_looks_next(looks, 0);

    while (look < finished_rounds && look < looks->rounds)
        look = tb_looks_next(looks, look);
    if (look == finished_rounds)
        return TB_CHECK_WANTS;
    return finished_rounds == companion_rounds ? TB_CHECK_SELECTED : TB_CHECK_NOTHING;
}

bool tb_open_groups(const size_t *groups, bool *open, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (open[i])
            any = open[groups[i]] = true; /* a group has the number of one of its cases */
    }
    for (size_t i = 0; i < count; i++)
        open[i] = open[groups[i]];
    return any;
}
