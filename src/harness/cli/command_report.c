#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "archive/kept.h"
#include "cli/output.h"
#include "compare/comparable.h"
#include "report/html/report_page.h"
#include "report/python_table.h"
#include "report/session_page.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const char usual_output[] = "threadbench-report.html";

static const char *output_of(const struct tb_options *options)
{
    return options->output ? options->output : usual_output;
}

/* What a report shows, and what that refers to. */
struct shown {
    struct tb_kept kept;
    struct tb_report_view *views;
    struct tb_side **sides;           /* of each view */
    const struct tb_result **results; /* what sides of one result refer to */
    char **names;                     /* of each view */
    char old[4], new[4];              /* what two sides are called in figures */
    size_t count;
};

static void shown_finish(struct shown *shown)
{
    for (size_t i = 0; i < shown->count; i++) {
        tb_comparisons_finish(&shown->views[i].comparisons);
        free(shown->sides[i]);
        free(shown->names[i]);
    }
    free(shown->views);
    free(shown->sides);
    free(shown->results);
    free(shown->names);
    tb_kept_finish(&shown->kept);
}

/* As ab concluded, or as `run --python` sets interpreters side by side. */
static void compare_session(const struct tb_kept_session *session, struct tb_report_view *view)
{
    struct tb_demand demand = tb_demand_of(session->results->settings);
    size_t first = 0;

    view->interpreters = !session->judged && tb_has_interpreters(session->results, session->count);
    if (view->interpreters) {
        demand.alpha = tb_python_alpha;
        first = tb_first_interpreter(session->results, session->count);
    }
    if (view->interpreters || session->judged)
        tb_comparisons_add_results(&view->comparisons, session->results + first,
                                   session->count - first, &demand);
}

/* "2026-01-02", empty where the document does not tell. */
struct day {
    char text[16];
};

static struct day day_of(const struct tb_result *result)
{
    const struct timespec *started = &result->settings->started;
    struct day day = {""};
    struct tm time;

    if (started->tv_sec > 0 && gmtime_r(&started->tv_sec, &time))
        (void)strftime(day.text, sizeof day.text, "%Y-%m-%d", &time); /* it has room */
    return day;
}

/* What tells a session from the others of a page: its revision, or else its file, and the day; the
 * caller's. */
static char *name_of(const struct tb_kept_session *session)
{
    const char *path = session->documents[0]->path, *slash = strrchr(path, '/');
    const char *revision = session->results->revision->describe;
    const struct day day = day_of(session->results);

    return tb_print("%s%s%s",
                    revision ? revision
                    : slash  ? slash + 1
                             : path,
                    *day.text ? ", " : "", day.text);
}

/* Each of its results is a side. */
static void add_session(struct shown *shown, const struct tb_kept_session *session, size_t place)
{
    struct tb_side *sides = tb_alloc(session->count, sizeof *sides);
    size_t index = shown->count++;

    for (size_t i = 0; i < session->count; i++) {
        const struct tb_result *result = &session->results[i];

        shown->results[place + i] = result;
        sides[i] = (struct tb_side){&shown->results[place + i], 1, result->subject->label};
    }
    shown->sides[index] = sides;
    shown->names[index] = name_of(session);
    shown->views[index] = (struct tb_report_view){
        .name = shown->names[index], .sides = sides, .count = session->count};
    compare_session(session, &shown->views[index]);
}

static void show_sessions(struct shown *shown)
{
    const struct tb_kept *kept = &shown->kept;
    size_t count = 0;

    for (size_t i = 0; i < kept->count; i++)
        count += kept->sessions[i].count;
    shown->results = tb_alloc(count, sizeof(struct tb_result *));
    count = 0;
    for (size_t i = 0; i < kept->count; i++) {
        add_session(shown, &kept->sessions[i], count);
        count += kept->sessions[i].count;
    }
}

/* The two that were named, as `compare` would. */
static int show_sides(struct shown *shown, const struct tb_options *options, struct tb_error *error)
{
    const struct tb_side *old = &shown->kept.sides[0], *new = &shown->kept.sides[1];
    const struct tb_demand demand = tb_options_demand(options, tb_sides_look_share(old, new));
    const char *why = options->demand.force ? NULL : tb_sides_differ(old, new);
    struct tb_side *sides;

    if (why)
        return tb_failure(error,
                          "%s is not the same in '%s' and '%s': what differs need not come from "
                          "the change; --force compares them, and one report for each shows them",
                          why, old->name, new->name);
    sides = tb_alloc(2, sizeof *sides);
    sides[0] = *old;
    sides[1] = *new;
    sides[0].name = shown->old; /* the comparison has what they were given as */
    sides[1].name = shown->new;
    shown->sides[0] = sides;
    shown->count = 1;
    shown->views[0] = (struct tb_report_view){.sides = sides, .count = 2};
    tb_comparisons_add(&shown->views[0].comparisons, old, new, &demand);
    return 0;
}

/* Two names are two sides, unless one session has them both. */
static bool are_sides(const struct tb_kept *kept)
{
    return kept->side_count == 2 && kept->count > 1 &&
           !tb_side_is_part(&kept->sides[1], &kept->sides[0]);
}

static int show(struct shown *shown, const struct tb_options *options, struct tb_error *error)
{
    size_t most = shown->kept.count;

    shown->views = tb_alloc(most, sizeof *shown->views);
    shown->sides = tb_alloc(most, sizeof(struct tb_side *));
    shown->names = tb_alloc(most, sizeof(char *));
    if (are_sides(&shown->kept))
        return show_sides(shown, options, error);
    show_sessions(shown);
    return 0;
}

/* To stdout by "-"; main asks whether that took it all. */
static int put(const char *output, const char *page, size_t size, struct tb_error *error)
{
    int code;

    if (!strcmp(output, "-")) {
        (void)fwrite(page, 1, size, stdout);
        return 0;
    }
    code = tb_file_write(output, page, error);
    if (!code)
        tb_notice("the report is in '%s'", output);
    return code;
}

/* What tells the page from others: where and when the first of it was measured; the caller's. */
static char *title_of(const struct shown *shown)
{
    const struct tb_result *first = shown->views->sides->results[0];
    const char *host = tb_json_text(first->host, "name");
    const struct day day = day_of(first);

    return tb_print("threadbench report%s%s%s%s", host ? ", " : "", host ? host : "",
                    *day.text ? ", " : "", day.text);
}

/* A page without its figures is a page all the same, unless they were asked for. */
static int make(const struct shown *shown, const struct tb_options *options, struct tb_error *error)
{
    const char *output = output_of(options);
    tb_autofree char *page = NULL, *title = title_of(shown);
    size_t size = 0;
    struct tb_error why;
    const struct tb_report_page report = {
        .views = shown->views,
        .count = shown->count,
        .title = title,
        .svg = options->svg,
        .ret_page = &page,
        .ret_size = &size,
    };
    int code = tb_report_make(&report, &why);

    if (code > TB_FAILURE) { /* interrupted */
        *error = why;
        return code;
    }
    if (code && !options->svg)
        tb_notice("%s", why.text);
    if (put(output, page, size, error))
        return TB_FAILURE;
    if (code && options->svg)
        *error = why;
    return code && options->svg ? code : 0;
}

/* What a folder has and could not be read has been named already. */
static int check_damage(const struct tb_kept *kept, struct tb_error *error)
{
    size_t damaged = tb_kept_damaged(kept);

    if (!damaged)
        return 0;
    return tb_failure(
        error, "reported without %s that could not be read: remove or restore what was skipped",
        tb_text_count(damaged, "file").text);
}

int tb_command_report(struct tb_options *options, struct tb_error *error)
{
    const struct tb_places places = {options->archive, options->repo, options->host};
    char head[] = "HEAD";
    char *const usual[] = {head, NULL};
    tb_auto(shown_finish) struct shown shown = {.old = "old", .new = "new"};
    const char *output = output_of(options);
    int code = tb_output_spare("--output", output, options->operands, error);

    if (!code)
        code = tb_kept_read(&places, *options->operands ? options->operands : usual, &shown.kept,
                            error);
    if (!code)
        code = tb_output_spare_kept(output, &shown.kept, error);
    if (!code)
        code = show(&shown, options, error);
    if (!code)
        code = make(&shown, options, error);
    return code ? code : check_damage(&shown.kept, error);
}
