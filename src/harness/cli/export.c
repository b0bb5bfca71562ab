#include "cli/export.h"

#include <string.h>

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

/* Whether it goes to stdout; a folder does not, and says so itself where there is none. */
static bool is_to_stdout(const struct tb_options *options)
{
    return !options->output || !strcmp(options->output, "-");
}

/* Begins the file, where it goes to one. */
static int begin_output(const struct tb_options *options, struct tb_draft *draft,
                        struct tb_error *error)
{
    enum tb_export_takes takes;
    bool is_folder = false;

    *draft = (struct tb_draft){.out = stdout};
    (void)tb_export_knows(format_of(options), &takes, &is_folder); /* it has begun */
    return is_to_stdout(options) || is_folder ? 0 : tb_draft_begin(draft, options->output, error);
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
        .folder = is_to_stdout(options) ? NULL : options->output,
        .is_archive = is_archive,
        .filter = options->choice.filter,
    };
    struct tb_draft draft = {0};
    int code = tb_export_begin(&export, format_of(options), error);

    if (!code)
        code = begin_output(options, &draft, error);
    export.out = draft.out;
    if (!code)
        code = add(&export, user, error);
    if (!code)
        code = tb_export_end(&export, error);
    tb_export_finish(&export);
    note_left_out(&export);
    if (draft.path && tb_draft_end(&draft, !code, error))
        code = TB_FAILURE;
    return code; /* main asks ferror() of stdout */
}
