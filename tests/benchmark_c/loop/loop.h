/* What the C and the C++ program have in common: the operation and the command line. */
#ifndef LOOP_H
#define LOOP_H

#include <stdlib.h>
#include <string.h>

/* Nothing, but the compiler must not drop the loop for it. */
#define LOOP_KEEP() __asm__ volatile("")

/* One addition that the compiler cannot fold over the iterations. */
#define LOOP_ADD(total)                                                                            \
    do {                                                                                           \
        (total)++;                                                                                 \
        __asm__ volatile("" : "+r"(total));                                                        \
    } while (0)

/* 0, 1 or 2: the body of that name. */
static inline int loop_body(char **argv)
{
    static const char *const names[] = {"empty", "kept", "add"};

    for (int i = 0; i < 3; i++)
        if (strcmp(argv[1], names[i]) == 0)
            return i;
    exit(2);
}

static inline long loop_iterations(int argc, char **argv)
{
    char *end = NULL;
    const long iterations = argc == 3 ? strtol(argv[2], &end, 10) : 0;

    if (iterations < 1 || *end != '\0')
        exit(2);
    return iterations;
}

#endif
