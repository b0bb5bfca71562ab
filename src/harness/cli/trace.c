#include "cli/trace.h"

#include "cli/output.h"
#include "document/summary.h"
#include "util/file.h"

static bool has_phases(const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->role == TB_SELECTED && tb_phase_count(record))
            return true;
    }
    return false;
}

static int spare(const struct tb_measurement *run, const char *path, struct tb_error *error)
{
    char *const *documents = run->options->resume ? run->options->operands : (char *[]){NULL};
    int code = tb_output_spare("--trace", path, documents, error);

    for (size_t i = 0; !code && i < run->count; i++) {
        const struct tb_arm *arm = &run->arms[i];

        code = tb_output_spare("--trace", path, (char *[]){arm->output, NULL}, error);
        if (!code)
            code = tb_output_spare("--trace", path, arm->subject.words, error);
    }
    return code;
}

int tb_trace_check(const struct tb_measurement *run, struct tb_error *error)
{
    const char *path = run->options->trace;
    bool drawn = false;
    int code, err;

    if (!path)
        return 0;
    for (size_t i = 0; i < run->count; i++)
        drawn |= has_phases(&run->results[i]);
    if (!drawn)
        return tb_misuse(error,
                         "--trace %s: no case that is selected has phases to draw: give --filter "
                         "'^lifecycle/phases/'",
                         path);
    code = spare(run, path, error);
    err = code ? 0 : tb_file_check(path);
    return err ? tb_file_unwritable("write", path, err, error) : code;
}

int tb_trace_put(const struct tb_measurement *run, struct tb_error *error)
{
    const char *path = run->options->trace, *drawing = NULL;

    if (!path)
        return 0;
    for (size_t i = 0; i < run->count; i++) {
        if (run->results[i].drawing)
            drawing = run->results[i].drawing;
    }
    if (!drawing)
        return tb_failure(error,
                          "--trace %s: not written: no case that was measured has a phase of its "
                          "child's",
                          path);
    return tb_file_write(path, drawing, error);
}
