/* A document as a page of HTML. */
#include "fuzz.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "document/recall.h"
#include "report/html/report_page.h"
#include "run/reaper.h"
#include "run/worker.h"
#include "util/memory.h"

/* In the place of the library's: there is no gnuplot, and nothing that it would leave behind. Among
 * a process's children is also the program by which libFuzzer names functions. */
struct tb_ending tb_worker_run(const struct tb_job *job)
{
    (void)job;
    return (struct tb_ending){.end = TB_UNSTARTED, .number = ENOENT};
}

bool tb_reaper_end(void)
{
    return false;
}

void tb_reaper_spare(pid_t pid)
{
    (void)pid;
}

/* Of the document beside itself. Without gnuplot: its script is made, and the page is whole. */
static char *page_of(const struct tb_document *document)
{
    static char name[] = "a <side>";
    const struct tb_result *results[] = {&document->result};
    struct tb_side sides[] = {{results, 1, name}, {results, 1, name}};
    const struct tb_demand demand = {.margin = 0.02, .alpha = 0.001};
    struct tb_report_view view = {.name = "a <view>", .sides = sides, .count = 2};
    char *page = NULL;
    size_t size;
    const struct tb_report_page report = {&view, 1, "a <title>", NULL, &page, &size};
    struct tb_error error;

    tb_comparisons_add(&view.comparisons, &sides[0], &sides[1], &demand);
    (void)tb_report_make(&report, &error); /* there are no figures: the page has that as a notice */
    tb_comparisons_finish(&view.comparisons);
    assert(page && size == strlen(page));
    return page;
}

static size_t count_of(const char *page, const char *mark)
{
    size_t count = 0;

    for (; (page = strstr(page, mark)) != NULL; page++)
        count++;
    return count;
}

/* Whatever is in the document, the page has the script that is its own and no other. */
void tb_fuzz_report(char *text, size_t size)
{
    struct tb_document document;
    struct tb_error error;
    char *copy = tb_copy_part(text, size);
    tb_autofree char *page = NULL;

    if (tb_document_parse("document", copy, strlen(copy), false, &document, &error))
        return;
    tb_document_recall(&document);
    page = page_of(&document);
    assert(count_of(page, "<script") == 1 && count_of(page, "</html>") == 1);
    tb_document_finish(&document);
}
