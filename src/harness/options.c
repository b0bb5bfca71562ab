#include "options.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "memory.h"
#include "random.h"
#include "subject.h"
#include "words.h"

/* What popt leaves behind: texts as they were given, NULL where they were not. */
static struct {
    char *filter, *set, *rounds, *precision, *budget, *seed, *time, *samples, *repetitions;
    char *deadline, *output, *archive, *repo, *format, *margin, *alpha, *product;
    char **builds, **pythons;
    int json, quiet, resume, strict, bisect, force, pair, ancestor;
} given;

#define TEXT POPT_ARG_STRING
#define FLAG POPT_ARG_NONE

static const struct poptOption choose[] = {
    {"filter", 'f', TEXT, &given.filter, 0, "only cases that match", "REGEX"},
    {"set", '\0', TEXT, &given.set, 0, "of cases: core, standard or full", "SET"},
    POPT_TABLEEND,
};

static const struct poptOption list_only[] = {
    {"json", '\0', FLAG, &given.json, 0, "as JSON, with all that is known", NULL},
    POPT_TABLEEND,
};

static const struct poptOption run_only[] = {
    {"precision", 'p', TEXT, &given.precision, 0, "rounds until all are within", "PERCENT"},
    {"continue", '\0', FLAG, &given.resume, 0, "a run whose documents are given", NULL},
    POPT_TABLEEND,
};

static const struct poptOption interpret[] = {
    {"python", '\0', POPT_ARG_ARGV, &given.pythons, 0, "a subject: this interpreter", "PATH"},
    POPT_TABLEEND,
};
static const struct poptOption measure[] = {
    {"rounds", 'r', TEXT, &given.rounds, 0, "processes per case, or at most", "N"},
    {"budget", 'b', TEXT, &given.budget, 0, "rounds as long as this allows", "SECONDS"},
    {"seed", '\0', TEXT, &given.seed, 0, "of the shuffling (drawn, told)", "N"},
    {"time", 't', TEXT, &given.time, 0, "of one process's loop", "SECONDS"},
    {"samples", '\0', TEXT, &given.samples, 0, "in a process, instead", "N"},
    {"repetitions", '\0', TEXT, &given.repetitions, 0, "in a process of others (5)", "N"},
    {"deadline", '\0', TEXT, &given.deadline, 0, "of one process (30)", "SECONDS"},
    {"output", 'o', TEXT, &given.output, 0, "write the JSON document", "FILE"},
    {"quiet", 'q', FLAG, &given.quiet, 0, "no progress on a terminal", NULL},
    POPT_TABLEEND,
};

static const struct poptOption keep[] = {
    {"archive", '\0', TEXT, &given.archive, 0, "where documents are kept", "DIR"},
    {"repo", '\0', TEXT, &given.repo, 0, "whose revisions are meant (.)", "DIR"},
    {"format", '\0', TEXT, &given.format, 0, "of the output (table)", "FORMAT"},
    POPT_TABLEEND,
};

static const struct poptOption judge[] = {
    {"margin", 'm', TEXT, &given.margin, 0, "changes up to it do not matter (2)", "PERCENT"},
    {"alpha", '\0', TEXT, &given.alpha, 0, "chance of any false alarm (0.1)", "PERCENT"},
    {"strict", '\0', FLAG, &given.strict, 0, "what is not settled is an error", NULL},
    {"bisect", '\0', FLAG, &given.bisect, 0, "exit codes for 'git bisect run'", NULL},
    POPT_TABLEEND,
};

static const struct poptOption compare_only[] = {
    {"ancestor", '\0', FLAG, &given.ancestor, 0, "OLD is NEW's nearest archived one", NULL},
    {"force", '\0', FLAG, &given.force, 0, "although host or benchmark differ", NULL},
    {"pair", '\0', FLAG, &given.pair, 0, "rounds of different sessions", NULL},
    POPT_TABLEEND,
};

static const struct poptOption ab_only[] = {
    {"build", '\0', POPT_ARG_ARGV, &given.builds, 0, "how @rev:REVISION is built", "COMMAND"},
    {"product", '\0', TEXT, &given.product, 0, "and what comes of it", "PATH"},
    POPT_TABLEEND,
};

/* What belongs to a command, and how long it measures unless told. */
struct command {
    const char *name, *operands;
    const struct poptOption *tables[7];
    const char *formats; /* what --format may be */
    double time_s;
};

static const struct command commands[] = {
    {"list", "[SUBJECT]", {choose, interpret, list_only}, "table", 0.1},
    {"run",
     "[SUBJECT...]",
     {choose, interpret, run_only, measure, keep},
     "table, json, csv or markdown",
     0.1},
    {"compare", "OLD NEW", {choose, judge, compare_only, keep}, "table, json or markdown", 0.1},
    {"ab",
     "SUBJECT SUBJECT...",
     {choose, interpret, judge, ab_only, measure, keep},
     "table, json or markdown",
     0.01},
};

static int read_set(const char *text, enum tb_set *ret_set, struct tb_error *error)
{
    static const char *const names[] = {
        [TB_SET_CORE] = "core", [TB_SET_STANDARD] = "standard", [TB_SET_FULL] = "full"};

    for (int set = TB_SET_CORE; set <= TB_SET_FULL; set++) {
        if (!strcmp(text, names[set])) {
            *ret_set = (enum tb_set)set;
            return 0;
        }
    }
    return tb_error_set(error, TB_USAGE, "--set '%s': give core, standard or full", text);
}

static int read_format(const struct command *command, enum tb_format *ret_format,
                       struct tb_error *error)
{
    static const char *const names[] = {"table", "json", "csv", "markdown"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(given.format, names[i]) && strstr(command->formats, names[i])) {
            *ret_format = (enum tb_format)i;
            return 0;
        }
    }
    return tb_error_set(error, TB_USAGE, "--format '%s': give %s", given.format, command->formats);
}

static int read_filter(struct tb_options *options, struct tb_error *error)
{
    char why[256];
    int err = regcomp(&options->filter, given.filter, REG_EXTENDED | REG_NOSUB);

    if (err) {
        (void)regerror(err, &options->filter, why, sizeof why); /* cut to fit */
        return tb_error_set(error, TB_USAGE,
                            "--filter '%s': %s: give an extended regular expression", given.filter,
                            why);
    }
    options->choice.filter = &options->filter;
    return 0;
}

/* The texts that are numbers, and what each may be. */
static int read_numbers(struct tb_options *options, struct tb_error *error)
{
    uint64_t rounds = 0, repetitions = options->repetitions;
    double precision = 0, margin = 2, alpha = 0.1;
    const struct {
        const char *name, *text;
        uint64_t low, high, *value;
    } wholes[] = {
        {"--rounds", given.rounds, 1, 10000, &rounds},
        {"--seed", given.seed, 0, TB_SEED_LIMIT - 1, &options->seed},
        {"--samples", given.samples, 1, 10000000, &options->samples},
        {"--repetitions", given.repetitions, 1, 1000, &repetitions},
    };
    const struct {
        const char *name, *text;
        double above, high, *value;
    } reals[] = {
        {"--precision", given.precision, 0, 100, &precision},
        {"--margin", given.margin, -DBL_MIN, 1000, &margin}, /* it may be 0 */
        {"--alpha", given.alpha, 0, 50, &alpha},
        {"--budget", given.budget, 0, 86400, &options->budget_s},
        {"--time", given.time, 0, 3600, &options->time_s},
        {"--deadline", given.deadline, 0, 86400, &options->deadline_s},
    };
    int code = 0;

    for (size_t i = 0; !code && i < sizeof wholes / sizeof *wholes; i++)
        if (wholes[i].text)
            code = tb_parse_whole(wholes[i].name, wholes[i].text, wholes[i].low, wholes[i].high,
                                  wholes[i].value, error);
    for (size_t i = 0; !code && i < sizeof reals / sizeof *reals; i++)
        if (reals[i].text)
            code = tb_parse_real(reals[i].name, reals[i].text, reals[i].above, reals[i].high,
                                 reals[i].value, error);
    options->rounds = (unsigned)rounds;
    options->repetitions = (unsigned)repetitions;
    options->precision = precision / 100;
    options->margin = margin / 100;
    options->alpha = alpha / 100;
    options->seeded = given.seed != NULL;
    return code;
}

static void read_flags(struct tb_options *options)
{
    options->quiet = given.quiet;
    options->resume = given.resume;
    options->strict = given.strict;
    options->bisect = given.bisect;
    options->force = given.force;
    options->pair = given.pair;
    options->ancestor = given.ancestor;
    if (given.json)
        options->format = TB_JSON;
}

/* Everything that popt stored, checked, into `options`, which takes the texts it keeps. */
static int read_given(const struct command *command, struct tb_options *options,
                      struct tb_error *error)
{
    char *none[] = {NULL};
    int code = read_numbers(options, error);

    if (!code && given.filter)
        code = read_filter(options, error);
    if (!code && given.set)
        code = read_set(given.set, &options->choice.set, error);
    if (!code && given.format)
        code = read_format(command, &options->format, error);
    read_flags(options);
    options->output = tb_copy(given.output);
    options->archive = tb_copy(given.archive);
    options->repo = tb_copy(given.repo);
    options->product = tb_copy(given.product);
    options->builds = given.builds ? tb_words_join(given.builds, none) : NULL;
    return code;
}

/* Puts a subject for each --python behind the operands. */
static void add_pythons(struct tb_options *options)
{
    while (options->operands && options->operands[options->first_python])
        options->first_python++;
    for (char **python = given.pythons; python && *python; python++) {
        char *command = tb_subject_python(*python);
        char **operands = options->operands;

        options->operands = tb_words_join(operands, (char *[]){command, NULL});
        tb_words_free(operands);
        free(command);
        options->pythons++;
    }
}

static void forget_given(void)
{
    char *const texts[] = {given.filter, given.set,      given.rounds,      given.precision,
                           given.budget, given.seed,     given.time,        given.samples,
                           given.output, given.deadline, given.repetitions, given.archive,
                           given.repo,   given.format,   given.margin,      given.alpha,
                           given.product};

    if (given.builds)
        tb_words_free(given.builds);
    if (given.pythons)
        tb_words_free(given.pythons);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    memset(&given, 0, sizeof given);
}

int tb_options_read(struct tb_options *options, int argc, char **argv, struct tb_error *error)
{
    struct tb_arguments arguments = {0};
    const struct command *command = commands;
    int code;

    while (strcmp(command->name, argv[1]) != 0)
        command++; /* only these ask */
    *options = (struct tb_options){.time_s = command->time_s, .deadline_s = 30, .repetitions = 5};
    code = tb_arguments_read(argc, argv, command->tables, command->operands, &arguments, error);
    if (!code) {
        code = read_given(command, options, error);
        options->help = arguments.help;
        options->operands = arguments.words;
        if (!code && !options->help)
            add_pythons(options);
    }
    forget_given();
    if (code)
        tb_options_finish(options);
    return code;
}

void tb_options_finish(struct tb_options *options)
{
    if (options->operands)
        tb_words_free(options->operands);
    if (options->builds)
        tb_words_free(options->builds);
    free(options->product);
    free(options->output);
    free(options->archive);
    free(options->repo);
    if (options->choice.filter)
        regfree(&options->filter);
    *options = (struct tb_options){0};
}
