/*
 * A list of different names, in which each is found at once, however many there are. Pure.
 */
#ifndef TB_UTIL_NAMES_H
#define TB_UTIL_NAMES_H

#include <stddef.h>

/* Zeroed: an empty one. */
struct tb_names {
    const char **names; /* borrowed, in the order in which they were added */
    size_t count;
    size_t *slots; /* 1 + the place of a name, by its hash; 0: free */
    size_t room;   /* slots, a power of two */
};

void tb_names_finish(struct tb_names *names);

/* The place of the name, which is added to the end where it is not there. It has to stay. */
size_t tb_names_add(struct tb_names *names, const char *name);

/* The place of the name; `count` where it is not there. */
size_t tb_names_find(const struct tb_names *names, const char *name);

#endif
