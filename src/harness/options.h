/*
 * The command line's options, checked.
 */
#ifndef TB_HARNESS_OPTIONS_H
#define TB_HARNESS_OPTIONS_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "plan.h"

enum tb_format {
    TB_TABLE,
    TB_JSON,
    TB_CSV,
    TB_MARKDOWN,
};

struct tb_options {
    char **operands;     /* subjects, or the documents of a run to continue; owned, as all texts */
    size_t first_python; /* operands from here on are interpreters, `pythons` of them */
    size_t pythons;
    char *output; /* NULL: none, as below */
    char *archive;
    char *repo;
    struct tb_choice choice; /* its filter is the next member, or NULL */
    regex_t filter;
    bool resume;      /* the operands are documents */
    unsigned rounds;  /* 0: not given */
    double precision; /* half an interval's width as a share of its middle; 0: none */
    double budget_s;  /* 0: none */
    unsigned repetitions;
    uint64_t seed;
    bool seeded; /* a seed was given */
    double time_s;
    uint64_t samples; /* 0: found by a pilot */
    double deadline_s;
    double margin; /* a change up to this share does not matter */
    double alpha;  /* the chance of any false alarm */
    bool strict;   /* what is not settled is an error */
    bool bisect;   /* exit codes are git bisect's */
    bool force;    /* compare what has changed otherwise */
    bool pair;     /* take rounds of different sessions for pairs */
    bool ancestor; /* compare with the nearest archived ancestor */
    char **builds; /* commands that build a revision; NULL: the usual ones */
    char *product; /* what they make */
    enum tb_format format;
    bool quiet;
    bool help; /* it was asked for, and printed */
};

/*
 * Reads a command line, of which argv[1] is "list", "run", "compare" or "ab". Help goes to stdout.
 * A pointer within it makes the object immovable.
 */
int tb_options_read(struct tb_options *options, int argc, char **argv, struct tb_error *error);
void tb_options_finish(struct tb_options *options);

#endif
