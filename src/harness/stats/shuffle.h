/*
 * The order of a round: a shuffle that its seed reproduces on every machine. Pure.
 */
#ifndef TB_STATS_SHUFFLE_H
#define TB_STATS_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/* Seeds have at most fifteen digits: every reader and writer of JSON keeps those as they are. */
#define TB_SEED_LIMIT UINT64_C(1000000000000000)

/*
 * splitmix64 (Steele, Lea, Flood, OOPSLA 2014): the state goes up by 0x9e3779b97f4a7c15, and the
 * output is the state mixed. Full period, any seed is good, and it is easily written elsewhere.
 */
uint64_t tb_random(uint64_t *state);

/* A number below `limit` (not 0), each equally likely: draws that would bias it are thrown away. */
uint64_t tb_random_below(uint64_t *state, uint64_t limit);

/*
 * Fills `order` with 0 ... count-1, shuffled by Fisher and Yates' method from the last place down:
 * for i = count-1 ... 1, swap place i with place tb_random_below(i + 1).
 */
void tb_shuffle(uint64_t *state, size_t *order, size_t count);

/*
 * Brings the members of each group together, at the place of the first of them and in the order in
 * which they stand: `groups` has the group of each of 0 ... count-1.
 */
void tb_gather(size_t *order, const size_t *groups, size_t count);

/* Fills `order` with that of the next round: shuffled, then gathered. */
void tb_round_order(uint64_t *state, const size_t *groups, size_t *order, size_t count);

#endif
