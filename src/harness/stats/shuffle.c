#include "stats/shuffle.h"

#include <string.h>

uint64_t tb_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t tb_random_below(uint64_t *state, uint64_t limit)
{
    /* 2^64 mod limit: the draws below it are those that would come up once too often. */
    uint64_t surplus = -limit % limit;
    uint64_t draw;

    do
        draw = tb_random(state);
    while (draw < surplus);
    return draw % limit;
}

void tb_shuffle(uint64_t *state, size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i-- > 1;) {
        size_t j = tb_random_below(state, i + 1);
        size_t kept = order[i];

        order[i] = order[j];
        order[j] = kept;
    }
}

void tb_gather(size_t *order, const size_t *groups, size_t count)
{
    size_t placed = 0;

    while (placed < count) {
        size_t group = groups[order[placed++]];

        for (size_t i = placed; i < count; i++) {
            size_t member = order[i];

            if (groups[member] != group)
                continue;
            memmove(order + placed + 1, order + placed, (i - placed) * sizeof *order);
            order[placed++] = member;
        }
    }
}

void tb_round_order(uint64_t *state, const size_t *groups, size_t *order, size_t count)
{
    tb_shuffle(state, order, count);
    tb_gather(order, groups, count);
}
