/*
 * asv's folder of results: MACHINE/COMMIT-ENVIRONMENT.json for each run, MACHINE/machine.json, and
 * benchmarks.json. It has one result for each commit, machine and environment, which is the
 * subject's label here: of several runs the latest. Runs of changed trees, which no commit names,
 * are left out.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/export/run.h"
#include "util/file.h"
#include "util/json.h"
#include "util/strings.h"

enum { file_version = 2, machine_version = 1, shown_commit = 8 };

/* A file that was written. */
struct written {
    char *path;
    time_t time;
};

struct results {
    struct written *files;
    size_t count;
    cJSON *benchmarks; /* by name */
};

static void begin(struct tb_export *export)
{
    struct results *results = tb_alloc(1, sizeof *results);

    results->benchmarks = cJSON_CreateObject();
    export->kept = results;
}

/* A text as a part of a file's name; the caller's. */
static char *part_of(const char *text, const char *fallback)
{
    char *part = tb_copy(text && *text ? text : fallback);

    for (char *at = part; *at; at++) {
        if (!strchr(TB_NAME_LETTERS, *at) || (at == part && *at == '.'))
            *at = '_';
    }
    return part;
}

static int put(const char *path, cJSON *root, struct tb_error *error)
{
    tb_autojson cJSON *tree = root;
    tb_autofree char *text = cJSON_Print(tree), *copy = tb_copy(path);
    int err = tb_file_make_folders(copy, strlen(path));

    return err ? tb_file_unwritable("write", path, err, error) : tb_file_write(path, text, error);
}

/* A case as asv calls it, whose names have parts between dots and are names of files: it takes one
 * from the other. The caller's. */
static char *name_of(const struct tb_export_case *item)
{
    char *name = tb_copy(item->name);

    for (char *at = name; *at; at++) {
        if (*at == '/')
            *at = '.';
        else if (strchr("<>:\"\\^|?*", *at))
            *at = '_';
    }
    return name;
}

/* What asv calls a time it shows in seconds. */
static bool is_time(const struct tb_export_case *item)
{
    return !strcmp(item->unit, "ns");
}

static cJSON *benchmark_of(const struct tb_export_case *item, const char *name)
{
    const cJSON *source = item->record->spec->source;
    const char *version = tb_json_text(source, "version");
    cJSON *benchmark = cJSON_CreateObject();

    tb_json_set_text(benchmark, "name", name);
    tb_json_set_text(benchmark, "pretty_name", item->name);
    tb_json_set_text(benchmark, "code", item->record->spec->doc ? item->record->spec->doc : "");
    (void)tb_json_set_array(benchmark, "params");
    (void)tb_json_set_array(benchmark, "param_names");
    tb_json_set_text(benchmark, "type", is_time(item) ? "time" : "track");
    tb_json_set_text(benchmark, "unit", is_time(item) ? "seconds" : item->unit);
    tb_json_set_text(benchmark, "version", version ? version : "1");
    return benchmark;
}

/* asv has lists throughout, as a benchmark may have parameters. */
static void add_one(cJSON *row, double number)
{
    cJSON *list = cJSON_CreateArray();

    tb_json_add(list, isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull());
    tb_json_add(row, list);
}

/* The ceil(share * count)-th smallest. */
static double quantile(const struct tb_export_case *item, double share)
{
    size_t rank = (size_t)ceil(share * (double)item->value.count);

    return item->processes[rank ? rank - 1 : 0];
}

static const char *const columns[] = {"result",     "params",        "version",       "started_at",
                                      "duration",   "stats_ci_99_a", "stats_ci_99_b", "stats_q_25",
                                      "stats_q_75", "stats_number",  "stats_repeat",  "samples"};

/* In the order of the columns. */
static cJSON *row_of(const struct tb_export_run *run, const struct tb_export_case *item)
{
    const char *version = tb_json_text(item->record->spec->source, "version");
    size_t count = item->value.count, rank = tb_median_rank(count, 0.01);
    double factor = is_time(item) ? 1e-9 : 1;
    cJSON *row = cJSON_CreateArray(), *samples = cJSON_CreateArray(), *all = cJSON_CreateArray();

    add_one(row, item->value.median * factor);
    tb_json_add(row, cJSON_CreateArray());
    tb_json_add(row, cJSON_CreateString(version ? version : "1"));
    tb_json_add(row, cJSON_CreateNumber((double)run->time * 1000));
    tb_json_add(row, cJSON_CreateNull());
    add_one(row, rank ? item->processes[rank - 1] * factor : NAN);
    add_one(row, rank ? item->processes[count - rank] * factor : NAN);
    add_one(row, quantile(item, 0.25) * factor);
    add_one(row, quantile(item, 0.75) * factor);
    add_one(row, 1);
    add_one(row, (double)count);
    for (size_t i = 0; i < count; i++)
        tb_json_add(samples, cJSON_CreateNumber(item->processes[i] * factor));
    tb_json_add(all, samples);
    tb_json_add(row, all);
    return row;
}

static cJSON *machine_of(const struct tb_export_run *run, const char *name)
{
    const cJSON *context = run->document->context;
    tb_autofree char *os = tb_print("Linux %s", run->kernel ? run->kernel : "");
    tb_autofree char *cpus = tb_print("%.0f", tb_json_number(context, "num_cpus", 0));
    cJSON *machine = cJSON_CreateObject();

    tb_trim(os);
    tb_json_set_text(machine, "machine", name);
    tb_json_set_text(machine, "os", os);
    tb_json_set_text(machine, "arch", run->machine ? run->machine : "");
    tb_json_set_text(machine, "cpu", run->cpu ? run->cpu : "");
    tb_json_set_text(machine, "num_cpu", cpus);
    tb_json_set_text(machine, "ram", ""); /* a document does not have it */
    return machine;
}

/* Tells what the case is; false where asv's name for it is another case's, or what asv has for the
 * version of the list. */
static bool tell(struct results *results, const struct tb_export_case *item, const char *name)
{
    const cJSON *had = cJSON_GetObjectItemCaseSensitive(results->benchmarks, name);

    if (!strcmp(name, "version") || (had && !tb_same(tb_json_text(had, "pretty_name"), item->name)))
        return false;
    tb_json_set(results->benchmarks, name, benchmark_of(item, name));
    return true;
}

/* The rows of the run's cases, by name. */
static cJSON *rows_of(struct tb_export *export, const struct tb_export_run *run)
{
    cJSON *rows = cJSON_CreateObject();

    for (size_t i = 0; i < run->count; i++) {
        tb_autofree char *name = name_of(&run->cases[i]);
        bool fits = tell(export->kept, &run->cases[i], name);

        if (fits)
            tb_json_set(rows, name, row_of(run, &run->cases[i]));
        export->values += fits;
        export->left[TB_EXPORT_UNFIT] += !fits;
    }
    return rows;
}

/* Takes the rows. */
static cJSON *file_of(const struct tb_export_run *run, const char *name, const char *environment,
                      cJSON *rows)
{
    cJSON *file = cJSON_CreateObject(), *params = machine_of(run, name), *list;

    tb_json_set_text(file, "commit_hash", run->commit);
    tb_json_set_text(file, "env_name", environment);
    tb_json_set_number(file, "date", (double)run->time * 1000);
    tb_json_set_text(params, "python", "");
    tb_json_set(file, "params", params);
    tb_json_set_text(file, "python", "");
    (void)tb_json_set_object(file, "requirements");
    (void)tb_json_set_object(file, "env_vars");
    list = tb_json_set_array(file, "result_columns");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        tb_json_add(list, cJSON_CreateString(columns[i]));
    tb_json_set(file, "results", rows);
    (void)tb_json_set_object(file, "durations");
    tb_json_set_number(file, "version", file_version);
    return file;
}

/* Notes that the file is written; false where that of a later run is there. */
static bool note(struct tb_export *export, const char *path, time_t time)
{
    struct results *results = export->kept;
    size_t i = 0;

    while (i < results->count && strcmp(results->files[i].path, path) != 0)
        i++;
    if (i < results->count) {
        bool is_later = results->files[i].time <= time;

        export->left[TB_EXPORT_REPLACED]++;
        results->files[i].time = is_later ? time : results->files[i].time;
        return is_later;
    }
    results->files = tb_grow(results->files, results->count + 1, sizeof *results->files);
    results->files[results->count++] = (struct written){tb_copy(path), time};
    return true;
}

static int write_run(struct tb_export *export, const struct tb_export_run *run,
                     struct tb_error *error)
{
    tb_autofree char *name = part_of(run->host, "unknown");
    tb_autofree char *environment = part_of(run->label, "threadbench");
    tb_autofree char *path = tb_print("%s/%s/%.*s-%s.json", export->folder, name, shown_commit,
                                      run->commit, environment);
    tb_autofree char *machine_path = tb_print("%s/%s/machine.json", export->folder, name);
    cJSON *machine;
    int code;

    if (!note(export, path, run->time))
        return 0;
    machine = machine_of(run, name);
    tb_json_set_number(machine, "version", machine_version);
    code = put(machine_path, machine, error);
    return code ? code : put(path, file_of(run, name, environment, rows_of(export, run)), error);
}

/* What is none may be a path. */
static bool is_commit(const char *text)
{
    return text && *text && text[strspn(text, "0123456789abcdef")] == '\0';
}

static int add(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error)
{
    if (!is_commit(run->commit) || run->dirty || !run->time) {
        export->left[TB_EXPORT_UNMARKED]++;
        return 0;
    }
    return write_run(export, run, error);
}

static int end(struct tb_export *export, struct tb_error *error)
{
    struct results *results = export->kept;
    tb_autofree char *path = tb_print("%s/benchmarks.json", export->folder);
    cJSON *benchmarks = results->benchmarks;

    if (!export->values)
        return 0;
    results->benchmarks = NULL;
    tb_json_set_number(benchmarks, "version", file_version);
    return put(path, benchmarks, error);
}

static void finish(struct tb_export *export)
{
    struct results *results = export->kept;

    for (size_t i = 0; i < results->count; i++)
        free(results->files[i].path);
    free(results->files);
    cJSON_Delete(results->benchmarks);
    free(results);
}

const struct tb_export_format tb_export_asv = {
    .name = "asv",
    .takes = TB_EXPORT_ANY,
    .is_folder = true,
    .begin = begin,
    .add = add,
    .end = end,
    .finish = finish,
};
