#include "cli/command.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "archive/kept.h"
#include "cli/export.h"
#include "cli/output.h"
#include "report/session_page.h"
#include "util/file.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"
#include "util/suggest.h"

/* As the commands that measure print it; CSV has one header for all sessions. */
static void put_session(const struct tb_kept_session *session, enum tb_format format, bool verbose)
{
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = {0};
    const struct tb_demand demand = tb_demand_of(session->results->settings);

    if (!session->judged) {
        tb_results_put(session->results, session->count, format, verbose);
        return;
    }
    tb_comparisons_add_results(&comparisons, session->results, session->count, &demand);
    tb_judged_put(session->results, session->count, &comparisons, format);
}

/* What is asked about several sessions alone: which of them follows. */
static void put_heading(const struct tb_page *page, const struct tb_kept *kept, size_t index)
{
    const struct tb_kept_session *session = &kept->sessions[index];
    const struct tb_settings *settings = session->results->settings;
    tb_autofree char *paths = NULL;
    char date[32] = "";
    struct tm time;
    size_t size;
    FILE *list = tb_open_text(&paths, &size);

    for (size_t i = 0; i < session->count; i++) {
        tb_autofree char *path = tb_page_text(page, session->documents[i]->path);

        (void)fprintf(list, "%s%s", i ? ", " : "", path); /* in memory */
    }
    (void)fclose(list); /* likewise */
    if (settings->started.tv_sec && gmtime_r(&settings->started.tv_sec, &time))
        (void)strftime(date, sizeof date, ", %Y-%m-%d %H:%M UTC", &time); /* fits */
    if (index)
        (void)fputc('\n', page->out); /* main asks ferror(), here and below */
    tb_page_line_in(page, TB_INK_STRONG, SIZE_MAX, 4, "%ssession %zu of %zu%s: %s",
                    page->markdown ? "## " : "", index + 1, kept->count, date, paths);
    (void)fputc('\n', page->out);
}

/* A comparison without one of its sides is none. */
static void note_missing(const struct tb_kept_session *session)
{
    if (session->missing)
        tb_notice("'%s': %zu of the %zu subjects of its session are not here: give their "
                  "documents, too, to see them%s",
                  session->documents[0]->path, session->missing,
                  session->results->settings->subjects,
                  session->results->settings->alarm_alpha > 0 ? " compared" : "");
}

/* As it was kept, but for what a terminal would obey. */
static int put_document(const struct tb_document *document, struct tb_error *error)
{
    tb_autofree char *text = NULL;
    struct stat status;
    size_t size;
    int err;

    if (!stat(document->path, &status) && !S_ISREG(status.st_mode))
        return tb_misuse(error, "--format json: '%s' is no file, of which it shows the text",
                         document->path);
    err = tb_file_read(document->path, TB_DOCUMENT_LIMIT, &text, &size);
    if (err)
        return tb_file_unreadable(document->path, err, error);
    tb_sanitize(text, size);
    (void)fwrite(text, 1, size, stdout); /* main asks ferror() */
    return 0;
}

static int put_json(const struct tb_kept *kept, struct tb_error *error)
{
    const struct tb_kept_session *session = kept->sessions;
    bool compared = session->judged || tb_has_interpreters(session->results, session->count);

    if (kept->count > 1)
        return tb_misuse(error, "--format json shows one session, and these are of %zu",
                         kept->count);
    if (!compared && session->count > 1)
        return tb_misuse(error,
                         "--format json shows one document, and these are %zu of a session "
                         "that compares nothing",
                         session->count);
    if (!compared)
        return put_document(session->documents[0], error);
    put_session(session, TB_JSON, false);
    return 0;
}

static void put_csv(const struct tb_kept *kept)
{
    struct tb_result *all = NULL;
    size_t count = 0;

    for (size_t i = 0; i < kept->count; i++) {
        const struct tb_kept_session *session = &kept->sessions[i];

        all = tb_grow(all, count + session->count, sizeof *all);
        memcpy(all + count, session->results, session->count * sizeof *all);
        count += session->count;
    }
    tb_results_put(all, count, TB_CSV, false);
    free(all);
}

static int put(const struct tb_kept *kept, enum tb_format format, bool verbose,
               struct tb_error *error)
{
    const struct tb_page page = tb_page_of(format);

    if (format == TB_JSON)
        return put_json(kept, error);
    for (size_t i = 0; i < kept->count; i++)
        note_missing(&kept->sessions[i]);
    if (format == TB_CSV) {
        put_csv(kept);
        return 0;
    }
    for (size_t i = 0; i < kept->count; i++) {
        if (kept->count > 1)
            put_heading(&page, kept, i);
        put_session(&kept->sessions[i], format, verbose);
    }
    return 0;
}

/* What is shown, in the order of enum tb_format; exports have further names. */
static const char *const shown[] = {"table", "json", "csv", "markdown"};

enum { SHOWN = sizeof shown / sizeof *shown };

static int refuse_format(const char *name, struct tb_error *error)
{
    tb_autofree const char **names = tb_alloc(SHOWN, sizeof *names);
    tb_autofree char *exports = tb_export_names(), *advice = NULL;
    tb_autofree char *all = tb_print("give table, json, csv, markdown, %s", exports);
    size_t count = SHOWN;

    memcpy(names, shown, sizeof shown);
    for (size_t i = 0; tb_export_name(i); i++) {
        names = tb_room(names, count, sizeof *names);
        names[count++] = tb_export_name(i);
    }
    advice = tb_did_you_mean(name, &(struct tb_known_words){names, count}, all);
    return tb_misuse(error, "--format '%s': %s", name, advice);
}

/* Of a name that is no export's. */
static int read_format(const char *name, enum tb_format *ret_format, struct tb_error *error)
{
    size_t at = 0;

    while (name && at < SHOWN && strcmp(name, shown[at]) != 0)
        at++;
    if (at == SHOWN)
        return refuse_format(name, error);
    *ret_format = (enum tb_format)at;
    return 0;
}

/* What a folder has and could not be read has been named already. */
static int check_damage(const struct tb_kept *kept, struct tb_error *error)
{
    size_t damaged = tb_kept_damaged(kept);

    if (!damaged)
        return 0;
    return tb_failure(error,
                      "shown without %s that could not be read: remove or restore what was skipped",
                      tb_text_count(damaged, "file").text);
}

/* `user` is what was read. */
static int export_kept(struct tb_export *export, void *user, struct tb_error *error)
{
    const struct tb_kept *kept = user;
    int code = 0;

    for (size_t i = 0; !code && i < kept->count; i++) {
        for (size_t k = 0; !code && k < kept->sessions[i].count; k++)
            code = tb_export_add(export, kept->sessions[i].documents[k], error);
    }
    return code;
}

int tb_command_show(struct tb_options *options, struct tb_error *error)
{
    const struct tb_places places = {options->archive, options->repo, options->host};
    tb_auto(tb_kept_finish) struct tb_kept kept = {0};
    bool exported = tb_wants_export(options);
    enum tb_format format = TB_TABLE;
    int code = exported ? 0 : read_format(options->format_name, &format, error);

    if (!code && !exported && (options->output || options->pattern))
        code = tb_misuse(error, "--output and --filter are of exports: give --format %s",
                         tb_export_name(0));
    if (!code)
        code = tb_output_spare("--output", options->output, options->operands, error);
    if (!code)
        code = tb_kept_read(&places, options->operands, &kept, error);
    if (!code)
        code = tb_output_spare_kept(options->output, &kept, error);
    if (!code)
        code = exported ? tb_export_to_output(options, false, export_kept, &kept, error)
                        : put(&kept, format, options->verbose, error);
    return code ? code : check_damage(&kept, error);
}
