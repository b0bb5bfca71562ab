/*
 * Otava's CSV: a line for each run, a column for each case. It reads a number in every cell of a
 * column that it is asked for, so there are those columns alone that each run has.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/export/run.h"
#include "util/csv.h"
#include "util/names.h"
#include "util/strings.h"

struct line {
    time_t time;
    char *iso, *commit;
    double *values; /* in the order of the columns that there were by then */
    size_t count;
};

struct series {
    struct tb_names names; /* the columns' */
    struct line *lines;
    size_t count;
    char *host, *label; /* of all of them */
};

static void begin(struct tb_export *export)
{
    export->kept = tb_alloc(1, sizeof(struct series));
}

/* What differs would be taken for a change of the program. */
static int check_origin(struct series *series, const struct tb_export_run *run,
                        struct tb_error *error)
{
    if (!series->count && !series->host && !series->label) {
        series->host = tb_copy(run->host);
        series->label = tb_copy(run->label);
    }
    if (!tb_same(series->host, run->host))
        return tb_misuse(error, "--format otava: runs of '%s' and of '%s': give those of one host",
                         series->host ? series->host : "", run->host ? run->host : "");
    if (!tb_same(series->label, run->label))
        return tb_misuse(error,
                         "--format otava: runs of '%s' and of '%s': give those of one subject",
                         series->label ? series->label : "", run->label ? run->label : "");
    return 0;
}

static size_t column_of(struct series *series, const char *name)
{
    size_t at = tb_names_find(&series->names, name);

    return at < series->names.count ? at : tb_names_add(&series->names, tb_copy(name));
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    struct series *series = export->kept;
    int code = check_origin(series, run, error);
    struct line line = {.time = run->time};

    if (code)
        return code;
    if (!run->time) {
        export->left[TB_EXPORT_UNMARKED]++;
        return 0;
    }
    for (size_t i = 0; i < run->count; i++) {
        size_t at = column_of(series, run->cases[i].name);

        if (at >= line.count)
            line.values = tb_grow(line.values, at + 1, sizeof *line.values);
        for (; line.count <= at; line.count++)
            line.values[line.count] = NAN;
        line.values[at] = run->cases[i].value.median;
    }
    line.iso = tb_copy(run->iso);
    line.commit = tb_print("%s%s", run->commit ? run->commit : "none", run->dirty ? "-dirty" : "");
    series->lines = tb_grow(series->lines, series->count + 1, sizeof line);
    series->lines[series->count++] = line;
    return 0;
}

static bool is_complete(const struct series *series, size_t column)
{
    size_t i = 0;

    while (i < series->count && column < series->lines[i].count &&
           !isnan(series->lines[i].values[column]))
        i++;
    return i == series->count;
}

static int by_time(const void *left, const void *right)
{
    const struct line *a = left, *b = right;

    return (a->time > b->time) - (a->time < b->time);
}

static void put_lines(struct tb_export *export, const struct series *series, const bool *shown)
{
    (void)fputs("time,commit", export->out); /* the caller asks ferror(), here and below */
    for (size_t k = 0; k < series->names.count; k++) {
        if (!shown[k])
            continue;
        (void)fputc(',', export->out);
        tb_csv_put_text(export->out, series->names.names[k]);
    }
    (void)fputc('\n', export->out);
    for (size_t i = 0; i < series->count; i++) {
        (void)fprintf(export->out, "%s,", series->lines[i].iso);
        tb_csv_put_text(export->out, series->lines[i].commit);
        for (size_t k = 0; k < series->names.count; k++) {
            if (!shown[k])
                continue;
            (void)fputc(',', export->out);
            tb_csv_put_number(export->out, series->lines[i].values[k]);
        }
        (void)fputc('\n', export->out);
    }
}

static int end(struct tb_export *export, struct tb_error *error)
{
    struct series *series = export->kept;
    tb_autofree bool *shown = tb_alloc(series->names.count, sizeof *shown);

    (void)error; /* nothing can go wrong */
    if (series->count)
        qsort(series->lines, series->count, sizeof *series->lines, by_time);
    for (size_t k = 0; k < series->names.count; k++) {
        shown[k] = is_complete(series, k);
        export->values += shown[k];
        export->left[TB_EXPORT_INCOMPLETE] += !shown[k];
    }
    if (export->values)
        put_lines(export, series, shown);
    return 0;
}

static void finish(struct tb_export *export)
{
    struct series *series = export->kept;

    for (size_t i = 0; i < series->count; i++) {
        free(series->lines[i].iso);
        free(series->lines[i].commit);
        free(series->lines[i].values);
    }
    for (size_t i = 0; i < series->names.count; i++)
        free((char *)series->names.names[i]); /* copied by column_of() */
    tb_names_finish(&series->names);
    free(series->lines);
    free(series->host);
    free(series->label);
    free(series);
}

const struct tb_export_format tb_export_otava = {
    .name = "otava",
    .takes = TB_EXPORT_SERIES,
    .begin = begin,
    .add = add,
    .end = end,
    .finish = finish,
};
