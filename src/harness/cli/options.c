#include "cli/option_table.h"

#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include "run/target.h"
#include "util/memory.h"
#include "util/pattern.h"
#include "util/strings.h"
#include "util/suggest.h"

static const double usual_timeout_s = 30;

/* The command's options as popt wants them: lists it stores itself, of others it says which. */
static void fill(struct poptOption *all, const struct tb_command *command)
{
    for (size_t i = 0; i < TB_OPTIONS; i++) {
        const struct tb_option *option = &tb_option_table[i];

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

static int read_word(const struct tb_option *option, const char *text, const char *const *names,
                     unsigned *ret_index, struct tb_error *error)
{
    const char *allowed[8];
    size_t count = 0;
    tb_autofree char *advice = NULL, *all = tb_print("give %s", option->words);

    for (unsigned i = 0; names[i]; i++) {
        if (!strstr(option->words, names[i]))
            continue;
        if (!strcmp(text, names[i])) {
            *ret_index = i;
            return 0;
        }
        allowed[count++] = names[i];
    }
    advice = tb_did_you_mean(text, &(struct tb_known_words){allowed, count}, all);
    return tb_misuse(error, "--%s '%s': %s", option->name, text, advice);
}

static int read_set(const struct tb_option *option, const char *text, struct tb_error *error)
{
    static const char *const sets[] = {"core", "standard", "full", "alternatives", NULL};
    unsigned index = 0;
    int code = read_word(option, text, sets, &index, error);

    *option->set = TB_SET_CORE + index;
    return code;
}

static int read_format(const struct tb_option *option, const char *text, struct tb_error *error)
{
    static const char *const formats[] = {"table", "json", "csv", "markdown", "html", NULL};
    unsigned index = 0;
    int code = read_word(option, text, formats, &index, error);

    *option->format = TB_TABLE + index;
    return code;
}

static int read_color(const struct tb_option *option, const char *text, struct tb_error *error)
{
    static const char *const colors[] = {"auto", "always", "never", NULL};
    unsigned index = 0;
    int code = read_word(option, text, colors, &index, error);

    *option->color = TB_COLOR_AUTO + index;
    return code;
}

static int read_metric(const struct tb_option *option, const char *text, struct tb_error *error)
{
    const char *names[TB_METRICS + 1] = {NULL};
    unsigned index = 0;
    int code;

    for (size_t i = 0; i < TB_METRICS; i++)
        names[i] = tb_metric_names[i];
    code = read_word(option, text, names, &index, error);
    *option->metric = (enum tb_metric)index;
    return code;
}

static int read_whole(const struct tb_option *option, const char *text, struct tb_error *error)
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

static int read_real(const struct tb_option *option, const char *text, struct tb_error *error)
{
    double *place = option->percent ? option->percent : option->real;
    bool is_word = option->words && !strcmp(text, option->words);
    struct tb_error why;
    int code = is_word ? 0
                       : tb_parse_real(option->name, option->argument, text, option->low,
                                       option->high, place, &why);

    if (code && option->words)
        return tb_error_set(error, code, "%s, or %s", why.text, option->words);
    if (code)
        *error = why;
    if (!code && option->percent)
        *place /= 100;
    return code;
}

static int read_text(const struct tb_option *option, const char *text, struct tb_error *error)
{
    if (!*text && option->text != &tb_given.pattern) /* an unset variable of a shell? */
        return tb_misuse(error, "--%s '': give %s", option->name, option->argument);
    *option->text = tb_copy(text);
    return 0;
}

static int read_value(const struct tb_option *option, const char *text, struct tb_error *error)
{
    if (option->text)
        return read_text(option, text, error);
    if (option->set)
        return read_set(option, text, error);
    if (option->format)
        return read_format(option, text, error);
    if (option->color)
        return read_color(option, text, error);
    if (option->metric)
        return read_metric(option, text, error);
    return option->count || option->whole ? read_whole(option, text, error)
                                          : read_real(option, text, error);
}

/* Fills the names; returns how many. */
static size_t names_of(const struct poptOption *all, const char **ret_names)
{
    size_t count = 0;

    for (; all[count].longName; count++)
        ret_names[count] = all[count].longName;
    return count;
}

/* Puts an option back in the place of "--NA" or "--NA=ARGUMENT", which is the beginning of its name
 * and of no other's; returns whether it did. */
static bool put_back(poptContext context, const struct poptOption *all)
{
    const char *bad = poptBadOption(context, 0), *names[TB_OPTIONS], *name;
    size_t size = strcspn(bad, "=");
    tb_autofree char *part = tb_copy_part(bad, size), *whole = NULL;

    if (!tb_begins_with(part, "--"))
        return false;
    name = tb_unabbreviated(part + 2, names, names_of(all, names));
    if (!name)
        return false;
    whole = tb_print("--%s%s", name, bad + size);
    return !poptStuffArgs(context, (const char *[]){whole, NULL});
}

/* What to do instead of giving an unknown option; the caller's. */
static char *advice_on(poptContext context, const char *bad, const struct poptOption *all,
                       const struct tb_command *command)
{
    const char *names[TB_OPTIONS], *operand = poptPeekArg(context);
    const struct tb_known_words known = {names, names_of(all, names), "--", NULL};
    tb_autofree char *part = tb_copy_part(bad, strcspn(bad, "=")), *otherwise = NULL;

    if (command->bit & TB_SUBJECTS && (operand || tb_begins_with(bad, "--benchmark_")))
        otherwise = tb_print("a subject and its own options are one argument, '%s %s'",
                             operand ? operand : "./my-benchmark", bad);
    else
        otherwise = tb_print("see 'threadbench help %s'", command->name);
    return tb_begins_with(part, "--") ? tb_did_you_mean(part + 2, &known, otherwise)
                                      : tb_copy(otherwise);
}

/* "--roudns: unknown option: did you mean --rounds?" */
static int refuse(poptContext context, int why, const struct poptOption *all,
                  const struct tb_command *command, struct tb_error *error)
{
    const char *bad = poptBadOption(context, 0);
    tb_autofree char *advice = why == POPT_ERROR_BADOPT
                                   ? advice_on(context, bad, all, command)
                                   : tb_print("see 'threadbench help %s'", command->name);

    return tb_misuse(error, "%s: %s: %s", bad, poptStrerror(why), advice);
}

/* "--NAME" of a flag, which stands where an argument was forgotten; it counts all the same. */
static int check_forgotten(const struct tb_option *option, const char *argument,
                           struct tb_error *error)
{
    for (size_t i = 0; i < TB_OPTIONS; i++) {
        if (!tb_option_table[i].flag || strncmp(argument, "--", 2) != 0 ||
            strcmp(argument + 2, tb_option_table[i].name) != 0)
            continue;
        *tb_option_table[i].flag = true;
        return tb_misuse(error, "--%s %s: give %s after --%s", option->name, argument,
                         option->argument, option->name);
    }
    return 0;
}

static int compile(const char *what, const char *pattern, regex_t *ret_filter,
                   struct tb_error *error)
{
    const char *refused = tb_pattern_refused(pattern);
    char why[256];
    int err;

    if (refused)
        return tb_misuse(error, "%s '%.40s%s': %s: give a simpler expression", what, pattern,
                         strlen(pattern) > 40 ? "..." : "", refused);
    err = regcomp(ret_filter, pattern, REG_EXTENDED | REG_NOSUB);
    if (!err)
        return 0;
    (void)regerror(err, ret_filter, why, sizeof why); /* cut to fit */
    return tb_misuse(error, "%s '%s': %s: give an extended regular expression", what, pattern, why);
}

/* Each by itself, as two that are wrong may be right together: "(" and ")". */
static int check_pattern(const char *pattern, struct tb_error *error)
{
    regex_t filter;
    int code = compile("--filter", pattern, &filter, error);

    if (!code)
        regfree(&filter);
    return code;
}

static bool is_filter(const struct tb_option *option)
{
    return option->text == &tb_given.pattern;
}

/* What is given twice: of filters both count, of all else the last one. */
static void take(const struct tb_option *option, char *argument, char **place)
{
    tb_autofree char *before = *place, *last = argument;

    *place = before && is_filter(option) ? tb_print("(%s)|(%s)", before, last) : tb_copy(last);
}

/* All of them, whatever is wrong with one: flags count also for the error that is reported. */
static int collect(poptContext context, const struct poptOption *all,
                   const struct tb_command *command, char **arguments, struct tb_error *error)
{
    int at, code = 0;

    while ((at = poptGetNextOpt(context)) != -1) {
        if (at == POPT_ERROR_BADOPT && put_back(context, all))
            continue;
        if (at < -1) {
            code = code ? code : refuse(context, at, all, command, error);
            /* cppcheck-suppress negativeIndex ; the table's values begin at 1 */
        } else if (tb_option_table[--at].flag) {
            *tb_option_table[at].flag = true;
        } else {
            char *argument = tb_or_end(poptGetOptArg(context)); /* these have one */

            code = code ? code : check_forgotten(&tb_option_table[at], argument, error);
            if (!code && is_filter(&tb_option_table[at]))
                code = check_pattern(argument, error);
            take(&tb_option_table[at], argument, &arguments[at]);
        }
    }
    return code;
}

static int check(const struct tb_option *option, const char *argument, struct tb_error *error)
{
    bool is_given = argument || (option->texts && *option->texts);

    if (tb_given.resume && is_given && (option->commands & TB_KEPT))
        return tb_misuse(error, "--%s: a continued run keeps its own: leave it out", option->name);
    return argument ? read_value(option, argument, error) : 0;
}

static int read_all(poptContext context, const struct poptOption *all,
                    const struct tb_command *command, struct tb_error *error)
{
    char *arguments[TB_OPTIONS] = {NULL}, *none[] = {NULL};
    int code = collect(context, all, command, arguments, error);
    const char **words = poptGetArgs(context);

    for (size_t i = 0; i < TB_OPTIONS; i++) {
        if (!code)
            code = check(&tb_option_table[i], arguments[i], error);
        free(arguments[i]);
    }
    tb_given.operands = tb_words_join(words ? (char *const *)words : none, none);
    return code;
}

/* Puts a subject for each --python behind the operands. */
static int add_pythons(struct tb_options *options, struct tb_error *error)
{
    int code = 0;

    options->first_python = tb_words_count(options->operands);
    options->pythons = options->interpreters ? tb_words_count(options->interpreters) : 0;
    for (size_t i = 0; !code && i < options->pythons; i++) {
        tb_autofree char *command = NULL;
        tb_autowords char **operands = NULL;

        code = tb_target_python(options->interpreters[i], &command, error);
        operands = options->operands;
        options->operands = tb_words_join(operands, (char *[]){command, NULL});
    }
    return code;
}

int tb_options_filter(struct tb_options *options, const char *what, const char *pattern,
                      struct tb_error *error)
{
    int code = compile(what, pattern, &options->filter, error);

    if (!code)
        options->choice.filter = &options->filter;
    return code;
}

static void put_help(poptContext context, const struct tb_command *command)
{
    poptPrintHelp(context, stdout, 0);
    (void)printf("\nExamples:\n%s", command->examples); /* main asks ferror() */
}

int tb_options_read(struct tb_options *options, const struct tb_command *command,
                    char *const *words, struct tb_error *error)
{
    struct poptOption all[TB_OPTIONS + 1] = {POPT_TABLEEND};
    tb_autofree char *name = tb_print("threadbench %s", command->name);
    tb_autofree char *usage = tb_print("[OPTION...] %s", command->operands);
    tb_autowords char **argv = tb_words_join((char *[]){name, NULL}, words);
    poptContext context;
    int code;

    tb_given = (struct tb_options){
        .settings = {.repetitions = 5, .seed = TB_SEED_LIMIT, .alpha = 0.05},
        .demand = {.margin = TB_USUAL_MARGIN, .alpha = TB_USUAL_ALPHA},
    };
    fill(all, command);
    context = poptGetContext(NULL, (int)tb_words_count(argv), (const char **)argv, all, 0);
    poptSetOtherOptionHelp(context, usage);
    code = read_all(context, all, command, error);
    *options = tb_given;
    if (!code && options->pattern)
        code = tb_options_filter(options, "--filter", options->pattern, error);
    if (!options->resume && !options->settings.timeout_s)
        options->settings.timeout_s = usual_timeout_s;
    if (!code && options->help)
        put_help(context, command);
    else if (!code)
        code = add_pythons(options, error);
    (void)poptFreeContext(context); /* returns NULL, always */
    return code;
}

struct tb_demand tb_options_demand(const struct tb_options *options, double look_share)
{
    struct tb_demand demand = options->demand;

    demand.look_share = look_share;
    demand.filter = options->choice.filter;
    demand.core = options->choice.set == TB_SET_CORE;
    demand.standard = options->choice.set == TB_SET_STANDARD;
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
