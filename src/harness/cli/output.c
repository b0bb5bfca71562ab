#include "cli/output.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/memory.h"

/* The path of what need not be there yet, without links on its way; the caller's. */
static char *whole_path(const char *path)
{
    tb_autofree char *copy = tb_copy(path), *other = tb_copy(path);
    tb_autofree char *folder = realpath(dirname(copy), NULL);

    return tb_print("%s/%s", folder ? folder : "", basename(other));
}

static bool is_same(const char *path, const char *other)
{
    tb_autofree char *whole = NULL, *other_whole = NULL;
    struct stat one, two;

    if (!stat(path, &one))
        return S_ISREG(one.st_mode) && !stat(other, &two) && one.st_dev == two.st_dev &&
               one.st_ino == two.st_ino;
    whole = whole_path(path);
    other_whole = whole_path(other);
    return !strcmp(whole, other_whole);
}

/* Its name tells. */
static bool is_archived(const char *path)
{
    struct tb_archive_entry entry = {0};
    tb_autofree char *whole = realpath(path, NULL);
    bool is_document;

    if (!whole)
        return false;
    tb_archive_parse(&entry, whole);
    is_document = entry.kind == TB_ARCHIVED_DOCUMENT;
    tb_archive_entry_finish(&entry);
    return is_document;
}

int tb_output_spare(const char *option, const char *path, char *const *inputs,
                    struct tb_error *error)
{
    if (!path || !strcmp(path, "-"))
        return 0;
    for (; *inputs; inputs++) {
        if (is_same(path, *inputs))
            return tb_misuse(error, "%s '%s' is read or written itself: give another file", option,
                             path);
    }
    if (is_archived(path))
        return tb_misuse(error,
                         "%s '%s' is a document of an archive, which is never changed: give "
                         "another file",
                         option, path);
    return 0;
}

int tb_output_spare_kept(const char *path, const struct tb_kept *kept, struct tb_error *error)
{
    int code = 0;

    for (size_t i = 0; i < kept->count; i++) {
        for (size_t k = 0; !code && k < kept->sessions[i].count; k++) {
            tb_autofree char *input = tb_copy(kept->sessions[i].documents[k]->path);

            code = tb_output_spare("--output", path, (char *[]){input, NULL}, error);
        }
    }
    return code;
}
