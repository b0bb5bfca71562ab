/* A row for each case and process, for databases: CSV, or JSON of a line each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/counts.h"
#include "report/export/run.h"
#include "util/csv.h"
#include "util/json.h"

/* The columns of every row, in their order. Axes and fields differ from case to case: each row has
 * its own as an object. */
static const char *const columns[] = {
    "host",         "commit",   "dirty",    "time",    "run_id",  "session", "label",     "case",
    "benchmark",    "runtime",  "role",     "round",   "value",   "unit",    "statistic", "samples",
    "instructions", "syscalls", "faults",   "version", "axes",    "fields",  "machine",   "cpu",
    "kernel",       "libc",     "compiler", "library", "program",
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* A row: its values by column, and how each is written, which for most holds for many rows. */
struct row {
    cJSON *values;
    char *cells[COLUMNS];
    char *(*form)(const cJSON *value); /* as a cell; the caller's */
};

static void row_finish(struct row *row)
{
    cJSON_Delete(row->values);
    for (size_t i = 0; i < COLUMNS; i++)
        free(row->cells[i]);
}

static void write_cell(struct row *row, size_t column)
{
    free(row->cells[column]);
    row->cells[column] = row->form(tb_json_find(row->values, columns[column]));
}

static void set_text(cJSON *row, const char *key, const char *text)
{
    tb_json_set_text(row, key, text && *text ? text : NULL);
}

/* What all rows of a run have. */
static cJSON *row_of_run(const struct tb_export_run *run)
{
    const cJSON *ours = tb_json_find(run->document->context, "threadbench");
    cJSON *row = cJSON_CreateObject();

    for (size_t i = 0; i < COLUMNS; i++)
        tb_json_set(row, columns[i], cJSON_CreateNull());
    set_text(row, "host", run->host);
    set_text(row, "commit", run->commit);
    tb_json_set_flag(row, "dirty", run->dirty);
    set_text(row, "time", run->iso);
    set_text(row, "run_id", run->result->run_id);
    set_text(row, "session", run->result->settings->session);
    set_text(row, "label", run->label);
    set_text(row, "machine", run->machine);
    set_text(row, "cpu", run->cpu);
    set_text(row, "kernel", run->kernel);
    set_text(row, "libc", run->libc);
    set_text(row, "compiler", run->compiler);
    set_text(row, "library", run->library);
    set_text(row, "program", tb_json_text(ours, "program_version"));
    return row;
}

/* What all rows of a case have. */
static void set_case(cJSON *row, const struct tb_record *record, const char *statistic)
{
    const struct tb_case *spec = record->spec;
    const cJSON *axes = tb_json_find(spec->source, "axes");

    set_text(row, "case", spec->name);
    set_text(row, "benchmark", tb_json_text(spec->source, "benchmark"));
    set_text(row, "runtime", spec->runtime);
    set_text(row, "role", tb_role_names[record->role]);
    set_text(row, "unit", spec->unit ? spec->unit : "ns");
    set_text(row, "statistic", statistic);
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++)
        tb_json_set_number(row, tb_metric_names[i], tb_count_value(record, (enum tb_metric)i));
    set_text(row, "version", tb_json_text(spec->source, "version"));
    tb_json_set(row, "axes",
                cJSON_IsObject(axes) ? cJSON_Duplicate(axes, true) : cJSON_CreateObject());
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(name, names[i]) != 0)
        i++;
    return i < count;
}

/* Those by which Google Benchmark's clients tell entries apart, and what is a column already. */
static bool is_known(const char *field)
{
    static const char *const known[] = {"family_index", "per_family_instance_index",
                                        "repetitions",  "repetition_index",
                                        "real_time",    "round"};

    return is_among(field, known, sizeof known / sizeof *known);
}

static void set_process(cJSON *row, const struct tb_record *record,
                        const struct tb_repetition *repetition, size_t value)
{
    cJSON *fields = tb_json_set_object(row, "fields");

    tb_json_set_number(row, "round", repetition->round);
    tb_json_set_number(row, "value", tb_repetition_value(repetition, value));
    tb_json_set_number(row, "samples",
                       tb_repetition_value(repetition, tb_record_field(record, "samples")));
    for (size_t i = 0; i < record->field_count; i++) {
        double number = tb_repetition_value(repetition, i);
        cJSON *item =
            isfinite(number) && !is_known(record->fields[i]) ? cJSON_CreateNumber(number) : NULL;

        if (!item)
            continue;
        tb_json_round(item);
        (void)cJSON_AddItemToObject(fields, record->fields[i], item); /* fails only for a NULL */
    }
}

static char *form_csv(const cJSON *value)
{
    bool is_object = cJSON_IsObject(value) || cJSON_IsBool(value);
    tb_autofree char *text = is_object ? cJSON_PrintUnformatted(value) : NULL;
    char *cell = NULL;
    size_t size;
    FILE *out = tb_open_text(&cell, &size);

    if (cJSON_IsNumber(value))
        tb_csv_put_number(out, value->valuedouble);
    else
        tb_csv_put_text(out, is_object ? text : cJSON_GetStringValue(value));
    (void)fclose(out); /* in memory */
    return cell;
}

static char *form_json(const cJSON *value)
{
    return cJSON_PrintUnformatted(value);
}

/* Writes the row; the caller asks ferror(), here and below. */
static void put(FILE *out, const struct row *row)
{
    bool is_json = row->form == form_json;

    for (size_t i = 0; i < COLUMNS; i++) {
        (void)fputs(i ? "," : is_json ? "{" : "", out);
        if (is_json)
            (void)fprintf(out, "\"%s\":", columns[i]);
        (void)fputs(row->cells[i], out);
    }
    (void)fputs(is_json ? "}\n" : "\n", out);
}

/* With the first row, so that nothing is written where there is none. */
static void put_head(FILE *out)
{
    for (size_t i = 0; i < COLUMNS; i++)
        (void)fprintf(out, "%s%s", i ? "," : "", columns[i]);
    (void)fputc('\n', out);
}

static void put_case(struct tb_export *export, struct row *row, const struct tb_record *record)
{
    static const char *const changing[] = {"round", "value", "samples", "fields"};
    const char *statistic = tb_primary_field(record);
    size_t value = tb_record_field(record, statistic);

    set_case(row->values, record, statistic);
    for (size_t k = 0; k < record->count; k++) {
        set_process(row->values, record, &record->repetitions[k], value);
        for (size_t i = 0; i < COLUMNS; i++) {
            if (!k || is_among(columns[i], changing, sizeof changing / sizeof *changing))
                write_cell(row, i);
        }
        if (!export->values && row->form == form_csv)
            put_head(export->out);
        put(export->out, row);
        export->values++;
    }
}

static int add(struct tb_export *export, const struct tb_export_run *run,
               char *(*form)(const cJSON *value))
{
    tb_auto(row_finish) struct row row = {.values = row_of_run(run), .form = form};

    for (size_t i = 0; i < run->result->count; i++) {
        if (tb_export_wants(export, &run->result->records[i]))
            put_case(export, &row, &run->result->records[i]);
    }
    return 0;
}

static int add_csv(struct tb_export *export, const struct tb_export_run *run,
                   struct tb_error *error)
{
    (void)error; /* nothing can go wrong, here and below */
    return add(export, run, form_csv);
}

static int add_ndjson(struct tb_export *export, const struct tb_export_run *run,
                      struct tb_error *error)
{
    (void)error;
    return add(export, run, form_json);
}

const struct tb_export_format tb_export_rows_csv = {
    .name = "rows-csv",
    .takes = TB_EXPORT_ANY,
    .of_processes = true,
    .add = add_csv,
};

const struct tb_export_format tb_export_rows_ndjson = {
    .name = "rows-ndjson",
    .takes = TB_EXPORT_ANY,
    .of_processes = true,
    .add = add_ndjson,
};
