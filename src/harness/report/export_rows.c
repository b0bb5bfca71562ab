/* A row for each case and process, for databases: CSV, or JSON of a line each. */
#include <math.h>
#include <string.h>

#include "report/export_run.h"
#include "util/csv.h"
#include "util/json.h"

/* The columns of every row, in their order. Axes and fields differ from case to case: each row has
 * its own as an object. */
static const char *const columns[] = {
    "host",      "commit",    "dirty",    "time",    "run_id",  "session", "label",
    "case",      "benchmark", "runtime",  "role",    "round",   "value",   "unit",
    "statistic", "samples",   "version",  "axes",    "fields",  "machine", "cpu",
    "kernel",    "libc",      "compiler", "library", "program",
};

enum { COLUMNS = sizeof columns / sizeof *columns };

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
    set_text(row, "version", tb_json_text(spec->source, "version"));
    tb_json_set(row, "axes",
                cJSON_IsObject(axes) ? cJSON_Duplicate(axes, true) : cJSON_CreateObject());
}

/* Those by which Google Benchmark's clients tell entries apart, and what is a column already. */
static bool is_known(const char *field)
{
    static const char *const known[] = {"family_index", "per_family_instance_index",
                                        "repetitions",  "repetition_index",
                                        "real_time",    "round"};
    size_t i = 0;

    while (i < sizeof known / sizeof *known && strcmp(field, known[i]) != 0)
        i++;
    return i < sizeof known / sizeof *known;
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

        if (isfinite(number) && !is_known(record->fields[i]))
            tb_json_set_number(fields, record->fields[i], number);
    }
}

static void put_cell(FILE *out, const cJSON *item)
{
    tb_autofree char *text = NULL;

    if (cJSON_IsNumber(item)) {
        tb_csv_put_number(out, item->valuedouble);
    } else if (cJSON_IsString(item)) {
        tb_csv_put_text(out, item->valuestring);
    } else if (!cJSON_IsNull(item)) { /* true, false, or an object */
        text = cJSON_PrintUnformatted(item);
        tb_csv_put_text(out, text);
    }
}

static void put_csv(FILE *out, const cJSON *row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        (void)fputs(i ? "," : "", out); /* the caller asks ferror() */
        put_cell(out, tb_json_find(row, columns[i]));
    }
    (void)fputc('\n', out);
}

static void put_ndjson(FILE *out, const cJSON *row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        tb_autofree char *text = cJSON_PrintUnformatted(tb_json_find(row, columns[i]));

        (void)fprintf(out, "%s\"%s\":%s", i ? "," : "{", columns[i], text); /* as above */
    }
    (void)fputs("}\n", out);
}

static int add(struct tb_export *export, const struct tb_export_run *run,
               void (*put)(FILE *out, const cJSON *row))
{
    tb_autojson cJSON *row = row_of_run(run);

    for (size_t i = 0; i < run->result->count; i++) {
        const struct tb_record *record = &run->result->records[i];
        const char *statistic = tb_primary_field(record);
        size_t value = tb_record_field(record, statistic);

        if (!tb_export_wants(export, record))
            continue;
        set_case(row, record, statistic);
        for (size_t k = 0; k < record->count; k++) {
            set_process(row, record, &record->repetitions[k], value);
            put(export->out, row);
            export->values++;
        }
    }
    return 0;
}

static void begin_csv(struct tb_export *export)
{
    for (size_t i = 0; i < COLUMNS; i++)
        (void)fprintf(export->out, "%s%s", i ? "," : "", columns[i]); /* as above */
    (void)fputc('\n', export->out);
}

static int add_csv(struct tb_export *export, const struct tb_export_run *run,
                   struct tb_error *error)
{
    (void)error; /* nothing can go wrong, here and below */
    return add(export, run, put_csv);
}

static int add_ndjson(struct tb_export *export, const struct tb_export_run *run,
                      struct tb_error *error)
{
    (void)error;
    return add(export, run, put_ndjson);
}

const struct tb_export_format tb_export_rows_csv = {
    .name = "rows-csv",
    .takes = TB_EXPORT_ANY,
    .of_processes = true,
    .begin = begin_csv,
    .add = add_csv,
};

const struct tb_export_format tb_export_rows_ndjson = {
    .name = "rows-ndjson",
    .takes = TB_EXPORT_ANY,
    .of_processes = true,
    .add = add_ndjson,
};
