#include "util/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void tb_names_finish(struct tb_names *names)
{
    free(names->names);
    free(names->slots);
    *names = (struct tb_names){0};
}

/* Fowler, Noll and Vo's, of 64 bits. */
static uint64_t hash_of(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
    return hash ^ hash >> 32;
}

/* The slot that the name is in, or else a free one; there is always one. */
static size_t *slot_of(const struct tb_names *names, const char *name)
{
    size_t at = (size_t)hash_of(name) & (names->room - 1);

    while (names->slots[at] && strcmp(names->names[names->slots[at] - 1], name) != 0)
        at = (at + 1) & (names->room - 1);
    return &names->slots[at];
}

/* Twice as many slots, of which at most half are taken. */
static void grow(struct tb_names *names)
{
    names->room = names->room ? 2 * names->room : 16;
    names->names = tb_grow(names->names, names->room / 2, sizeof *names->names);
    free(names->slots);
    names->slots = tb_alloc(names->room, sizeof *names->slots);
    for (size_t i = 0; i < names->count; i++)
        *slot_of(names, names->names[i]) = i + 1;
}

size_t tb_names_add(struct tb_names *names, const char *name)
{
    size_t place = tb_names_find(names, name);

    if (place < names->count)
        return place;
    if (names->count >= names->room / 2)
        grow(names);
    names->names[names->count++] = name;
    *slot_of(names, name) = names->count;
    return place;
}

size_t tb_names_find(const struct tb_names *names, const char *name)
{
    size_t place = names->room ? *slot_of(names, name) : 0;

    return place ? place - 1 : names->count;
}
