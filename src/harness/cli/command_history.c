#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "archive/index.h"
#include "archive/lookup.h"
#include "cli/command.h"
#include "cli/confirm.h"
#include "cli/meant.h"
#include "cli/output.h"
#include "report/history_table.h"
#include "report/html/history_page.h"
#include "run/build.h"
#include "util/file.h"
#include "util/memory.h"
#include "util/strings.h"

static const double usual_chance = 0.01;

/* All that a history is made of. */
struct material {
    const struct tb_options *options;
    const char *repo, *range;
    struct tb_archive archive;
    struct tb_git_line line;
    struct tb_digests digests;
    struct tb_history_run *runs;
    size_t count;
    struct tb_history history;
    struct tb_history_left_out left_out;
    size_t early, late; /* as in the view */
};

static void material_finish(struct material *material)
{
    tb_history_finish(&material->history);
    free(material->runs);
    tb_digests_finish(&material->digests);
    tb_git_line_finish(&material->line);
    tb_archive_finish(&material->archive);
}

/* The filter may be an operand. */
static int take_filter(struct tb_options *options, struct tb_error *error)
{
    const char *pattern = options->operands[0];

    if (!pattern)
        return 0;
    if (options->choice.filter)
        return tb_misuse(error, "'%s' and --filter: give one of them", pattern);
    options->pattern = tb_copy(pattern);
    return tb_options_filter(options, "FILTER", pattern, error);
}

static int check(const struct tb_options *options, struct tb_error *error)
{
    const struct {
        bool given;
        const char *name;
    } parts[] = {
        {options->settings.budget_s > 0, "budget"},
        {options->settings.time_s > 0, "time"},
        {options->builds != NULL, "build"},
        {options->product != NULL, "product"},
    };
    const struct tb_recipe recipe = {options->repo, options->builds, options->product, false};
    int code = tb_output_spare("--output", options->output, (char *[]){NULL}, error);
    int err = !code && options->output ? tb_file_check(options->output) : 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].given && !options->confirm)
            return tb_misuse(error, "--%s: give --confirm, too", parts[i].name);
    }
    if (err)
        return tb_file_unwritable("write", options->output, err, error);
    return !code && options->confirm ? tb_recipe_check(&recipe, error) : code;
}

/* Commits that are not on the line, each once, and how many documents each has. */
struct others {
    struct tb_names commits;
    size_t *documents;
};

static void others_finish(struct others *others)
{
    tb_names_finish(&others->commits);
    free(others->documents);
}

static void note_other(struct others *others, const char *commit)
{
    size_t count = others->commits.count, at = tb_names_add(&others->commits, commit);

    if (at == count) {
        others->documents = tb_grow(others->documents, count + 1, sizeof *others->documents);
        others->documents[at] = 0;
    }
    others->documents[at]++;
}

/* Whether git does not know them, or has them somewhere else. */
static int sort_out(struct material *material, const struct others *others, struct tb_error *error)
{
    struct tb_history_left_out *left = &material->left_out;
    tb_autofree bool *known = tb_alloc(others->commits.count, sizeof *known);
    int code =
        tb_git_know(material->repo, others->commits.names, others->commits.count, known, error);

    if (code)
        return code;
    for (size_t i = 0; i < others->commits.count; i++) {
        if (known[i]) {
            left->beside += others->documents[i];
            left->beside_commits++;
        } else {
            left->unknown += others->documents[i];
            left->unknown_commits++;
        }
    }
    return left->unknown ? tb_git_is_shallow(material->repo, &left->shallow, error) : 0;
}

/* Which documents are of commits on the line; at the archive's places. */
static int choose(struct material *material, bool *ret_wanted, struct tb_error *error)
{
    const struct tb_archive *archive = &material->archive;
    const char *name = material->options->host;
    tb_autofree char *host = name ? tb_archive_host(name) : NULL;
    tb_auto(others_finish) struct others others = {0};

    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        material->left_out.damaged += entry->kind == TB_ARCHIVED_UNREADABLE;
        if (entry->kind != TB_ARCHIVED_DOCUMENT || (host && strcmp(host, entry->host) != 0))
            continue;
        if (!entry->commit)
            material->left_out.without_commit++;
        else if (tb_names_find(&material->line.names, entry->commit) < material->line.count)
            ret_wanted[i] = true;
        else
            note_other(&others, entry->commit);
    }
    return sort_out(material, &others, error);
}

/* Whether its clock was off, by more than those of two hosts may be. */
static void check_clock(struct material *material, const char *started, size_t commit)
{
    enum { tolerated_s = 3600 };
    int64_t now = time(NULL); /* cannot fail */
    struct tm parts = {0};
    int64_t seconds;

    if (!strptime(started, "%Y%m%dT%H%M%SZ", &parts))
        return;
    seconds = timegm(&parts);
    material->early += seconds < material->line.times[commit] - tolerated_s;
    material->late += seconds > now + tolerated_s;
}

/* The index may have more than what is wanted. */
static void line_up(struct material *material, const bool *wanted)
{
    const struct tb_archive *archive = &material->archive;
    const struct tb_digests *digests = &material->digests;
    size_t count = 0;

    material->runs = tb_alloc(archive->count, sizeof *material->runs);
    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];
        size_t commit;

        if (!wanted[i] || !digests->there[i])
            continue;
        commit = tb_names_find(&material->line.names, entry->commit);
        material->runs[count++] = (struct tb_history_run){&digests->each[i], commit, entry->path};
        check_clock(material, entry->time, commit);
    }
    material->count = tb_history_sort(material->runs, count);
    material->left_out.twice = count - material->count;
    material->left_out.damaged += digests->damaged;
}

static int gather(struct material *material, struct tb_error *error)
{
    const struct tb_options *options = material->options;
    const struct tb_places places = {options->archive, options->repo, options->host};
    tb_autofree bool *wanted = NULL;
    int code = tb_places_open(&places, &material->archive, error);

    if (!code)
        code = tb_git_line(material->repo, material->range, &material->line, error);
    if (code)
        return code;
    wanted = tb_alloc(material->archive.count, sizeof *wanted);
    code = choose(material, wanted, error);
    if (code)
        return code;
    material->digests = tb_index_read(&material->archive, wanted);
    line_up(material, wanted);
    return 0;
}

static struct tb_history_view view_of(const struct material *material)
{
    struct tb_history_view view = {
        .history = &material->history,
        .line = &material->line,
        .archive = material->archive.folder,
        .range = material->range,
        .left_out = material->left_out,
        .early = material->early,
        .late = material->late,
        .tried = material->options->confirm,
        .index_obstacle = material->digests.obstacle,
    };
    size_t last = SIZE_MAX;

    for (size_t i = 0; i < material->count; i++) {
        const struct tb_history_run *run = &material->runs[i];

        view.dirty += run->digest->dirty;
        view.measured += !run->digest->dirty && run->commit != last;
        last = run->digest->dirty ? last : run->commit;
    }
    return view;
}

/* 0, or 128 + the signal that interrupted it. */
static int put(FILE *out, const struct tb_history_view *view, const struct tb_options *options,
               struct tb_error *error)
{
    const struct tb_page page = tb_page(out);

    if (options->format == TB_JSON)
        tb_history_json_put(out, view);
    else if (options->format == TB_CSV)
        tb_history_csv_put(out, view);
    else if (options->format == TB_HTML)
        return tb_history_page_put(out, view, options->output, error);
    else
        tb_history_table_put(&page, view);
    return 0;
}

static int deliver(const struct tb_history_view *view, const struct tb_options *options,
                   struct tb_error *error)
{
    tb_autofree char *text = NULL;
    size_t size;
    FILE *out;
    int code;

    if (!options->output)
        return put(stdout, view, options, error); /* main asks ferror() */
    out = tb_open_text(&text, &size);
    code = put(out, view, options, error);
    (void)fclose(out);
    if (code)
        return code;
    if (tb_file_write(options->output, text, error))
        return TB_FAILURE;
    tb_notice("the history is in '%s'", options->output);
    return 0;
}

static void put_left_out(void *user, const char *sentence)
{
    (void)user;
    tb_notice("left out: %s", sentence);
}

/* What is left out is named on stderr, or in the archive. */
static int check_damage(const struct material *material, struct tb_error *error)
{
    size_t damaged = material->left_out.damaged;

    if (!damaged)
        return 0;
    return tb_failure(
        error,
        "shown without %s that could not be read: remove or restore what 'threadbench "
        "archive verify' names",
        tb_text_count(damaged, "file").text);
}

static int refuse_choice(const struct material *material, struct tb_error *error)
{
    tb_auto(tb_names_finish) struct tb_names names = {0};
    tb_autofree char *meant = NULL;

    for (size_t i = 0; i < material->count; i++) {
        const struct tb_digest *digest = material->runs[i].digest;

        for (size_t k = 0; k < digest->count; k++)
            (void)tb_names_add(&names, digest->cases[k].name); /* which may have come before */
    }
    meant =
        tb_filter_meant(material->options, names.names, names.count, "without them all are shown");
    return tb_misuse(error, "no case matches the filter and --set: %s", meant);
}

/* Why there is nothing to show. */
static int refuse(const struct material *material, struct tb_error *error)
{
    const struct tb_history_view view = view_of(material);
    const char *host = material->options->host;
    tb_autofree char *meant = NULL;

    tb_history_each_left_out(&view, put_left_out, NULL);
    if (material->count)
        return refuse_choice(material, error);
    meant = host ? tb_archive_meant_host(&material->archive, host) : NULL;
    if (meant)
        return tb_failure(error, "'%s' has no document of host '%s': %s", material->archive.folder,
                          host, meant);
    return tb_failure(
        error,
        "'%s' has no document of a commit of '%s'%s%s: measure with 'threadbench run "
        "--archive %s', or give another --range",
        material->archive.folder, material->range, material->options->host ? " on host " : "",
        material->options->host ? material->options->host : "", material->archive.folder);
}

static int show(struct material *material, struct tb_error *error)
{
    const struct tb_options *options = material->options;
    const struct tb_history_demand demand = {
        .filter = options->choice.filter,
        .core = options->choice.set == TB_SET_CORE,
        .standard = options->choice.set == TB_SET_STANDARD,
        .alpha = options->chance > 0 ? options->chance : usual_chance,
    };
    struct tb_history_view view;
    struct tb_error why = {""};
    int interrupted = 0, code;

    material->history = tb_history_of(material->runs, material->count, &demand);
    if (!material->history.count)
        return refuse(material, error);
    if (options->confirm)
        interrupted = tb_confirm(options, &material->line, &material->history, &why);
    view = view_of(material);
    code = deliver(&view, options, error);
    if (interrupted && !code)
        *error = why;
    if (!interrupted && !code)
        code = check_damage(material, error);
    return interrupted ? interrupted : code;
}

int tb_command_history(struct tb_options *options, struct tb_error *error)
{
    tb_auto(material_finish) struct material material = {
        .options = options,
        .repo = options->repo ? options->repo : ".",
        .range = options->range ? options->range : "HEAD",
    };
    int code = take_filter(options, error);

    if (!code)
        code = check(options, error);
    if (!code)
        code = gather(&material, error);
    return code ? code : show(&material, error);
}
