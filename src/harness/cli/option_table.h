/*
 * The table of all options: which commands have them, how help calls them, what they set. Reading
 * them is options.c's.
 */
#ifndef TB_CLI_OPTION_TABLE_H
#define TB_CLI_OPTION_TABLE_H

#include "cli/options.h"

/* An option, and the member of the options that takes its argument: one of those below. */
struct tb_option {
    unsigned commands;
    char letter; /* 0: none */
    const char *name, *argument, *help;

    bool *flag;
    char **text;
    char ***texts; /* each time another one */
    unsigned *count;
    uint64_t *whole;
    double *real;
    double *percent; /* kept as a share */
    enum tb_set *set;
    enum tb_format *format;
    enum tb_color *color;
    enum tb_metric *metric;

    double low, high;  /* of numbers; real ones are above `low` */
    const char *words; /* of a set or a format: what it may be; of a number: a word for 0 */
};

/* Room for so many; what is left of it is zeroed, and belongs to no command. */
enum { TB_OPTIONS = 99 };

/* Beside the commands' bits: a run that is continued keeps its own. */
enum { TB_KEPT = 1 << 30 };

/* What was given on the command line, of which there is one. */
extern struct tb_options tb_given;

extern const struct tb_option tb_option_table[TB_OPTIONS];

#endif
