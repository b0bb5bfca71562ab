#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "memory.h"
#include "random.h"
#include "words.h"

/* What popt leaves behind: texts as they were given, NULL where they were not. */
static struct {
    char *filter, *set, *rounds, *precision, *budget, *seed, *time, *samples, *repetitions;
    char *deadline, *output, *archive, *repo, *format;
    int json, quiet, resume;
} given;

static const struct poptOption list_table[] = {
    {"filter", 'f', POPT_ARG_STRING, &given.filter, 0, "only cases that match", "REGEX"},
    {"set", '\0', POPT_ARG_STRING, &given.set, 0, "'core' or 'all' (default: all)", "SET"},
    {"json", '\0', POPT_ARG_NONE, &given.json, 0, "as JSON, with all that is known", NULL},
    POPT_TABLEEND,
};

static const struct poptOption run_table[] = {
    {"filter", 'f', POPT_ARG_STRING, &given.filter, 0, "only cases that match", "REGEX"},
    {"set", '\0', POPT_ARG_STRING, &given.set, 0, "'core' or 'all' cases", "SET"},
    {"rounds", 'r', POPT_ARG_STRING, &given.rounds, 0, "processes per case (12)", "N"},
    {"precision", 'p', POPT_ARG_STRING, &given.precision, 0, "rounds until all are within",
     "PERCENT"},
    {"budget", 'b', POPT_ARG_STRING, &given.budget, 0, "or as long as this allows", "SECONDS"},
    {"continue", '\0', POPT_ARG_NONE, &given.resume, 0, "a run whose documents are given", NULL},
    {"seed", '\0', POPT_ARG_STRING, &given.seed, 0, "of the shuffling (drawn, told)", "N"},
    {"time", 't', POPT_ARG_STRING, &given.time, 0, "of one process's loop (0.1)", "SECONDS"},
    {"samples", '\0', POPT_ARG_STRING, &given.samples, 0, "in a process, instead", "N"},
    {"repetitions", '\0', POPT_ARG_STRING, &given.repetitions, 0, "in a process of others (5)",
     "N"},
    {"deadline", '\0', POPT_ARG_STRING, &given.deadline, 0, "of one process (30)", "SECONDS"},
    {"output", 'o', POPT_ARG_STRING, &given.output, 0, "write the JSON document", "FILE"},
    {"archive", '\0', POPT_ARG_STRING, &given.archive, 0, "keep it under its revision", "DIR"},
    {"repo", '\0', POPT_ARG_STRING, &given.repo, 0, "whose revision it is (.)", "DIR"},
    {"format", '\0', POPT_ARG_STRING, &given.format, 0, "'table', 'json' or 'csv'", "FORMAT"},
    {"quiet", 'q', POPT_ARG_NONE, &given.quiet, 0, "no progress on a terminal", NULL},
    POPT_TABLEEND,
};

static int read_set(const char *text, enum tb_set *ret_set, struct tb_error *error)
{
    if (!strcmp(text, "core"))
        *ret_set = TB_SET_CORE;
    else if (!strcmp(text, "all"))
        *ret_set = TB_SET_ALL;
    else
        return tb_error_set(error, TB_USAGE, "--set '%s': give 'core' or 'all'", text);
    return 0;
}

static int read_format(const char *text, enum tb_format *ret_format, struct tb_error *error)
{
    static const char *const names[] = {"table", "json", "csv"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(text, names[i])) {
            *ret_format = (enum tb_format)i;
            return 0;
        }
    }
    return tb_error_set(error, TB_USAGE, "--format '%s': give 'table', 'json' or 'csv'", text);
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
    double percent = 0;
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
        double high, *value;
    } reals[] = {
        {"--precision", given.precision, 100, &percent},
        {"--budget", given.budget, 86400, &options->budget_s},
        {"--time", given.time, 3600, &options->time_s},
        {"--deadline", given.deadline, 86400, &options->deadline_s},
    };
    int code = 0;

    for (size_t i = 0; !code && i < sizeof wholes / sizeof *wholes; i++)
        if (wholes[i].text)
            code = tb_parse_whole(wholes[i].name, wholes[i].text, wholes[i].low, wholes[i].high,
                                  wholes[i].value, error);
    for (size_t i = 0; !code && i < sizeof reals / sizeof *reals; i++)
        if (reals[i].text)
            code = tb_parse_real(reals[i].name, reals[i].text, 0, reals[i].high, reals[i].value,
                                 error);
    options->rounds = (unsigned)rounds;
    options->repetitions = (unsigned)repetitions;
    options->precision = percent / 100;
    options->seeded = given.seed != NULL;
    return code;
}

/* Everything that popt stored, checked, into `options`, which takes the texts it keeps. */
static int read_given(struct tb_options *options, struct tb_error *error)
{
    int code = read_numbers(options, error);

    if (!code && given.filter)
        code = read_filter(options, error);
    if (!code && given.set)
        code = read_set(given.set, &options->choice.set, error);
    if (!code && given.format)
        code = read_format(given.format, &options->format, error);
    if (given.json)
        options->format = TB_JSON;
    options->quiet = given.quiet;
    options->resume = given.resume;
    options->output = tb_copy(given.output);
    options->archive = tb_copy(given.archive);
    options->repo = tb_copy(given.repo);
    return code;
}

static void forget_given(void)
{
    char *const texts[] = {given.filter, given.set,      given.rounds,      given.precision,
                           given.budget, given.seed,     given.time,        given.samples,
                           given.output, given.deadline, given.repetitions, given.archive,
                           given.repo,   given.format};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    memset(&given, 0, sizeof given);
}

int tb_options_read(struct tb_options *options, int argc, char **argv, struct tb_error *error)
{
    bool lists = !strcmp(argv[1], "list");
    struct tb_arguments arguments = {0};
    int code = tb_arguments_read(argc, argv, lists ? list_table : run_table,
                                 lists ? "[SUBJECT]" : "[SUBJECT...]", &arguments, error);

    *options = (struct tb_options){.time_s = 0.1, .deadline_s = 30, .repetitions = 5};
    if (!code) {
        code = read_given(options, error);
        options->help = arguments.help;
        options->operands = arguments.words;
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
    free(options->output);
    free(options->archive);
    free(options->repo);
    if (options->choice.filter)
        regfree(&options->filter);
    *options = (struct tb_options){0};
}
