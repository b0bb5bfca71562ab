#include "report/session_page.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "document/counts.h"
#include "document/write.h"
#include "report/break_even_table.h"
#include "report/circumstances.h"
#include "report/compare_table.h"
#include "report/cost_card.h"
#include "report/python_table.h"
#include "report/reasons.h"
#include "report/result_table.h"
#include "util/memory.h"

static bool is_interpreter(const struct tb_result *result)
{
    return tb_subject_python(result->subject) != NULL;
}

size_t tb_first_interpreter(const struct tb_result *results, size_t count)
{
    size_t first = count;

    while (first && is_interpreter(&results[first - 1]))
        first--;
    return first;
}

bool tb_has_interpreters(const struct tb_result *results, size_t count)
{
    return count >= tb_first_interpreter(results, count) + 2;
}

/* Of what was measured, and why there is not more. */
static void put_head(const struct tb_page *lines, const struct tb_result *results, size_t count)
{
    tb_circumstances_put(lines, results, count);
    (void)fputc('\n', lines->out); /* the caller asks ferror() */
}

static void put_end(const struct tb_page *lines, const struct tb_result *results, size_t count)
{
    const char *name = sigabbrev_np(results->signal);

    tb_reasons_put(lines, results, count);
    if (results->signal)
        tb_page_line_in(lines, TB_INK_DOUBT, SIZE_MAX, 4,
                        "interrupted by SIG%s: this is what was measured until then",
                        name ? name : "?");
}

/* What a case costs in more, and all of them in one. */
static void put_costs(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const struct tb_page lines = tb_page_verbatim(page);

    for (size_t i = 0; i < count; i++)
        tb_scaling_put(&lines, &results[i]);
    for (size_t i = 0; i < count; i++)
        tb_card_put(page, &results[i]);
    for (size_t i = 0; i < count; i++)
        tb_break_even_put(page, &results[i]);
}

void tb_figures_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const struct tb_page lines = tb_page_verbatim(page);

    put_head(&lines, results, count);
    tb_result_table_put(page, results, count);
    put_end(&lines, results, count);
    put_costs(page, results, count);
}

/* Their ratios come first; figures follow where they are asked for, and of other subjects. What was
 * counted of them is in the table of figures. */
static void put_interpreters(const struct tb_page *page, const struct tb_result *results,
                             size_t count, bool figures)
{
    size_t first = tb_first_interpreter(results, count);
    bool all = figures || first > 0;

    put_head(page, results, count);
    tb_python_table_put(page, results + first, count - first);
    put_end(page, results, count);
    if (!all && !tb_counts_asked(results, count))
        return;
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    tb_result_table_put(page, results, count);
    if (all)
        put_costs(page, results, count);
}

/* In Markdown, which has their ratios alone, unless they were counted. */
static void put_ratios(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    size_t first = tb_first_interpreter(results, count);

    tb_python_table_put(page, results + first, count - first);
    if (!tb_counts_asked(results, count))
        return;
    (void)fputc('\n', page->out); /* as above */
    tb_result_table_put(page, results, count);
}

static void put_text(char *text)
{
    tb_autofree char *whole = text;

    (void)fputs(whole, stdout); /* the caller asks ferror() */
}

void tb_results_put(const struct tb_result *results, size_t count, enum tb_format format,
                    bool verbose)
{
    const struct tb_page page = tb_page_of(format);
    size_t first = tb_first_interpreter(results, count);
    bool interpreters = count >= first + 2;

    if (format == TB_CSV)
        put_text(tb_csv(results, count));
    else if (format == TB_JSON && interpreters)
        tb_python_json_put(results + first, count - first);
    else if (format == TB_JSON)
        put_text(tb_document_text(results));
    else if (!interpreters)
        tb_figures_put(&page, results, count);
    else if (format == TB_TABLE)
        put_interpreters(&page, results, count, verbose);
    else
        put_ratios(&page, results, count);
}

/* A session that is judged. */
struct judged {
    const struct tb_result *results;
    size_t count;
};

static void put_judged(const struct tb_page *page, const void *user)
{
    const struct judged *judged = user;
    const struct tb_result *first = judged->results;

    tb_subjects_put(page, first, judged->count);
    for (size_t i = 0; i < judged->count; i++)
        tb_subject_warnings_put(page, first[i].subject);
    tb_page_line(page, 9, "run      %s of fresh processes, seed %llu; stopped: %s",
                 tb_text_count(first->finished_rounds, "round").text,
                 (unsigned long long)first->settings->seed, tb_stop_texts[first->stop]);
}

void tb_judged_put(const struct tb_result *results, size_t count,
                   const struct tb_comparisons *comparisons, enum tb_format format)
{
    const struct judged judged = {results, count};

    tb_comparisons_put(comparisons, format, put_judged, &judged);
}
