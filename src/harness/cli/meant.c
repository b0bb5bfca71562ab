#include "cli/meant.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/git.h"
#include "run/target.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/suggest.h"

static const double list_timeout_s = 60; /* a net, for a suite that hangs */

/* What was meant by a file that is there; NULL: that it was to be started. */
static char *meant_by_file(const char *path)
{
    struct stat status;

    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return NULL;
    if (tb_ends_with(path, ".json"))
        return tb_print("it is no program: 'threadbench show %s' prints a document", path);
    return strchr(path, '/') || access(path, X_OK) ? NULL : tb_print("did you mean './%s'?", path);
}

/* "@suit", or the name of what stands for a word of ours. */
static char *meant_by_name(const char *word)
{
    static const char *const ours[] = {"@suite", "@musl", "@rev:REVISION"};
    static const char *const suites[] = {"suite", "threadbench-suite"};
    const struct tb_known_words known = {ours, sizeof ours / sizeof *ours, "'", "'"};

    if (*word == '@')
        return tb_did_you_mean(word, &known,
                               "a subject of ours is '@suite', '@musl' or '@rev:REVISION'");
    if (tb_nearest(word, suites, sizeof suites / sizeof *suites))
        return tb_copy("did you mean '@suite'?");
    return NULL;
}

/* A filter for cases of the suite. */
static char *meant_by_case(const char *word)
{
    tb_auto(tb_subject_finish) struct tb_subject suite = {0};
    tb_autofree char *filter = NULL;
    struct tb_error error;

    if (!tb_target_init(&suite, NULL, NULL, list_timeout_s, &error) &&
        !tb_target_list(&suite, &error))
        filter = tb_nearest_parts(word, suite.catalogue.names.names, suite.catalogue.names.count);
    return filter ? tb_print("did you mean -f '%s'?", filter) : NULL;
}

static char *meant_by_revision(const struct tb_options *options, const char *word)
{
    const char *repo = options->repo ? options->repo : ".";
    tb_auto(tb_revision_finish) struct tb_revision revision = {0};
    struct tb_error why;

    return !tb_git_find(repo, word, &revision, &why) && revision.commit
               ? tb_print("did you mean '@rev:%s'?", word)
               : NULL;
}

static char *meant_by_path(const char *path)
{
    tb_autofree char *nearest = tb_nearest_path(path), *advice = NULL;

    if (!nearest)
        return NULL;
    advice = meant_by_file(nearest);
    return advice && tb_ends_with(nearest, ".json")
               ? tb_print("did you mean '%s'? It is no program: 'threadbench show' prints it",
                          nearest)
               : tb_print("did you mean '%s%s'?", strchr(nearest, '/') ? "" : "./", nearest);
}

char *tb_subject_meant(const struct tb_options *options, const struct tb_subject *subject)
{
    const char *word = tb_subject_program(subject);
    char *meant = meant_by_file(word);

    if (meant || tb_target_is_there(subject) || !access(word, F_OK))
        return meant;
    meant = meant_by_name(word);
    if (!meant && *word != '.' && *word != '/')
        meant = meant_by_case(word);
    if (!meant)
        meant = meant_by_path(word);
    return meant ? meant : meant_by_revision(options, word);
}

char *tb_list_advice(const char *operand, const char *python)
{
    const char *given = python ? python : operand;
    tb_autofree char *word = given ? tb_escape_word(given) : NULL;

    return tb_print("'threadbench list%s%s' shows all",
                    python  ? " --python "
                    : given ? " "
                            : "",
                    given ? word : "");
}

static bool matches_any(const regex_t *filter, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!regexec(filter, names[i], 0, NULL, 0))
            return true;
    }
    return false;
}

char *tb_filter_meant(const struct tb_options *options, const char *const *names, size_t count,
                      const char *otherwise)
{
    tb_autofree char *filter = NULL;

    if (!options->choice.filter)
        return tb_copy(otherwise);
    if (matches_any(options->choice.filter, names, count))
        return tb_copy("the filter alone matches some: give another --set");
    filter = tb_nearest_parts(options->pattern, names, count);
    return filter ? tb_print("did you mean -f '%s'?", filter) : tb_copy(otherwise);
}
