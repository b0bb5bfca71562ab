#include "cli/export.h"

#include <errno.h>

#include "util/file.h"
#include "util/memory.h"

bool tb_wants_export(const struct tb_options *options)
{
    enum tb_export_takes takes;
    bool is_folder;

    return options->format_name && tb_export_knows(options->format_name, &takes, &is_folder);
}

static const char *format_of(const struct tb_options *options)
{
    return options->format_name ? options->format_name : tb_export_name(0);
}

/* Where it goes that is no folder; NULL: it cannot. */
static FILE *open_output(const struct tb_options *options, bool is_archive, struct tb_error *error)
{
    enum tb_export_takes takes;
    bool is_folder;
    FILE *out = stdout;

    if (!options->output || !tb_export_knows(format_of(options), &takes, &is_folder) || is_folder ||
        (is_archive && takes == TB_EXPORT_ONE))
        return out;
    out = fopen(options->output, "we");
    if (!out)
        (void)tb_file_unwritable("write", options->output, errno, error);
    return out;
}

static int close_output(FILE *out, const struct tb_options *options, int code,
                        struct tb_error *error)
{
    int err;

    if (out == stdout)
        return code; /* main asks ferror() */
    err = ferror(out) ? EIO : 0;
    if (fclose(out) && !err)
        err = errno;
    return code || !err ? code : tb_file_unwritable("write", options->output, err, error);
}

static void note_left_out(const struct tb_export *export)
{
    tb_autofree char *text = tb_export_left_out(export);

    if (*text)
        tb_notice("left out: %s", text);
}

int tb_export_to_output(const struct tb_options *options, bool is_archive,
                        int (*add)(struct tb_export *export, void *user, struct tb_error *error),
                        void *user, struct tb_error *error)
{
    struct tb_export export = {
        .out = open_output(options, is_archive, error),
        .folder = options->output,
        .is_archive = is_archive,
        .filter = options->choice.filter,
    };
    int code;

    if (!export.out)
        return TB_FAILURE;
    code = tb_export_begin(&export, format_of(options), error);
    if (!code)
        code = add(&export, user, error);
    if (!code)
        code = tb_export_end(&export, error);
    tb_export_finish(&export);
    note_left_out(&export);
    return close_output(export.out, options, code, error);
}
