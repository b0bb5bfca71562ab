#include "document/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/series.h"
#include "util/json.h"
#include "util/memory.h"

/* What is looked at in an entry, each by its key. */
enum member {
    NAME,
    RUN_NAME,
    RUN_TYPE,
    AGGREGATE_NAME,
    ERROR_OCCURRED,
    WAS_SKIPPED,
    TIME_UNIT,
    REAL_TIME,
    CPU_TIME,
    MEAN,
    ROUND,
    ORDER,
    WALL_MS,
    PRESSURE,
    OTHER_SHARE,
    STEAL_SHARE,
    MEMBERS,
};

#define KEY(text)                                                                                  \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }
static const struct tb_span keys[MEMBERS] = {
    KEY("name"),           KEY("run_name"),        KEY("run_type"),
    KEY("aggregate_name"), KEY("error_occurred"),  KEY("skipped"),
    KEY("time_unit"),      KEY("real_time"),       KEY("cpu_time"),
    KEY("mean"),           KEY("round"),           KEY("order"),
    KEY("wall_ms"),        KEY("cpu_pressure_us"), KEY("other_cpu_share"),
    KEY("steal_share"),
};

void tb_draft_finish(struct tb_draft *draft)
{
    for (size_t i = 0; i < draft->case_count; i++)
        tb_series_finish(&draft->series[i]);
    free(draft->series);
    free(draft->entries);
    cJSON_Delete(draft->cases);
    cJSON_Delete(draft->context);
    *draft = (struct tb_draft){0};
}

static bool is_same(const struct tb_span *a, const struct tb_span *b)
{
    return a->size == b->size && !memcmp(a->text, b->text, a->size);
}

bool tb_entry_is_like(const struct tb_entry *a, const struct tb_entry *b)
{
    return is_same(&a->name, &b->name);
}

static bool is_text(const struct tb_span *value)
{
    return value->size && *value->text == '"';
}

/* The first member of each key, and all of the object. */
static struct tb_span find_members(struct tb_scan *scan, struct tb_span *members)
{
    struct tb_span whole = {.text = scan->at}, key;

    for (bool first = true; tb_scan_member(scan, &first, &key);) {
        struct tb_span value = tb_scan_skip(scan);
        size_t i = 0;

        while (i < MEMBERS && !is_same(&keys[i], &key))
            i++;
        if (i < MEMBERS && !members[i].size)
            members[i] = value;
    }
    if (!scan->wrong)
        whole.size = (size_t)(scan->at - whole.text);
    return whole;
}

/* Of a document of ours; NaN, which is that of another program, is none. */
static bool is_round(double number)
{
    return number >= 0 && number < TB_MOST_ROUNDS && number == floor(number);
}

static struct tb_entry read_entry(struct tb_scan *scan)
{
    struct tb_span members[MEMBERS] = {0};
    struct tb_span whole = find_members(scan, members);
    bool is_measured = !members[ERROR_OCCURRED].size && !members[WAS_SKIPPED].size;
    double numbers[MEMBERS];

    for (size_t i = 0; i < MEMBERS; i++)
        numbers[i] = tb_span_number(&members[i]);
    return (struct tb_entry){
        .name = members[is_text(&members[RUN_NAME]) ? RUN_NAME : NAME],
        .is_aggregate = tb_span_is(&members[RUN_TYPE], "\"aggregate\""),
        .is_fit = tb_span_is(&members[AGGREGATE_NAME], "\"BigO\"") ||
                  tb_span_is(&members[AGGREGATE_NAME], "\"RMS\""),
        .is_measured = is_measured,
        .is_plain = is_measured && tb_span_is(&members[TIME_UNIT], "\"ns\"") &&
                    isfinite(numbers[REAL_TIME]) && isfinite(numbers[CPU_TIME]),
        .has_round = is_round(numbers[ROUND]),
        .repetition =
            {
                .round = is_round(numbers[ROUND]) ? (unsigned)numbers[ROUND] : 0,
                .order = isfinite(numbers[ORDER]) ? (unsigned)fabs(fmod(numbers[ORDER], 1e9)) : 0,
                .entry = whole,
                /* In a document of ours what decides stands in real_time's place, the mean beside
                 * it. */
                .mean_ns = numbers[members[MEAN].size ? MEAN : REAL_TIME],
                .wall_s = numbers[WALL_MS] / 1e3,
                .load = {numbers[PRESSURE], numbers[OTHER_SHARE], numbers[STEAL_SHARE]},
            },
    };
}

static int read_entries(const char *what, struct tb_scan *scan, struct tb_draft *draft,
                        struct tb_error *error)
{
    size_t *count = &draft->entry_count;

    for (bool first = true; tb_scan_item(scan, &first);) {
        if (!(*count & (*count - 1))) /* room for twice as many, at powers of two */
            draft->entries = tb_grow(draft->entries, 2 * *count + 1, sizeof *draft->entries);
        draft->entries[*count] = read_entry(scan);
        if (!is_text(&draft->entries[*count].name))
            return tb_failure(error, "%s: entry %zu has no name", what, *count + 1);
        *count += !draft->entries[*count].is_fit; /* which is of none of them */
    }
    return 0;
}

static int read_cases(const char *what, struct tb_scan *scan, struct tb_draft *draft,
                      struct tb_error *error)
{
    int code = 0;

    draft->cases = cJSON_CreateArray();
    for (bool first = true; !code && tb_scan_item(scan, &first);) {
        cJSON *item = tb_scan_tree(scan); /* NULL where the text ends as damaged */

        if (!(draft->case_count & (draft->case_count - 1)))
            draft->series =
                tb_grow(draft->series, 2 * draft->case_count + 1, sizeof *draft->series);
        code = tb_series_take(what, item, &draft->series[draft->case_count++], error);
        tb_json_add(draft->cases, item);
    }
    return code;
}

int tb_draft_read(const char *what, const char *text, size_t size, struct tb_draft *draft,
                  struct tb_error *error)
{
    struct tb_scan scan = tb_scan_of(text, size);
    bool listed = false;
    struct tb_span key;
    int code = 0;

    for (bool first = true; !code && tb_scan_member(&scan, &first, &key);) {
        if (tb_span_is(&key, "context") && !draft->context)
            draft->context = tb_scan_tree(&scan);
        else if (tb_span_is(&key, "benchmarks") && *scan.at == '[' && (listed = true))
            code = read_entries(what, &scan, draft, error);
        else if (tb_span_is(&key, "threadbench_cases") && *scan.at == '[' && !draft->cases)
            code = read_cases(what, &scan, draft, error);
        else
            (void)tb_scan_skip(&scan); /* of other programs */
    }
    if (!code && !listed)
        code = tb_failure(error, "%s: no list of benchmarks in it", what);
    return tb_scan_end(&scan, what, code, error);
}
