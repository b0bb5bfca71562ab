/*
 * The command line: what commands there are, and their options, checked.
 */
#ifndef TB_CLI_OPTIONS_H
#define TB_CLI_OPTIONS_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "compare/compare.h"
#include "report/page.h"
#include "run/plan.h"

struct tb_options {
    char **operands;     /* subjects, documents or folders; owned, as all texts */
    char **interpreters; /* as they were given; NULL: none */
    size_t first_python; /* operands from here on are interpreters, `pythons` of them */
    size_t pythons;
    char *output; /* NULL: none, as below */
    char *archive;
    char *repo;
    char *pattern;           /* of the filter */
    struct tb_choice choice; /* its filter is the next member, or NULL */
    regex_t filter;
    struct tb_settings settings; /* 0 where nothing is said; the seed: TB_SEED_LIMIT */
    struct tb_demand demand;     /* but for its share, others, filter and core */
    bool resume;                 /* the operands are documents */
    bool counts;                 /* operations are counted, too */
    bool trust;                  /* and what they name may be run */
    bool strict;    /* what is inconclusive or imprecise is an error, or a warning is */
    bool bisect;    /* exit codes are git bisect's */
    bool ancestor;  /* compare with the nearest archived ancestor */
    char **builds;  /* commands that build a revision; NULL: the usual ones */
    char *product;  /* what they make */
    char *range;    /* of revisions; NULL: HEAD */
    bool confirm;   /* changes are measured again */
    double chance;  /* of any false change; 0: the usual one */
    char *host;     /* of which archived documents are listed; NULL: all, as below */
    char *revision; /* how their commit begins */
    char *svg;      /* the folder for a report's figures; NULL: none */
    enum tb_format format;
    char *format_name; /* of what shows documents, which knows further formats; NULL: a table */
    enum tb_color color;
    bool json; /* of commands that have no other format than the usual one */
    bool quiet;
    bool verbose; /* what is otherwise summed up */
    bool noise;   /* of the subject against itself */
    bool wait;    /* until no other run measures on this host */
    bool help;    /* it was asked for, and printed */
    /* Of archived documents, as above; and of what is printed, where there are many formats. */
    char *label;
    char *trace; /* where a lifecycle is to be drawn; NULL: nowhere */
};

/* An option belongs to the commands whose bits it has. */
enum tb_command_bit {
    TB_LIST = 1 << 0,
    TB_RUN = 1 << 1,
    TB_COMPARE = 1 << 2,
    TB_AB = 1 << 3,
    TB_DOCTOR = 1 << 4,
    TB_ARCHIVED = 1 << 5,
    TB_HISTORY = 1 << 9,
    TB_PLAIN = 1 << 6, /* of those that have --help alone */
    TB_SHOW = 1 << 7,
    TB_REPORT = 1 << 8,
    TB_EXPORT = 1 << 10,
    TB_SUBJECTS = TB_LIST | TB_RUN | TB_AB | TB_DOCTOR, /* of those that take a subject */
};

/* `run` returns 0, or a code with a sentence in `error`, or a code whose reason has been shown
 * already and an empty sentence. It is not called where help is asked for. */
struct tb_command {
    const char *name;     /* a word, or two */
    const char *operands; /* how the usage line calls the words that are no options */
    enum tb_command_bit bit;
    int (*run)(struct tb_options *options, struct tb_error *error);
    const char *examples; /* two lines that end the help */
    size_t least;         /* operands */
    bool single;          /* it takes one operand at most, else any number */
};

/*
 * Reads the `words` that follow a command's name, a list that ends with NULL. Help goes to stdout.
 * A pointer within the options makes them immovable; they are to be finished even on failure.
 */
int tb_options_read(struct tb_options *options, const struct tb_command *command,
                    char *const *words, struct tb_error *error);

/* Chooses cases by a pattern, which stands behind `what` on the command line. */
int tb_options_filter(struct tb_options *options, const char *what, const char *pattern,
                      struct tb_error *error);

/* What is demanded of a comparison, at a look that has that share of alpha (0: the only one). */
struct tb_demand tb_options_demand(const struct tb_options *options, double look_share);

void tb_options_finish(struct tb_options *options);

#endif
