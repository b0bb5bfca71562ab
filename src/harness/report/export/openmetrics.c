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

#include "document/counts.h"
#include "report/export/run.h"
#include "util/memory.h"
#include "util/sanitize.h"

enum family { VALUE, LOW, HIGH, COUNT, RUN, CASES, FAMILIES };

struct point {
    enum family family;
    const char *suffix; /* of the family's name: the unit, or what was counted */
    char *labels;       /* owned */
    double number;
    time_t time;
    size_t run; /* the place of its run among those that were added */
    bool left;  /* out: it has no time, or another one has its place */
};

struct points {
    struct point *each;
    size_t count, runs;
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

/* Takes the labels. */
static void keep(struct points *points, const struct tb_export_run *run, enum family family,
                 const char *suffix, char *labels, double number)
{
    points->each = tb_room(points->each, points->count, sizeof *points->each);
    points->each[points->count++] =
        (struct point){family, suffix, labels, number, run->time, points->runs, false};
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
            keep(points, run, family, scale.suffix, labels_of(run, own, 3),
                 numbers[family] * scale.factor);
    }
}

/* Two that count do not count alike. */
static void add_counts(struct points *points, const struct tb_export_run *run,
                       const struct tb_export_case *item)
{
    for (enum tb_metric metric = TB_TIME + 1; metric < TB_METRICS; metric++) {
        tb_auto(tb_count_finish) struct tb_count count = tb_count_of(item->record, metric);
        const char *const own[][2] = {{"case", item->name}, {"counter", count.counter}};

        if (!isnan(count.value))
            keep(points, run, COUNT, tb_metric_names[metric], labels_of(run, own, 2), count.value);
    }
}

static void add_run(struct points *points, const struct tb_export_run *run)
{
    const char *const own[][2] = {
        {"commit", run->commit},     {"dirty", run->dirty ? "true" : "false"},
        {"kernel", run->kernel},     {"libc", run->libc},
        {"compiler", run->compiler}, {"run_id", run->result->run_id},
    };

    keep(points, run, RUN, "", labels_of(run, own, sizeof own / sizeof *own), 1);
}

/* How many cases came to what. */
static void add_outcomes(struct points *points, const struct tb_export_run *run)
{
    static const char *const outcomes[] = {"ok", "skipped", "failed", "pending"};

    for (size_t k = 0; k < sizeof outcomes / sizeof *outcomes; k++) {
        const char *const own[][2] = {{"outcome", outcomes[k]}};
        double count = 0;

        for (size_t i = 0; i < run->result->count; i++) {
            const struct tb_record *record = &run->result->records[i];

            count += record->role == TB_SELECTED && !strcmp(tb_record_outcome(record), outcomes[k]);
        }
        keep(points, run, CASES, "", labels_of(run, own, 1), count);
    }
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    struct points *points = export->kept;

    (void)error; /* nothing can go wrong */
    for (size_t i = 0; i < run->count; i++) {
        add_case(points, run, &run->cases[i]);
        add_counts(points, run, &run->cases[i]);
    }
    add_run(points, run);
    add_outcomes(points, run);
    points->runs++;
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
    if (!order)
        order = (a->time > b->time) - (a->time < b->time);
    return order ? order : (a->run < b->run) - (a->run > b->run); /* the latest first */
}

static char *name_of(const struct point *point)
{
    static const char *const names[FAMILIES] = {
        "threadbench_case_", "threadbench_case_low_", "threadbench_case_high_",
        "threadbench_case_", "threadbench_run",       "threadbench_cases",
    };

    return tb_print("%s%s", names[point->family], point->suffix);
}

static void put_head(FILE *out, const struct point *point, const char *name)
{
    static const char *const helps[FAMILIES] = {
        "The median over processes of a case.",
        "The lower end of its interval.",
        "The upper end of its interval.",
        "How many an operation takes, as counted.",
        "What was measured.",
        "How many cases came to what.",
    };

    (void)fprintf(out, "# TYPE %s %s\n", name, point->family == RUN ? "info" : "gauge");
    if (point->family <= COUNT && strcmp(point->suffix, "value") != 0)
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

/* Marks what has no place, counts the runs that it is of, and the cases that have one. */
static void choose(struct tb_export *export, struct points *points, bool timed)
{
    tb_autofree enum tb_export_why *whys = tb_alloc(points->runs, sizeof *whys); /* 0: none */

    for (size_t i = 0; i < points->count; i++) {
        struct point *point = &points->each[i];
        bool unmarked = timed && !point->time;

        point->left = unmarked || (i && is_same(point, point - 1));
        if (point->left)
            whys[point->run] = unmarked ? TB_EXPORT_UNMARKED : TB_EXPORT_REPLACED;
        export->values += !point->left && point->family == VALUE;
    }
    for (size_t i = 0; i < points->runs; i++) {
        if (whys[i])
            export->left[whys[i]]++;
    }
}

static void put_points(FILE *out, const struct points *points, bool timed)
{
    tb_autofree char *before = tb_copy("");

    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->each[i];
        char *name;

        if (point->left)
            continue;
        name = name_of(point);
        if (strcmp(name, before) != 0)
            put_head(out, point, name);
        put_point(out, point, name, timed);
        free(before);
        before = name;
    }
    (void)fputs("# EOF\n", out);
}

static int end(struct tb_export *export, struct tb_error *error)
{
    struct points *points = export->kept;
    bool timed = export->is_archive || export->documents > 1;

    (void)error; /* nothing can go wrong; the caller asks ferror() */
    if (points->count)
        qsort(points->each, points->count, sizeof *points->each, by_place);
    choose(export, points, timed);
    if (export->values)
        put_points(export->out, points, timed);
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
