#include "cli/options.h"

#include <float.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/suggest.h"
#include "run/target.h"
#include "stats/shuffle.h"
#include "util/memory.h"
#include "util/strings.h"

/* An option, and the member of the options that takes its argument: one of those below. */
struct option {
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

    double low, high;  /* of numbers; real ones are above `low` */
    const char *words; /* of a set or a format: what it may be; of a number: a word for 0 */
};

/* What was given on the command line, of which there is one. */
static struct tb_options given;

enum {
    MEASURE = TB_RUN | TB_AB,
    JUDGE = TB_COMPARE | TB_AB,
    SELECT = TB_LIST | TB_RUN | TB_AB,
    SUBJECT = SELECT | TB_DOCTOR, /* what takes a subject, which may have to be built */
};

/* Beside the commands' bits: a run that is continued keeps its own. */
enum { KEPT = 1 << 30 };

static const double usual_timeout_s = 30;

/* clang-format off */
static const struct option table[] = {
    {SELECT | TB_COMPARE | TB_DOCTOR | KEPT, 'f', "filter", "REGEX",
     "Choose only cases whose name matches REGEX.", .text = &given.pattern},
    {SELECT | TB_COMPARE | KEPT, 0, "set", "SET",
     "Choose the core, standard or full set of cases (default: core).",
     .set = &given.choice.set, .words = "core, standard or full"},
    {SELECT | KEPT, 0, "python", "PATH",
     "Measure inside the interpreter PATH; give it once for each.", .texts = &given.interpreters},
    {TB_ARCHIVED, 0, "host", "NAME", "List only documents of the host NAME.", .text = &given.host},
    {TB_ARCHIVED, 0, "revision", "PREFIX",
     "List only documents of commits that begin with PREFIX.", .text = &given.revision},
    {TB_EXPORT, 0, "format", "FORMAT",
     "Write rows-csv, rows-ndjson, otava, openmetrics or asv (default: rows-csv).",
     .text = &given.format_name},
    {TB_EXPORT, 'o', "output", "FILE", "Write to FILE; of asv a folder (default: stdout).",
     .text = &given.output},
    {TB_EXPORT, 'f', "filter", "REGEX", "Export only cases whose name matches REGEX.",
     .text = &given.pattern},
    {TB_EXPORT, 0, "host", "NAME", "Export only documents of the host NAME.",
     .text = &given.host},
    {TB_EXPORT, 0, "revision", "PREFIX",
     "Export only documents of commits that begin with PREFIX.", .text = &given.revision},
    {TB_EXPORT, 0, "label", "LABEL", "Export only documents of the subject LABEL.",
     .text = &given.label},
    {TB_ARCHIVED, 0, "json", NULL, "Print JSON.", .flag = &given.json},
    {TB_LIST, 0, "json", NULL, "Print JSON, with all that is known.", .flag = &given.json},
    {TB_DOCTOR, 0, "json", NULL, "Print JSON, with the facts behind the findings.",
     .flag = &given.json},
    {TB_DOCTOR, 0, "strict", NULL, "Exit with 1 if there is a warning.", .flag = &given.strict},
    {TB_DOCTOR, 0, "noise", NULL, "Compare the subject with itself, to see what 'ab' can find here.",
     .flag = &given.noise},
    {TB_DOCTOR, 'b', "budget", "SECONDS", "Take SECONDS for --noise (default: 60).",
     .real = &given.settings.budget_s, .high = 86400},
    {TB_RUN, 'p', "precision", "PERCENT",
     "Stop when every 95 % confidence interval is within PERCENT of its value.",
     .percent = &given.settings.precision, .high = 100},
    {TB_RUN, 0, "continue", NULL, "Continue the run whose documents are given.",
     .flag = &given.resume},
    {JUDGE | TB_DOCTOR, 'm', "margin", "PERCENT", "Ignore changes of up to PERCENT (default: 2).",
     .percent = &given.demand.margin, .low = -DBL_MIN, .high = 1000}, /* it may be 0 */
    {JUDGE, 0, "alpha", "PERCENT",
     "Risk any false alarm with a chance of PERCENT (default: 0.1).",
     .percent = &given.demand.alpha, .high = 50},
    {JUDGE, 0, "strict", NULL, "Exit with 4 if any case is inconclusive, not only if all are.",
     .flag = &given.strict},
    {TB_RUN, 0, "strict", NULL, "Exit with 4 if a case is not as precise as asked for.",
     .flag = &given.strict},
    {JUDGE, 0, "bisect", NULL, "Exit with the codes that 'git bisect run' takes.",
     .flag = &given.bisect},
    {TB_COMPARE, 0, "ancestor", NULL, "Compare NEW with its nearest archived ancestor.",
     .flag = &given.ancestor},
    {TB_COMPARE, 0, "force", NULL, "Compare although host or benchmark differ.",
     .flag = &given.demand.force},
    {TB_AB, 0, "force", NULL, "Compare although a benchmark is of another version.",
     .flag = &given.demand.force},
    {TB_COMPARE, 0, "pair", NULL,
     "Pair the rounds of documents of different sessions, in their order.",
     .flag = &given.demand.pair},
    {SUBJECT, 0, "build", "COMMAND",
     "Build @rev:REVISION with COMMAND, in which {out} is where to install; give it once a step.",
     .texts = &given.builds},
    {SUBJECT, 0, "product", "PATH",
     "Take PATH of what was built (default: bin/threadbench-suite).", .text = &given.product},
    {TB_RUN, 'r', "rounds", "N", "Start N processes a case (default: 12).",
     .count = &given.settings.rounds, .low = 1, .high = TB_MOST_ROUNDS},
    {TB_AB, 'r', "rounds", "N", "Start at most N pairs of processes a case.",
     .count = &given.settings.rounds, .low = 1, .high = TB_MOST_ROUNDS},
    {TB_RUN, 'b', "budget", "SECONDS", "Measure as many rounds as fit into SECONDS.",
     .real = &given.settings.budget_s, .high = 86400},
    {TB_AB, 'b', "budget", "SECONDS",
     "Stop after SECONDS; auto: when something is slower or all is decided, within 300 (default: auto).",
     .real = &given.settings.budget_s, .high = 86400, .words = "auto"},
    {MEASURE | KEPT, 0, "seed", "N", "Shuffle by the seed N (default: drawn and printed).",
     .whole = &given.settings.seed, .high = TB_SEED_LIMIT - 1},
    {TB_RUN | KEPT, 't', "time", "SECONDS",
     "Measure SECONDS in each process (default: 0.1).",
     .real = &given.settings.time_s, .high = 3600},
    {TB_AB | KEPT, 't', "time", "SECONDS",
     "Measure SECONDS in each process (default: 0.01).",
     .real = &given.settings.time_s, .high = 3600},
    {MEASURE | KEPT, 0, "samples", "N", "Take N samples in each process, instead of --time.",
     .whole = &given.settings.samples, .low = 1, .high = TB_MOST_SAMPLES},
    {MEASURE | KEPT, 0, "repetitions", "N",
     "Repeat N times in a process of a foreign program (default: 5).",
     .count = &given.settings.repetitions, .low = 1, .high = 1000},
    {MEASURE, 0, "timeout", "SECONDS",
     "End a process after SECONDS (default: 30).",
     .real = &given.settings.timeout_s, .high = 86400},
    {MEASURE | TB_DOCTOR, 0, "wait", NULL, "Wait until no other threadbench measures here.",
     .flag = &given.wait},
    {MEASURE, 'o', "output", "FILE", "Write the JSON document to FILE.", .text = &given.output},
    {TB_RUN, 0, "trace", "FILE",
     "Write one lifecycle, near the median of the last process, to FILE as a trace for Perfetto.",
     .text = &given.trace},
    {MEASURE | TB_DOCTOR, 'q', "quiet", NULL, "Show no progress on a terminal.", .flag = &given.quiet},
    {MEASURE, 0, "archive", "DIR", "Keep the JSON document in the archive DIR.",
     .text = &given.archive},
    {TB_COMPARE | TB_SHOW | TB_REPORT, 0, "archive", "DIR",
     "Look revisions up in the archive DIR (default: the nearest bench-results).",
     .text = &given.archive},
    {SUBJECT | TB_COMPARE | TB_SHOW | TB_REPORT | TB_HISTORY, 0, "repo", "DIR",
     "Take revisions from the git repository DIR (default: the working directory's).",
     .text = &given.repo},
    {TB_RUN, 0, "format", "FORMAT", "Print a table, json, csv or markdown (default: table).",
     .format = &given.format, .words = "table, json, csv or markdown"},
    {JUDGE, 0, "format", "FORMAT", "Print a table, json or markdown (default: table).",
     .format = &given.format, .words = "table, json or markdown"},
    {TB_SHOW, 0, "format", "FORMAT", "Print a table, json, csv or markdown (default: table).",
     .text = &given.format_name},
    {~(unsigned)TB_PLAIN, 0, "color", "WHEN",
     "Use colours auto, always or never (default: auto).",
     .color = &given.color, .words = "auto, always or never"},
    {TB_REPORT, 'o', "output", "FILE",
     "Write the page to FILE, or to stdout by '-' (default: threadbench-report.html).",
     .text = &given.output},
    {TB_REPORT, 0, "svg", "DIR", "Write each figure into DIR, too, as a file of its own.",
     .text = &given.svg},
    {TB_REPORT, 'm', "margin", "PERCENT",
     "Between two sides, ignore changes of up to PERCENT (default: 2).",
     .percent = &given.demand.margin, .low = -DBL_MIN, .high = 1000}, /* it may be 0 */
    {TB_REPORT, 0, "alpha", "PERCENT",
     "Between two sides, risk any false alarm with a chance of PERCENT (default: 0.1).",
     .percent = &given.demand.alpha, .high = 50},
    {TB_REPORT, 0, "force", NULL, "Compare two sides although host or benchmark differ.",
     .flag = &given.demand.force},
    {TB_HISTORY, 'f', "filter", "REGEX", "Show only cases whose name matches REGEX.",
     .text = &given.pattern},
    {TB_HISTORY, 0, "set", "SET",
     "Show only the core, standard or full set of cases (default: all that there are).",
     .set = &given.choice.set, .words = "core, standard or full"},
    {TB_HISTORY, 0, "range", "RANGE",
     "Show the commits of RANGE, such as v1.0..HEAD (default: HEAD and all before it).",
     .text = &given.range},
    {TB_HISTORY, 0, "host", "NAME", "Show only what was measured on the host NAME.",
     .text = &given.host},
    {TB_HISTORY, 0, "alpha", "PERCENT",
     "Risk any false change in all cases with a chance of PERCENT (default: 1).",
     .percent = &given.chance, .high = 50},
    {TB_HISTORY, 0, "confirm", NULL,
     "Build and measure the commits on both sides of each change; bisect what lies between.",
     .flag = &given.confirm},
    {TB_HISTORY, 'b', "budget", "SECONDS",
     "Measure each change again for SECONDS at most, with --confirm (default: 300).",
     .real = &given.settings.budget_s, .high = 86400},
    {TB_HISTORY, 't', "time", "SECONDS",
     "Measure for SECONDS in each process, with --confirm (default: 0.01).",
     .real = &given.settings.time_s, .high = 3600},
    {TB_HISTORY, 0, "build", "COMMAND",
     "Build a commit with COMMAND, in which {out} is where to install; give it once a step.",
     .texts = &given.builds},
    {TB_HISTORY, 0, "product", "PATH",
     "Measure PATH of what was built (default: bin/threadbench-suite).", .text = &given.product},
    {TB_HISTORY, 'q', "quiet", NULL, "Show no progress on a terminal.", .flag = &given.quiet},
    {TB_HISTORY, 'o', "output", "FILE", "Write to FILE (default: to stdout).",
     .text = &given.output},
    {TB_HISTORY, 0, "archive", "DIR",
     "Show the documents of the archive DIR (default: the nearest bench-results).",
     .text = &given.archive},
    {TB_HISTORY, 0, "format", "FORMAT", "Print a table, json, csv or html (default: table).",
     .format = &given.format, .words = "table, json, csv or html"},
    {~0U, 'h', "help", NULL, "Show this help.", .flag = &given.help},
};
/* clang-format on */

enum { OPTIONS = sizeof table / sizeof *table };

/* The command's options as popt wants them: lists it stores itself, of others it says which. */
static void fill(struct poptOption *all, const struct tb_command *command)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *option = &table[i];

        if (option->commands & command->bit)
            *all++ = (struct poptOption){
                .longName = option->name,
                .shortName = option->letter,
                .argInfo = option->flag    ? POPT_ARG_NONE
                           : option->texts ? POPT_ARG_ARGV
                                           : POPT_ARG_STRING,
                .arg = option->texts,
                .val = option->texts ? 0 : (int)i + 1,
                .descrip = option->help,
                .argDescrip = option->argument,
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

static int read_set(const struct option *option, const char *text, struct tb_error *error)
{
    static const char *const sets[] = {"core", "standard", "full", NULL};
    unsigned index = 0;
    int code = read_word(option, text, sets, &index, error);

    *option->set = TB_SET_CORE + index;
    return code;
}

static int read_format(const struct option *option, const char *text, struct tb_error *error)
{
    static const char *const formats[] = {"table", "json", "csv", "markdown", "html", NULL};
    unsigned index = 0;
    int code = read_word(option, text, formats, &index, error);

    *option->format = TB_TABLE + index;
    return code;
}

static int read_color(const struct option *option, const char *text, struct tb_error *error)
{
    static const char *const colors[] = {"auto", "always", "never", NULL};
    unsigned index = 0;
    int code = read_word(option, text, colors, &index, error);

    *option->color = TB_COLOR_AUTO + index;
    return code;
}

static int read_whole(const struct option *option, const char *text, struct tb_error *error)
{
    uint64_t whole = 0;
    int code = tb_parse_whole(option->name, text, (uint64_t)option->low, (uint64_t)option->high,
                              &whole, error);

    if (option->count)
        *option->count = (unsigned)whole;
    else
        *option->whole = whole;
    return code;
}

static int read_real(const struct option *option, const char *text, struct tb_error *error)
{
    double *place = option->percent ? option->percent : option->real;
    bool is_word = option->words && !strcmp(text, option->words);
    struct tb_error why;
    int code =
        is_word ? 0 : tb_parse_real(option->name, text, option->low, option->high, place, &why);

    if (code && option->words)
        return tb_error_set(error, code, "%s, or %s", why.text, option->words);
    if (code)
        *error = why;
    if (!code && option->percent)
        *place /= 100;
    return code;
}

static int read_text(const struct option *option, const char *text, struct tb_error *error)
{
    if (!*text && option->text != &given.pattern) /* an unset variable of a shell? */
        return tb_misuse(error, "--%s '': give %s", option->name, option->argument);
    *option->text = tb_copy(text);
    return 0;
}

static int read_value(const struct option *option, const char *text, struct tb_error *error)
{
    if (option->text)
        return read_text(option, text, error);
    if (option->set)
        return read_set(option, text, error);
    if (option->format)
        return read_format(option, text, error);
    if (option->color)
        return read_color(option, text, error);
    return option->count || option->whole ? read_whole(option, text, error)
                                          : read_real(option, text, error);
}

/* "--deadlin: unknown option: did you mean --timeout? See --help". */
static int refuse(poptContext context, int why, const struct poptOption *all,
                  struct tb_error *error)
{
    const char *bad = poptBadOption(context, 0), *names[OPTIONS];
    size_t count = 0;
    const char *nearest;

    for (; all[count].longName; count++)
        names[count] = all[count].longName;
    nearest = why == POPT_ERROR_BADOPT ? tb_nearest(bad + strspn(bad, "-"), names, count) : NULL;
    if (nearest)
        return tb_misuse(error, "%s: %s: did you mean --%s? See --help", bad, poptStrerror(why),
                         nearest);
    return tb_misuse(error, "%s: %s; see --help", bad, poptStrerror(why));
}

/* "--NAME" of a flag, which stands where an argument was forgotten; it counts all the same. */
static int check_forgotten(const struct option *option, const char *argument,
                           struct tb_error *error)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!table[i].flag || strncmp(argument, "--", 2) != 0 ||
            strcmp(argument + 2, table[i].name) != 0)
            continue;
        *table[i].flag = true;
        return tb_misuse(error, "--%s %s: give %s after --%s", option->name, argument,
                         option->argument, option->name);
    }
    return 0;
}

/* All of them, whatever is wrong with one: flags count also for the error that is reported. Of
 * what is given twice the last counts, and only that is looked at. */
static int collect(poptContext context, const struct poptOption *all, char **arguments,
                   struct tb_error *error)
{
    int at, code = 0;

    while ((at = poptGetNextOpt(context)) != -1) {
        if (at < -1) {
            code = code ? code : refuse(context, at, all, error);
        } else if (table[--at].flag) {
            *table[at].flag = true;
        } else {
            free(arguments[at]);
            arguments[at] = poptGetOptArg(context);
            code = code ? code : check_forgotten(&table[at], arguments[at], error);
        }
    }
    return code;
}

static int check(const struct option *option, const char *argument, struct tb_error *error)
{
    bool is_given = argument || (option->texts && *option->texts);

    if (given.resume && is_given && (option->commands & KEPT))
        return tb_misuse(error, "--%s: a continued run keeps its own: leave it out", option->name);
    return argument ? read_value(option, argument, error) : 0;
}

static int read_all(poptContext context, const struct poptOption *all, struct tb_error *error)
{
    char *arguments[OPTIONS] = {NULL}, *none[] = {NULL};
    int code = collect(context, all, arguments, error);
    const char **words = poptGetArgs(context);

    for (size_t i = 0; i < OPTIONS; i++) {
        if (!code)
            code = check(&table[i], arguments[i], error);
        free(arguments[i]);
    }
    given.operands = tb_words_join(words ? (char *const *)words : none, none);
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

int tb_options_filter(struct tb_options *options, const char *what, const char *pattern,
                      struct tb_error *error)
{
    char why[256];
    int err = regcomp(&options->filter, pattern, REG_EXTENDED | REG_NOSUB);

    if (err) {
        (void)regerror(err, &options->filter, why, sizeof why); /* cut to fit */
        return tb_misuse(error, "%s '%s': %s: give an extended regular expression", what, pattern,
                         why);
    }
    options->choice.filter = &options->filter;
    return 0;
}

static void put_help(poptContext context, const struct tb_command *command)
{
    poptPrintHelp(context, stdout, 0);
    (void)printf("\nExamples:\n%s", command->examples); /* main asks ferror() */
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

    given = (struct tb_options){
        .settings = {.repetitions = 5, .seed = TB_SEED_LIMIT, .alpha = 0.05},
        .demand = {.margin = TB_USUAL_MARGIN, .alpha = TB_USUAL_ALPHA},
    };
    fill(all, command);
    context = poptGetContext(NULL, (int)tb_words_count(argv), (const char **)argv, all, 0);
    poptSetOtherOptionHelp(context, usage);
    code = read_all(context, all, error);
    *options = given;
    if (!code && options->pattern)
        code = tb_options_filter(options, "--filter", options->pattern, error);
    if (!options->resume && !options->settings.timeout_s)
        options->settings.timeout_s = usual_timeout_s;
    if (!code && options->help)
        put_help(context, command);
    else if (!code)
        add_pythons(options);
    (void)poptFreeContext(context); /* returns NULL, always */
    return code;
}

struct tb_demand tb_options_demand(const struct tb_options *options, double look_share)
{
    struct tb_demand demand = options->demand;

    demand.look_share = look_share;
    demand.filter = options->choice.filter;
    demand.core = options->choice.set == TB_SET_CORE;
    return demand;
}

void tb_options_finish(struct tb_options *options)
{
    char *const texts[] = {options->pattern,  options->output,      options->archive,
                           options->repo,     options->product,     options->host,
                           options->revision, options->format_name, options->svg,
                           options->label,    options->trace,       options->range};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    tb_words_free(options->interpreters);
    tb_words_free(options->builds);
    tb_words_free(options->operands);
    if (options->choice.filter)
        regfree(&options->filter);
    *options = (struct tb_options){0};
}
