#include "report/compare_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/conclusion.h"
#include "report/headline.h"
#include "report/table.h"
#include "report/verdict_text.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* Columns of the table, in their order. */
enum column {
    NAME,
    OLD,
    STATISTIC,
    CHANGE,
    INTERVAL,
    VERDICT,
    MDE,
    SHIFT,
    NOTE = SHIFT + TB_SHIFTS
};

/* Which go where there is too little room, the first of them first. */
static const size_t spare[] = {SHIFT, SHIFT + 1, SHIFT + 2, STATISTIC,
                               MDE,   SHIFT + 3, OLD,       INTERVAL};

/* Half the width of a change's interval; NaN where there is none. */
static double half_of(const struct tb_effect *effect)
{
    return (effect->high - effect->low) / 2;
}

static enum tb_ink ink_of(const struct tb_compared *row)
{
    static const enum tb_ink inks[TB_ROW_STATES] = {
        [TB_ROW_SLOWER] = TB_INK_BAD,         [TB_ROW_FASTER] = TB_INK_GOOD,
        [TB_ROW_INCONCLUSIVE] = TB_INK_DOUBT, [TB_ROW_UNCOMPARED] = TB_INK_DOUBT,
        [TB_ROW_FAILED] = TB_INK_BAD,         [TB_ROW_MISSING] = TB_INK_FAINT,
    };

    return inks[tb_row_state(row)];
}

/* How many rows there are of each kind, as a sentence; the caller's. */
static char *sum_of(const struct tb_comparison *comparison)
{
    enum { tails = TB_FASTER + 1, missing, kinds };
    static const char *const words[kinds] = {
        [TB_SLOWER] = "slower",
        [TB_FASTER] = "faster",
        [TB_SAME] = "same",
        [TB_INCONCLUSIVE] = "inconclusive",
        [tails] = "with another tail",
        [missing] = "missing",
    };
    static const int order[kinds] = {TB_SLOWER,       TB_FASTER, TB_SAME,
                                     TB_INCONCLUSIVE, tails,     missing};
    size_t counts[kinds] = {0}, size;
    char *text;
    FILE *line = tb_open_text(&text, &size);
    const char *between = "";

    for (size_t i = 0; i < comparison->count; i++) {
        const struct tb_compared *row = &comparison->rows[i];

        counts[row->reason ? missing : tb_reports_tail(row) ? tails : (int)row->test.verdict]++;
    }
    for (size_t i = 0; i < kinds; i++) {
        if (!counts[order[i]])
            continue;
        (void)fprintf(line, "%s%zu %s", between, counts[order[i]], words[order[i]]); /* in memory */
        between = ", ";
    }
    (void)fprintf(line, " (margin %.4g %%, chance of any false alarm at most %.3g %%%s)",
                  100 * comparison->rule.margin, 100 * comparison->alpha,
                  comparison->drifts ? ", drift aside" : ""); /* likewise */
    (void)fclose(line);                                       /* likewise */
    return text;
}

/* What a case that could be compared has shown. */
static void fill_figures(const struct tb_page *page, const struct tb_compared *row,
                         struct libscols_line *line)
{
    const struct tb_effect *effect = &row->test.effect;

    tb_table_set(line, STATISTIC, row->test.statistic);
    tb_table_set(line, CHANGE, tb_effect_text(effect).text);
    tb_table_ink(page, line, CHANGE, TB_INK_STRONG);
    tb_table_set(line, INTERVAL, tb_text_changes(effect->low, effect->high).text);
    tb_table_set(line, MDE, tb_text_change(effect->mde, NAN).text);
    for (size_t i = 0; i < TB_SHIFTS; i++)
        tb_table_set(line, SHIFT + i, tb_text_change(row->shifts[i], NAN).text);
}

static void fill_line(const struct tb_page *page, const struct tb_comparison *comparison,
                      const struct tb_compared *row, struct libscols_line *line)
{
    tb_autofree char *note = tb_verdict_note(comparison, row, true);
    double half = row->reason ? NAN : half_of(&row->test.effect) / row->test.effect.ratio;

    for (size_t i = STATISTIC; i < NOTE; i++)
        tb_table_set(line, i, "-");
    tb_table_set(line, NAME, row->name);
    tb_table_set(line, OLD,
                 tb_text_within(page, row->unit, row->old_value, half * row->old_value).text);
    if (!row->reason)
        fill_figures(page, row, line);
    tb_table_set(line, VERDICT, tb_verdict_text(row));
    if (row->test.verdict >= TB_SLOWER || tb_reports_tail(row))
        tb_table_bold(line, VERDICT);
    tb_table_ink(page, line, VERDICT, ink_of(row));
    tb_table_set(line, NOTE, note);
}

static void put_table(const struct tb_page *page, const struct tb_comparison *comparison)
{
    const struct {
        const char *name;
        int flags;
    } columns[] = {{"case", SCOLS_FL_WRAP},
                   {"old", SCOLS_FL_RIGHT},
                   {"statistic", 0},
                   {"change", SCOLS_FL_RIGHT},
                   {"95 % CI", SCOLS_FL_RIGHT},
                   {comparison->drifts ? "verdict*" : "verdict", 0},
                   {"MDE", SCOLS_FL_RIGHT},
                   {"p10", SCOLS_FL_RIGHT},
                   {"p50", SCOLS_FL_RIGHT},
                   {"p90", SCOLS_FL_RIGHT},
                   {"p99", SCOLS_FL_RIGHT},
                   {"note", page->markdown ? 0 : SCOLS_FL_HIDDEN}};
    struct libscols_table *table = tb_page_table(page);

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        tb_table_column(table, columns[i].name, columns[i].flags);
    for (size_t i = 0; i < comparison->count; i++)
        fill_line(page, comparison, &comparison->rows[i], scols_table_new_line(table, NULL));
    tb_page_put_fitted(page, table, spare, sizeof spare / sizeof *spare);
}

static void put_caption(const struct tb_page *page, const struct tb_comparison *comparison)
{
    tb_autofree char *old = tb_page_text(page, comparison->old);
    tb_autofree char *new = tb_page_text(page, comparison->new);

    if (page->markdown)
        tb_page_line(page, 0, "**threadbench**: %s → %s", old, new);
    else
        tb_page_line(page, 9, "old      %s", old);
    if (!page->markdown)
        tb_page_line(page, 9, "new      %s", new);
    (void)fputc('\n', page->out); /* the caller asks ferror(), here and below */
}

/* Notes of all rows; NULL where there is nothing to note. */
struct notes {
    const struct tb_comparison *comparison;
    char **texts;
};

static bool is_same_note(const struct notes *notes, size_t one, size_t other)
{
    const struct tb_compared *rows = notes->comparison->rows;

    return tb_same(notes->texts[one], notes->texts[other]) &&
           !strcmp(tb_verdict_text(&rows[one]), tb_verdict_text(&rows[other]));
}

/* The columns that the names of all rows with the same note take. */
static size_t names_width(const struct notes *notes, size_t index)
{
    const struct tb_compared *rows = notes->comparison->rows;
    size_t width = 0;

    for (size_t i = index; i < notes->comparison->count; i++) {
        if (is_same_note(notes, i, index))
            width += tb_columns(rows[i].name, strlen(rows[i].name)) + (width ? 2 : 0);
    }
    return width;
}

/* These names, but so many that they take no more columns than `room`, and one in any case; the
 * caller's. */
static char *names_of(const struct notes *notes, size_t index, size_t room)
{
    static const char more[] = " and 9999 more";
    const struct tb_compared *rows = notes->comparison->rows;
    size_t width = names_width(notes, index) > room ? strlen(more) : 0;
    size_t count = 0, named = 0, size;
    char *text;
    FILE *list = tb_open_text(&text, &size);

    for (size_t i = index; i < notes->comparison->count; i++) {
        if (!is_same_note(notes, i, index))
            continue;
        width += tb_columns(rows[i].name, strlen(rows[i].name)) + (named ? 2 : 0);
        if (named == count++ && (!named || width <= room))
            (void)fprintf(list, "%s%s", named++ ? ", " : "", rows[i].name); /* in memory */
    }
    if (count > named)
        (void)fprintf(list, " and %zu more", count - named); /* likewise */
    (void)fclose(list);                                      /* likewise */
    return text;
}

/* Whether a note is one line with the name of its row. */
static bool fits(const struct tb_page *page, const struct tb_compared *row, const char *text)
{
    size_t name = tb_columns(row->name, strlen(row->name));

    return strlen(tb_verdict_text(row)) + name + strlen(text) + 3 <= page->width;
}

/* The note on a row, on a line of its own for all rows that have the same. */
static void put_note(const struct tb_page *page, const struct notes *notes, size_t index)
{
    const struct tb_compared *row = &notes->comparison->rows[index];
    const char *verdict = tb_verdict_text(row);
    bool brief =
        ink_of(row) == TB_INK_DOUBT && !row->reason && !fits(page, row, notes->texts[index]);
    tb_autofree char *text =
        brief ? tb_verdict_note(notes->comparison, row, false) : tb_copy(notes->texts[index]);
    size_t taken = strlen(verdict) + tb_columns(text, strlen(text)) + 3;
    tb_autofree char *names = names_of(notes, index, page->width > taken ? page->width - taken : 0);

    tb_page_line_in(page, ink_of(row), strlen(verdict), 4, "%s %s: %s", verdict, names, text);
}

static void put_notes(const struct tb_page *page, const struct tb_comparison *comparison)
{
    struct notes notes = {comparison, tb_alloc(comparison->count, sizeof *notes.texts)};

    for (size_t i = 0; i < comparison->count; i++)
        notes.texts[i] = tb_verdict_note(comparison, &comparison->rows[i], true);
    for (size_t i = 0; i < comparison->count; i++) {
        size_t first = 0;

        while (!is_same_note(&notes, first, i))
            first++;
        if (notes.texts[i] && first == i)
            put_note(page, &notes, i);
    }
    for (size_t i = 0; i < comparison->count; i++)
        free(notes.texts[i]);
    free(notes.texts);
}

/* In how many cases the rounds depended on each other. */
static void put_correlation(const struct tb_page *page, const struct tb_comparison *comparison)
{
    double most = 0;
    size_t count = 0;

    for (size_t i = 0; i < comparison->count; i++) {
        double found = comparison->rows[i].test.effect.correlation;

        count += found > 0;
        most = fmax(most, found);
    }
    if (count)
        tb_page_line(page, 4,
                     "neighbouring rounds are correlated in %s (by up to %.2f), so pairs count for "
                     "fewer",
                     tb_text_count(count, "case").text, most);
}

/* What else differs between the sides than the change, and what does not. */
static void put_sides(const struct tb_page *page, const struct tb_comparison *comparison)
{
    if (comparison->unit == TB_UNIT_SESSION)
        tb_page_line(page, 4,
                     "the sides are not of one session: each session counts as one value, because "
                     "the machine may differ between sessions; 'threadbench ab' interleaves both");
    if (comparison->drifts)
        tb_page_line(page, 4,
                     "%s drift between the two runs is not accounted for: the sides are not of one "
                     "session, and whatever else changed between the two counts as the change",
                     page->markdown ? "\\*" : "*");
    if (comparison->same_program)
        tb_page_line(page, 4,
                     "both sides run the same program, byte for byte: only how it is run can "
                     "differ");
    if (comparison->left_out)
        tb_page_line(
            page, 4, "%s left out: %s", tb_text_count(comparison->left_out, "document").text,
            comparison->unit == TB_UNIT_ROUND ? "nothing on the other side is of their session"
                                              : "their sessions already count once");
}

void tb_comparison_put(const struct tb_page *page, const struct tb_comparison *comparison)
{
    tb_autofree char *sum = sum_of(comparison);

    put_caption(page, comparison);
    put_table(page, comparison);
    if (page->markdown)
        (void)fputc('\n', page->out);
    else
        put_notes(page, comparison);
    put_correlation(page, comparison);
    put_sides(page, comparison);
    tb_page_line(page, 4, "%s", sum);
}

static void add_effect(cJSON *object, const struct tb_effect *effect)
{
    tb_json_set_number(object, "pairs", (double)effect->pairs);
    tb_json_set_number(object, "ratio", effect->ratio);
    tb_json_set_number(object, "low", effect->low);
    tb_json_set_number(object, "high", effect->high);
    tb_json_set_number(object, "correlation", effect->correlation);
    tb_json_set_number(object, "p_slower", effect->p_slower);
    tb_json_set_number(object, "p_faster", effect->p_faster);
    tb_json_set_number(object, "p_same", effect->p_same);
    tb_json_set_number(object, "mde", effect->mde);
    tb_json_set_number(object, "pairs_needed",
                       effect->pairs_needed ? (double)effect->pairs_needed : NAN);
}

static cJSON *row_json(const struct tb_compared *row)
{
    cJSON *item = cJSON_CreateObject(), *shifts;

    tb_json_set_text(item, "name", row->name);
    tb_json_set_text(item, "reason", row->reason);
    if (row->reason)
        return item;
    tb_json_set_text(item, "verdict", tb_verdict_names[row->test.verdict]);
    tb_json_set_text(item, "statistic", row->test.statistic);
    tb_json_set_text(item, "unit", *row->unit ? row->unit : row->test.statistic);
    tb_json_set_number(item, "old_ns", row->old_value); /* published when all were times */
    tb_json_set_number(item, "new_ns", row->new_value);
    add_effect(item, &row->test.effect);
    if (row->tail.statistic) {
        cJSON *tail = tb_json_set_object(item, "tail");

        tb_json_set_text(tail, "statistic", row->tail.statistic);
        tb_json_set_text(tail, "verdict", tb_verdict_names[row->tail.verdict]);
        add_effect(tail, &row->tail.effect);
    }
    shifts = tb_json_set_object(item, "shifts");
    for (size_t i = 0; i < TB_SHIFTS; i++) {
        tb_autofree char *key = tb_print("p%g", tb_shift_percents[i]);

        tb_json_set_number(shifts, key, row->shifts[i]);
    }
    return item;
}

cJSON *tb_comparison_json(const struct tb_comparison *comparison)
{
    cJSON *root = cJSON_CreateObject(), *list;

    tb_json_set_text(root, "schema", "threadbench-comparison");
    tb_json_set_number(root, "version", 2);
    tb_json_set_text(root, "old", comparison->old);
    tb_json_set_text(root, "new", comparison->new);
    tb_json_set(root, "conclusion", tb_headline_json(comparison));
    tb_json_set_number(root, "margin", comparison->rule.margin);
    tb_json_set_number(root, "alpha", comparison->alpha);
    tb_json_set_number(root, "look_alpha_share", comparison->look_share);
    tb_json_set_text(root, "metric", tb_metric_names[comparison->metric]);
    tb_json_set_text(root, "unit", tb_unit_names[comparison->unit]);
    tb_json_set_flag(root, "paired", comparison->unit == TB_UNIT_ROUND);
    tb_json_set_flag(root, "drift_accounted_for", !comparison->drifts);
    tb_json_set_flag(root, "same_program", comparison->same_program);
    tb_json_set_number(root, "left_out", (double)comparison->left_out);
    list = tb_json_set_array(root, "cases");
    for (size_t i = 0; i < comparison->count; i++)
        tb_json_add(list, row_json(&comparison->rows[i]));
    return root;
}

static void put_json(const struct tb_comparisons *comparisons)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < comparisons->count; i++)
        tb_json_add(list, tb_comparison_json(&comparisons->each[i]));
    tb_json_put(stdout, list);
}

void tb_comparisons_put(const struct tb_comparisons *comparisons, enum tb_format format,
                        void (*head)(const struct tb_page *page, const void *user),
                        const void *user)
{
    struct tb_page page = tb_page_of(format);

    if (format == TB_JSON) {
        put_json(comparisons);
        return;
    }
    tb_headline_put(&page, comparisons);
    if (format == TB_TABLE && head)
        head(&page, user);
    for (size_t i = 0; i < comparisons->count; i++) {
        if (i)
            (void)putchar('\n'); /* the caller asks ferror() */
        tb_comparison_put(&page, &comparisons->each[i]);
    }
}
