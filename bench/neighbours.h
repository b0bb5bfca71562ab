/* Other mappings of a process that maps stacks.
 *
 * What a mapping costs depends on where it lies: beside page tables that are there anyway, or where
 * new ones are wanted. Where it always lies in the same place, processes differ by that place. So a
 * benchmark replaces one of its neighbours before each sample, and each process sees many places.
 */
#ifndef TB_BENCH_NEIGHBOURS_H
#define TB_BENCH_NEIGHBOURS_H

#include <threadbench/bench.h>

#include <sys/mman.h>
#include <unistd.h>

/* Of 1 to MOST_PAGES pages each, one of them touched. */
enum { NEIGHBOURS = 64, MOST_PAGES = 509, STRIDE = 197 };

struct neighbours {
    size_t replaced;
    struct {
        char *at; /* NULL: not there */
        size_t bytes;
    } all[NEIGHBOURS];
};

/* The teardown of a benchmark whose own they are. */
static inline void neighbours_teardown(struct tb_run *run)
{
    struct neighbours *neighbours = run->own;

    for (size_t i = 0; i < NEIGHBOURS; i++)
        if (neighbours->all[i].at)
            (void)munmap(neighbours->all[i].at, neighbours->all[i].bytes); /* of our own */
}

/* The oldest gives way to one of another size. Where there is no memory for it, it stays out. */
static inline void neighbours_replace(struct neighbours *neighbours)
{
    size_t slot = neighbours->replaced % NEIGHBOURS;
    size_t bytes = (1 + neighbours->replaced * STRIDE % MOST_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    char *at;

    if (neighbours->all[slot].at)
        (void)munmap(neighbours->all[slot].at, neighbours->all[slot].bytes); /* of our own */
    at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED)
        *(_Atomic char *)(at + bytes / 2) = 1;
    neighbours->all[slot].at = at == MAP_FAILED ? NULL : at;
    neighbours->all[slot].bytes = bytes;
    neighbours->replaced++;
}

#endif
