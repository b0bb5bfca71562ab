#include "report/headline.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"

/* What the line begins with, by enum tb_conclusion_kind. */
static const struct {
    const char *word;
    enum tb_ink ink;
} kinds[] = {
    [TB_CONCLUDE_INCONCLUSIVE] = {"INCONCLUSIVE", TB_INK_DOUBT},
    [TB_CONCLUDE_NO_REGRESSION] = {"NO REGRESSION", TB_INK_GOOD},
    [TB_CONCLUDE_REGRESSION] = {"REGRESSION", TB_INK_BAD},
};

/* The line while it is written, in memory. */
struct line {
    FILE *out;
    const struct tb_page *page;
    const struct tb_comparison *first;
    const struct tb_conclusion *conclusion;
    bool several; /* comparisons, so that cases need their side's name */
};

const char *tb_units_text(enum tb_unit unit, size_t count)
{
    static const char *const units[][2] = {
        [TB_UNIT_ROUND] = {"rounds", "round"},
        [TB_UNIT_SESSION] = {"runs a side", "run a side"},
        [TB_UNIT_REPETITION] = {"repetitions a side", "repetition a side"},
    };

    return units[unit][count == 1];
}

/* "create/call +6.4 % [5.9, 7.1]" */
static void put_finding(const struct line *line, const struct tb_finding *finding)
{
    const struct tb_effect *effect = &finding->test->effect;
    bool tail = finding->test == &finding->row->tail;
    tb_autofree char *side = tb_page_text(line->page, finding->comparison->new);
    tb_autofree char *name = tb_page_text(line->page, finding->row->name);
    tb_autofree char *statistic = tb_page_text(line->page, tail ? finding->test->statistic : "");

    /* In memory, as all below. */
    (void)fprintf(line->out, "%s%s%s%s%s %s", line->several ? side : "", line->several ? ": " : "",
                  name, tail ? " " : "", statistic,
                  tb_text_change_within(effect->ratio, effect->low, effect->high).text);
}

static void put_findings(const struct line *line)
{
    const struct tb_conclusion *conclusion = line->conclusion;

    for (size_t i = 0; i < conclusion->found; i++) {
        (void)fputs(i ? ", " : "", line->out);
        put_finding(line, &conclusion->findings[i]);
    }
    if (conclusion->of > conclusion->found)
        (void)fputs(line->page->utf8 ? ", \u2026" : ", ...", line->out);
}

/* " (about 35 s)", where that is known. */
static void put_seconds(const struct line *line)
{
    double seconds = ceil(line->conclusion->seconds_needed);

    if (seconds > 600)
        (void)fprintf(line->out, " (about %.0f min)", seconds / 60);
    else if (seconds > 0)
        (void)fprintf(line->out, " (about %.0f s)", seconds);
}

/* What would decide the cases that are inconclusive. */
static void put_need(const struct line *line)
{
    static const char *const instead[] = {
        [TB_UNIT_ROUND] = "fewer cases (--filter)",
        [TB_UNIT_SESSION] = "'threadbench ab'",
        [TB_UNIT_REPETITION] = "a larger --alpha",
    };
    const struct tb_conclusion *conclusion = line->conclusion;
    size_t have = conclusion->most, more = conclusion->units_needed;
    bool single = line->first->unit == TB_UNIT_ROUND && conclusion->counts.listed == 1;
    const char *other = single ? "a larger --alpha" : instead[line->first->unit];

    if (conclusion->powerless) {
        (void)fprintf(line->out,
                      "; %zu %s can give no alarm at alpha %.3g %%: %zu are needed, %zu more", have,
                      tb_units_text(line->first->unit, have), 100 * line->first->alpha,
                      conclusion->fewest, conclusion->fewest - have);
        put_seconds(line);
        (void)fprintf(line->out, ", or %s", other);
    } else if (more) {
        (void)fprintf(line->out, "; about %zu more %s", more,
                      tb_units_text(line->first->unit, more));
        put_seconds(line);
        (void)fputs(" would decide", line->out);
        if (conclusion->hopeless)
            (void)fprintf(line->out, " all but %zu", conclusion->hopeless);
        if (line->first->unit != TB_UNIT_REPETITION)
            (void)fprintf(line->out, ", or %s", other);
    } else {
        (void)fprintf(line->out, "; more %s would hardly decide, a larger --margin might",
                      tb_units_text(line->first->unit, 0));
    }
}

static void put_inconclusive(const struct line *line)
{
    static const char *const words[] = {
        [TB_ROW_FAILED] = "failed",
        [TB_ROW_UNCOMPARED] = "not compared",
        [TB_ROW_INCONCLUSIVE] = "inconclusive",
    };
    static const enum tb_row_state states[] = {TB_ROW_FAILED, TB_ROW_UNCOMPARED,
                                               TB_ROW_INCONCLUSIVE};
    const struct tb_verdict_counts *counts = &line->conclusion->counts;
    size_t all = counts->listed - counts->of[TB_ROW_MISSING];
    const char *between = "";

    if (!counts->listed)
        (void)fputs("there is no such case", line->out);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (!counts->of[states[i]])
            continue;
        (void)fprintf(line->out, "%s%zu of %zu %s", between, counts->of[states[i]], all,
                      words[states[i]]);
        between = ", ";
    }
    if (!counts->of[TB_ROW_INCONCLUSIVE])
        return;
    (void)fputs(", at worst ", line->out);
    put_finding(line, line->conclusion->findings);
    put_need(line);
}

static void put_no_regression(const struct line *line)
{
    const struct tb_verdict_counts *counts = &line->conclusion->counts;
    size_t faster = counts->of[TB_ROW_FASTER], same = counts->of[TB_ROW_SAME];

    if (faster) {
        (void)fprintf(line->out, "%zu of %zu faster: ", faster, counts->decided);
        put_findings(line);
        (void)fputs(same ? "; " : "", line->out);
    }
    if (same)
        (void)fprintf(line->out, "%s %zu within %.4g %%", faster ? "the other" : "each of", same,
                      100 * line->first->rule.margin);
}

/* " (2 failed)": what an alarm must not hide. */
static void put_lost(const struct line *line)
{
    const struct tb_verdict_counts *counts = &line->conclusion->counts;
    size_t failed = counts->of[TB_ROW_FAILED], uncompared = counts->of[TB_ROW_UNCOMPARED];

    if (failed && uncompared)
        (void)fprintf(line->out, " (%zu failed, %zu not compared)", failed, uncompared);
    else if (failed || uncompared)
        (void)fprintf(line->out, " (%zu %s)", failed + uncompared,
                      failed ? "failed" : "not compared");
}

static void put_regression(const struct line *line)
{
    const struct tb_verdict_counts *counts = &line->conclusion->counts;

    (void)fprintf(line->out, " in %zu of %zu", counts->of[TB_ROW_SLOWER],
                  counts->listed - counts->of[TB_ROW_MISSING]);
    put_lost(line);
    (void)fputs(": ", line->out);
    put_findings(line);
}

static void put_all(const struct line *line)
{
    const struct tb_conclusion *conclusion = line->conclusion;
    const struct tb_verdict_counts *counts = &conclusion->counts;
    bool regression = conclusion->kind == TB_CONCLUDE_REGRESSION;

    (void)fprintf(line->out, "%s%s", kinds[conclusion->kind].word, regression ? "" : ": ");
    if (regression)
        put_regression(line);
    else if (conclusion->kind == TB_CONCLUDE_NO_REGRESSION)
        put_no_regression(line);
    else
        put_inconclusive(line);
    if (counts->of[TB_ROW_MISSING])
        (void)fprintf(line->out, "%s%zu missing",
                      counts->listed > counts->of[TB_ROW_MISSING] ? "; " : "",
                      counts->of[TB_ROW_MISSING]);
    if (conclusion->runs_needed)
        (void)fprintf(line->out,
                      "; drift between the two runs is not accounted for ('threadbench ab', or %zu "
                      "more runs a side, would)",
                      conclusion->runs_needed);
    else if (line->first->drifts)
        (void)fputs("; drift between the two runs is not accounted for ('threadbench ab' would)",
                    line->out);
}

static char *text_of(const struct tb_page *page, const struct tb_comparisons *comparisons,
                     const struct tb_conclusion *conclusion)
{
    char *text;
    size_t size;
    const struct line line = {tb_open_text(&text, &size), page, comparisons->each, conclusion,
                              comparisons->count > 1};

    put_all(&line);
    (void)fclose(line.out); /* in memory */
    return text;
}

char *tb_headline_text(const struct tb_page *page, const struct tb_comparisons *comparisons)
{
    const struct tb_conclusion conclusion = tb_conclude(comparisons);

    return text_of(page, comparisons, &conclusion);
}

void tb_headline_put(const struct tb_page *page, const struct tb_comparisons *comparisons)
{
    const struct tb_conclusion conclusion = tb_conclude(comparisons);
    tb_autofree char *text = text_of(page, comparisons, &conclusion);
    struct tb_page whole = *page;

    if (!page->terminal)
        whole.width = SIZE_MAX;
    tb_page_line_in(&whole, kinds[conclusion.kind].ink, strlen(kinds[conclusion.kind].word), 4,
                    page->markdown ? "**%s**" : "%s", text);
    (void)fputc('\n', page->out); /* the caller asks ferror() */
}

cJSON *tb_headline_json(const struct tb_comparison *comparison)
{
    struct tb_comparison one = *comparison;
    const struct tb_comparisons comparisons = {&one, 1};
    const struct tb_conclusion conclusion = tb_conclude(&comparisons);
    const struct tb_page plain = {.utf8 = true};
    tb_autofree char *text = text_of(&plain, &comparisons, &conclusion);
    cJSON *object = cJSON_CreateObject();

    tb_json_set_text(object, "verdict", tb_conclusion_names[conclusion.kind]);
    tb_json_set_text(object, "text", text);
    tb_json_set_text(object, "worst",
                     conclusion.found && conclusion.kind != TB_CONCLUDE_NO_REGRESSION
                         ? conclusion.findings[0].row->name
                         : NULL);
    tb_json_set_number(object, "pairs_needed",
                       conclusion.units_needed ? (double)conclusion.units_needed : NAN);
    tb_json_set_number(object, "seconds_needed", conclusion.seconds_needed);
    tb_json_set_number(object, "runs_needed",
                       conclusion.runs_needed ? (double)conclusion.runs_needed : NAN);
    return object;
}
