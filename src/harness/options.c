#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "memory.h"
#include "random.h"
#include "words.h"

/* What popt leaves behind: texts as they were given, NULL where they were not. */
static struct {
    char *filter, *set, *rounds, *seed, *time, *samples, *deadline, *output, *archive, *repo;
    char *format;
    int json, quiet;
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
    {"seed", '\0', POPT_ARG_STRING, &given.seed, 0, "of the shuffling (drawn, told)", "N"},
    {"time", 't', POPT_ARG_STRING, &given.time, 0, "of one process's loop (0.1)", "SECONDS"},
    {"samples", '\0', POPT_ARG_STRING, &given.samples, 0, "in a process, instead", "N"},
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

static int read_numbers(struct tb_options *options, struct tb_error *error)
{
    uint64_t rounds = options->rounds;
    int code = 0;

    if (given.rounds)
        code = tb_parse_whole("--rounds", given.rounds, 1, 10000, &rounds, error);
    if (!code && given.seed)
        code = tb_parse_whole("--seed", given.seed, 0, TB_SEED_LIMIT - 1, &options->seed, error);
    if (!code && given.time)
        code = tb_parse_real("--time", given.time, 0, 3600, &options->time_s, error);
    if (!code && given.samples)
        code = tb_parse_whole("--samples", given.samples, 1, 10000000, &options->samples, error);
    if (!code && given.deadline)
        code = tb_parse_real("--deadline", given.deadline, 0, 86400, &options->deadline_s, error);
    options->rounds = (unsigned)rounds;
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
    options->output = tb_copy(given.output);
    options->archive = tb_copy(given.archive);
    options->repo = tb_copy(given.repo);
    return code;
}

static void forget_given(void)
{
    char *const texts[] = {given.filter,  given.set,     given.rounds,   given.seed,
                           given.time,    given.samples, given.deadline, given.output,
                           given.archive, given.repo,    given.format};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    memset(&given, 0, sizeof given);
}

/* The one word that may follow the options. */
static int read_subject(char *const *words, struct tb_options *options, struct tb_error *error)
{
    if (words[0] && words[1])
        return tb_error_set(error, TB_USAGE,
                            "'%s' after the subject '%s': quote a subject's words as one word",
                            words[1], words[0]);
    options->subject = tb_copy(words[0]);
    return 0;
}

int tb_options_read(struct tb_options *options, int argc, char **argv, struct tb_error *error)
{
    const struct poptOption *table = strcmp(argv[1], "list") ? run_table : list_table;
    struct tb_arguments arguments = {0};
    int code = tb_arguments_read(argc, argv, table, "[SUBJECT]", &arguments, error);

    *options = (struct tb_options){.rounds = 12, .time_s = 0.1, .deadline_s = 30};
    if (!code) {
        code = read_given(options, error);
        options->help = arguments.help;
        if (!code)
            code = read_subject(arguments.words, options, error);
        tb_words_free(arguments.words);
    }
    forget_given();
    if (code)
        tb_options_finish(options);
    return code;
}

void tb_options_finish(struct tb_options *options)
{
    free(options->subject);
    free(options->output);
    free(options->archive);
    free(options->repo);
    if (options->choice.filter)
        regfree(&options->filter);
    *options = (struct tb_options){0};
}
