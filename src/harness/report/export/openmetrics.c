/*
 * OpenMetrics: what Prometheus scrapes or loads. Of one document the present state, without times,
 * as node_exporter's textfile collector wants it; of several each value with its run's time, to be
 * loaded as the past. Families, and within them the points of one metric, have to stand together,
 * so all is kept until the end.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/export/run.h"
#include "util/memory.h"
#include "util/sanitize.h"

enum family { VALUE, LOW, HIGH, RUN, CASES, FAMILIES };

struct point {
    enum family family;
    const char *suffix; /* of the family's name: the unit */
    char *labels;       /* owned */
    double number;
    time_t time;
};

struct points {
    struct point *each;
    size_t count;
};

static void begin(struct tb_export *export)
{
    export->kept = tb_alloc(1, sizeof(struct points));
}

/* `,NAME="text"`, with what would end the text or its line escaped; nothing for NULL. */
static void put_label(FILE *out, const char *name, const char *text)
{
    tb_autofree char *clean = tb_copy(text);

    if (!clean)
        return;
    tb_sanitize(clean, strlen(clean));
    (void)fprintf(out, "%s%s=\"", ftell(out) ? "," : "", name); /* in memory, as below */
    for (const char *at = clean; *at; at++) {
        if (*at == '\n')
            (void)fputs("\\n", out);
        else
            (void)fprintf(out, strchr("\\\"", *at) ? "\\%c" : "%c",
                          strchr("\t\r", *at) ? '?' : *at);
    }
    (void)fputc('"', out);
}

/* What every sample has, and up to two labels of its own. */
static char *labels_of(const struct tb_export_run *run, const char *const (*own)[2], size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; i < count; i++)
        put_label(out, own[i][0], own[i][1]);
    put_label(out, "host", run->host);
    put_label(out, "label", run->label);
    (void)fclose(out);
    return text;
}

static void keep(struct points *points, const struct point *point)
{
    if (!(points->count & (points->count - 1))) /* room for twice as many, at powers of two */
        points->each =
            tb_grow(points->each, points->count ? 2 * points->count : 1, sizeof *points->each);
    points->each[points->count++] = *point;
}

struct scale {
    const char *suffix;
    double factor; /* to what the suffix says */
};

/* Prometheus counts in seconds. */
static struct scale scale_of(const char *unit)
{
    if (!strcmp(unit, "ns"))
        return (struct scale){"seconds", 1e-9};
    return (struct scale){strcmp(unit, "bytes") ? "value" : "bytes", 1};
}

static void add_case(struct points *points, const struct tb_export_run *run,
                     const struct tb_export_case *item)
{
    struct scale scale = scale_of(item->unit);
    bool is_named = strcmp(scale.suffix, "value") != 0;
    const char *const own[][2] = {{"case", item->name},
                                  {"statistic", item->statistic},
                                  {"unit", is_named ? NULL : item->unit}};
    const double numbers[] = {item->value.median, item->value.low, item->value.high};

    for (enum family family = VALUE; family <= HIGH; family++) {
        if (!isnan(numbers[family]))
            keep(points, &(struct point){family, scale.suffix, labels_of(run, own, 3),
                                         numbers[family] * scale.factor, run->time});
    }
}

static void add_run(struct points *points, const struct tb_export_run *run)
{
    const char *const own[][2] = {
        {"commit", run->commit},     {"dirty", run->dirty ? "true" : "false"},
        {"kernel", run->kernel},     {"libc", run->libc},
        {"compiler", run->compiler}, {"run_id", run->result->run_id},
    };

    keep(points,
         &(struct point){RUN, "", labels_of(run, own, sizeof own / sizeof *own), 1, run->time});
}

/* How many cases came to what. */
static void add_counts(struct points *points, const struct tb_export_run *run)
{
    static const char *const outcomes[] = {"ok", "skipped", "failed", "pending"};

    for (size_t k = 0; k < sizeof outcomes / sizeof *outcomes; k++) {
        const char *const own[][2] = {{"outcome", outcomes[k]}};
        double count = 0;

        for (size_t i = 0; i < run->result->count; i++) {
            const struct tb_record *record = &run->result->records[i];

            count += record->role == TB_SELECTED && !strcmp(tb_record_outcome(record), outcomes[k]);
        }
        keep(points, &(struct point){CASES, "", labels_of(run, own, 1), count, run->time});
    }
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    struct points *points = export->kept;

    (void)error; /* nothing can go wrong */
    for (size_t i = 0; i < run->count; i++)
        add_case(points, run, &run->cases[i]);
    add_run(points, run);
    add_counts(points, run);
    export->values += run->count;
    return 0;
}

static int by_place(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    int order = strcmp(a->suffix, b->suffix);

    if (!order)
        order = (int)a->family - (int)b->family;
    if (!order)
        order = strcmp(a->labels, b->labels);
    return order ? order : (a->time > b->time) - (a->time < b->time);
}

static char *name_of(const struct point *point)
{
    static const char *const names[FAMILIES] = {"threadbench_case_", "threadbench_case_low_",
                                                "threadbench_case_high_", "threadbench_run",
                                                "threadbench_cases"};

    return tb_print("%s%s", names[point->family], point->suffix);
}

static void put_head(FILE *out, const struct point *point, const char *name)
{
    static const char *const helps[FAMILIES] = {
        "The median over processes of a case.", "The lower end of its interval.",
        "The upper end of its interval.",       "What was measured.",
        "How many cases came to what.",
    };

    (void)fprintf(out, "# TYPE %s %s\n", name, point->family == RUN ? "info" : "gauge");
    if (point->family <= HIGH && strcmp(point->suffix, "value") != 0)
        (void)fprintf(out, "# UNIT %s %s\n", name, point->suffix);
    (void)fprintf(out, "# HELP %s %s\n", name, helps[point->family]);
}

static void put_point(FILE *out, const struct point *point, const char *name, bool timed)
{
    (void)fprintf(out, "%s%s{%s} %.9g", name, point->family == RUN ? "_info" : "", point->labels,
                  point->number);
    if (timed)
        (void)fprintf(out, " %" PRIdMAX, (intmax_t)point->time);
    (void)fputc('\n', out);
}

/* Whether there may be no second of these. */
static bool is_same(const struct point *a, const struct point *b)
{
    return a->family == b->family && !strcmp(a->suffix, b->suffix) &&
           !strcmp(a->labels, b->labels) && a->time == b->time;
}

static int end(struct tb_export *export, struct tb_error *error)
{
    const struct points *points = export->kept;
    bool timed = export->is_archive || export->documents > 1;
    tb_autofree char *before = tb_copy("");

    (void)error; /* nothing can go wrong; the caller asks ferror() */
    if (points->count)
        qsort(points->each, points->count, sizeof *points->each, by_place);
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->each[i];
        char *name = name_of(point);

        if (strcmp(name, before) != 0)
            put_head(export->out, point, name);
        if (timed && !point->time)
            export->left[TB_EXPORT_UNMARKED]++;
        else if (i && is_same(point, point - 1))
            export->left[TB_EXPORT_REPLACED]++;
        else
            put_point(export->out, point, name, timed);
        free(before);
        before = name;
    }
    (void)fputs("# EOF\n", export->out);
    return 0;
}

static void finish(struct tb_export *export)
{
    struct points *points = export->kept;

    for (size_t i = 0; i < points->count; i++)
        free(points->each[i].labels);
    free(points->each);
    free(points);
}

const struct tb_export_format tb_export_openmetrics = {
    .name = "openmetrics",
    .takes = TB_EXPORT_ANY,
    .begin = begin,
    .add = add,
    .end = end,
    .finish = finish,
};
