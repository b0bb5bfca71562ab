#include "cli/options.h"

#include <float.h>
#include <popt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "run/plan.h"
#include "run/target.h"
#include "stats/shuffle.h"
#include "util/memory.h"
#include "util/strings.h"

/* What an option's argument is, and where it goes: the member at `place`, if there are several. */
enum kind {
    FLAG, /* there is none */
    TEXT,
    TEXTS, /* each time another one */
    WHOLE, /* from `low` to `high` */
    COUNT, /* likewise, unsigned */
    REAL,  /* above `low`, at most `high` */
    PERCENT,
    FILTER,
    SET,
    FORMAT,
};

struct option {
    unsigned commands;
    char letter; /* 0: none */
    const char *name, *argument, *help;
    enum kind kind;
    size_t place;
    double low, high;
    const char *words; /* of a set or format: what it may be */
};

enum { MEASURE = TB_RUN | TB_AB, JUDGE = TB_COMPARE | TB_AB, SELECT = TB_LIST | TB_RUN | TB_AB };

static const double usual_timeout_s = 30;

/* Beside the commands' bits: a run that is continued keeps its own. */
enum { SETTLED = 1 << 30 };

#define AT(member) offsetof(struct tb_options, member)

static const struct option table[] = {
    {SELECT | TB_COMPARE | SETTLED, 'f', "filter", "REGEX", "only cases that match", FILTER},
    {SELECT | TB_COMPARE | SETTLED, 0, "set", "SET", "of cases: core, standard or full", SET,
     .words = "core, standard or full"},
    {SELECT | SETTLED, 0, "python", "PATH", "a subject: this interpreter", TEXTS, AT(interpreters)},
    {TB_ARCHIVED, 0, "host", "NAME", "only of this host", TEXT, AT(host)},
    {TB_ARCHIVED, 0, "revision", "PREFIX", "only of these commits", TEXT, AT(revision)},
    {TB_ARCHIVED, 0, "json", NULL, "as JSON", FLAG, AT(json)},
    {TB_LIST, 0, "json", NULL, "as JSON, with all that is known", FLAG, AT(json)},
    {TB_DOCTOR, 0, "json", NULL, "as JSON, with the facts they were drawn from", FLAG, AT(json)},
    {TB_DOCTOR, 0, "strict", NULL, "exit with 1 if there is a warning", FLAG, AT(strict)},
    {TB_RUN, 'p', "precision", "PERCENT", "rounds until all are within", PERCENT,
     AT(settings.precision), 0, 100},
    {TB_RUN, 0, "continue", NULL, "a run whose documents are given", FLAG, AT(resume)},
    {JUDGE, 'm', "margin", "PERCENT", "changes up to it do not matter (2)", PERCENT,
     AT(demand.margin), -DBL_MIN, 1000}, /* it may be 0 */
    {JUDGE, 0, "alpha", "PERCENT", "chance of any false alarm (0.1)", PERCENT, AT(demand.alpha), 0,
     50},
    {JUDGE | TB_RUN, 0, "strict", NULL, "what is not settled is an error", FLAG, AT(strict)},
    {JUDGE, 0, "bisect", NULL, "exit codes for 'git bisect run'", FLAG, AT(bisect)},
    {TB_COMPARE, 0, "ancestor", NULL, "OLD is NEW's nearest archived one", FLAG, AT(ancestor)},
    {TB_COMPARE, 0, "force", NULL, "although host or benchmark differ", FLAG, AT(demand.force)},
    {TB_COMPARE, 0, "pair", NULL, "rounds of different sessions", FLAG, AT(demand.pair)},
    {TB_AB, 0, "build", "COMMAND", "how @rev:REVISION is built", TEXTS, AT(builds)},
    {TB_AB, 0, "product", "PATH", "and what comes of it", TEXT, AT(product)},
    {MEASURE, 'r', "rounds", "N", "processes per case, or at most", COUNT, AT(settings.rounds), 1,
     TB_MOST_ROUNDS},
    {MEASURE, 'b', "budget", "SECONDS", "rounds as long as this allows", REAL,
     AT(settings.budget_s), 0, 86400},
    {MEASURE | SETTLED, 0, "seed", "N", "of the shuffling (drawn, told)", WHOLE, AT(settings.seed),
     0, TB_SEED_LIMIT - 1},
    {MEASURE | SETTLED, 't', "time", "SECONDS", "of one process's loop", REAL, AT(settings.time_s),
     0, 3600},
    {MEASURE | SETTLED, 0, "samples", "N", "in a process, instead", WHOLE, AT(settings.samples), 1,
     TB_MOST_SAMPLES},
    {MEASURE | SETTLED, 0, "repetitions", "N", "in a process of others (5)", COUNT,
     AT(settings.repetitions), 1, 1000},
    {MEASURE, 0, "deadline", "SECONDS", "of one process (30)", REAL, AT(settings.timeout_s), 0,
     86400},
    {MEASURE, 'o', "output", "FILE", "write the JSON document", TEXT, AT(output)},
    {MEASURE, 'q', "quiet", NULL, "no progress on a terminal", FLAG, AT(quiet)},
    {MEASURE | TB_COMPARE, 0, "archive", "DIR", "where documents are kept", TEXT, AT(archive)},
    {MEASURE | TB_COMPARE, 0, "repo", "DIR", "whose revisions are meant (.)", TEXT, AT(repo)},
    {TB_RUN, 0, "format", "FORMAT", "table, json, csv or markdown", FORMAT,
     .words = "table, json, csv or markdown"},
    {JUDGE, 0, "format", "FORMAT", "table, json or markdown", FORMAT,
     .words = "table, json or markdown"},
    {~0U, 'h', "help", NULL, "show this", FLAG, AT(help)},
};

enum { OPTIONS = sizeof table / sizeof *table };

static void *place_of(const struct option *option, struct tb_options *options)
{
    return (char *)options + option->place;
}

/* The command's options as popt wants them: lists it stores itself, of others it tells which. */
static void fill(struct poptOption *all, const struct tb_command *command,
                 struct tb_options *options)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        bool list = table[i].kind == TEXTS;

        if (table[i].commands & command->bit)
            *all++ = (struct poptOption){
                .longName = table[i].name,
                .shortName = table[i].letter,
                .argInfo = table[i].kind == FLAG    ? POPT_ARG_NONE
                           : table[i].kind == TEXTS ? POPT_ARG_ARGV
                                                    : POPT_ARG_STRING,
                .arg = list ? place_of(&table[i], options) : NULL,
                .val = list ? 0 : (int)i + 1,
                .descrip = table[i].help,
                .argDescrip = table[i].argument,
            };
    }
}

static int read_word(const struct option *option, const char *text, const char *const *names,
                     unsigned *ret_index, struct tb_error *error)
{
    for (unsigned i = 0; names[i]; i++) {
        if (!strcmp(text, names[i]) && strstr(option->words, text)) {
            *ret_index = i;
            return 0;
        }
    }
    return tb_misuse(error, "--%s '%s': give %s", option->name, text, option->words);
}

static int read_filter(const char *text, struct tb_options *options, struct tb_error *error)
{
    char why[256];
    int err = regcomp(&options->filter, text, REG_EXTENDED | REG_NOSUB);

    if (err) {
        (void)regerror(err, &options->filter, why, sizeof why); /* cut to fit */
        return tb_misuse(error, "--filter '%s': %s: give an extended regular expression", text,
                         why);
    }
    options->choice.filter = &options->filter;
    return 0;
}

/* What popt has not document, checked. */
static int read_value(const struct option *option, const char *text, struct tb_options *options,
                      struct tb_error *error)
{
    static const char *const sets[] = {"core", "standard", "full", NULL};
    static const char *const formats[] = {"table", "json", "csv", "markdown", NULL};
    void *place = place_of(option, options);
    unsigned index = 0;
    uint64_t whole;
    int code;

    switch (option->kind) {
    case TEXT:
        if (!*text) /* an unset variable of a shell? */
            return tb_misuse(error, "--%s '': give %s", option->name, option->argument);
        *(char **)place = tb_copy(text);
        return 0;
    case WHOLE:
    case COUNT:
        code = tb_parse_whole(option->name, text, (uint64_t)option->low, (uint64_t)option->high,
                              &whole, error);
        if (!code && option->kind == COUNT)
            *(unsigned *)place = (unsigned)whole;
        else if (!code)
            *(uint64_t *)place = whole;
        return code;
    case FILTER:
        return read_filter(text, options, error);
    case SET:
        code = read_word(option, text, sets, &index, error);
        options->choice.set = TB_SET_CORE + index;
        return code;
    case FORMAT:
        code = read_word(option, text, formats, &index, error);
        options->format = TB_TABLE + index;
        return code;
    default:
        code = tb_parse_real(option->name, text, option->low, option->high, place, error);
        if (!code && option->kind == PERCENT)
            *(double *)place /= 100;
        return code;
    }
}

/* Of what is given twice the last counts, and only that is looked at. */
static int read_all(poptContext context, struct tb_options *options, struct tb_error *error)
{
    char *none[] = {NULL}, *given[OPTIONS] = {NULL};
    int at, code = 0;

    while ((at = poptGetNextOpt(context)) > 0) {
        if (table[--at].kind == FLAG) {
            *(bool *)place_of(&table[at], options) = true;
        } else {
            free(given[at]);
            given[at] = poptGetOptArg(context);
        }
    }
    if (at < -1)
        code = tb_misuse(error, "%s: %s; see --help", poptBadOption(context, 0), poptStrerror(at));
    else if (options->help)
        poptPrintHelp(context, stdout, 0);
    for (size_t i = 0; i < OPTIONS; i++) {
        char ***list = place_of(&table[i], options);
        bool is_given = given[i] || (table[i].kind == TEXTS && *list);

        if (!code && options->resume && is_given && (table[i].commands & SETTLED))
            code = tb_misuse(error, "--%s: a run that is continued keeps its own: leave it out",
                             table[i].name);
        else if (!code && given[i])
            code = read_value(&table[i], given[i], options, error);
        free(given[i]);
    }
    if (!code) {
        const char **words = poptGetArgs(context);

        options->operands = tb_words_join(words ? (char *const *)words : none, none);
    }
    return code;
}

/* Puts a subject for each --python behind the operands. */
static void add_pythons(struct tb_options *options)
{
    options->first_python = tb_words_count(options->operands);
    options->pythons = options->interpreters ? tb_words_count(options->interpreters) : 0;
    for (size_t i = 0; i < options->pythons; i++) {
        tb_autofree char *command = tb_target_python(options->interpreters[i]);
        tb_autowords char **operands = options->operands;

        options->operands = tb_words_join(operands, (char *[]){command, NULL});
    }
}

int tb_options_read(struct tb_options *options, const struct tb_command *command,
                    char *const *words, struct tb_error *error)
{
    struct poptOption all[OPTIONS + 1] = {POPT_TABLEEND};
    tb_autofree char *name = tb_print("threadbench %s", command->name);
    tb_autofree char *usage = tb_print("[OPTION...] %s", command->operands);
    tb_autowords char **argv = tb_words_join((char *[]){name, NULL}, words);
    poptContext context;
    int code;

    *options = (struct tb_options){
        .settings = {.repetitions = 5, .seed = TB_SEED_LIMIT, .alpha = 0.05},
        .demand = {.margin = 0.02, .alpha = 0.001},
    };
    /* Known before all, as it is what any error ends with, be it one of the options. */
    for (size_t i = 0; words[i] && (command->bit & JUDGE); i++)
        options->bisect |= !strcmp(words[i], "--bisect");
    fill(all, command, options);
    context = poptGetContext(NULL, (int)tb_words_count(argv), (const char **)argv, all, 0);
    poptSetOtherOptionHelp(context, usage);
    code = read_all(context, options, error);
    if (!options->resume && !options->settings.timeout_s)
        options->settings.timeout_s = usual_timeout_s;
    if (!code && !options->help)
        add_pythons(options);
    (void)poptFreeContext(context); /* returns NULL, always */
    return code;
}

int tb_lasting(const struct tb_options *options, int code)
{
    return options->bisect && code == TB_FAILURE ? TB_USAGE : code;
}

void tb_options_finish(struct tb_options *options)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (table[i].kind == TEXT)
            free(*(char **)place_of(&table[i], options));
        else if (table[i].kind == TEXTS)
            tb_words_free(*(char ***)place_of(&table[i], options));
    }
    tb_words_free(options->operands);
    if (options->choice.filter)
        regfree(&options->filter);
    *options = (struct tb_options){0};
}
