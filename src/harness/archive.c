#include "archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "json.h"
#include "memory.h"

/* Makes every folder that `path` names before its last slash; returns 0 or an errno value. */
static int make_folders(char *path)
{
    int err = 0;

    for (char *slash = path; !err && (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        if (mkdir(path, 0777) && errno != EEXIST)
            err = errno;
        *slash = '/';
    }
    return err;
}

/* A host's name as a folder: it may hold anything, and "" or ".." would lead elsewhere. */
static char *folder_name(const char *name)
{
    char *copy = tb_copy(name && *name && *name != '.' ? name : "unknown");

    for (char *slash = copy; (slash = strchr(slash, '/')) != NULL;)
        *slash = '_';
    return copy;
}

int tb_archive_path(const char *folder, const struct tb_result *result, char **ret_path,
                    struct tb_error *error)
{
    const struct tb_revision *revision = result->revision;
    char *host = folder_name(tb_json_text(result->host, "name"));
    char stamp[32] = "";
    struct tm time;
    char *path;
    int err;

    (void)strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ",
                   gmtime_r(&result->settings->started.tv_sec, &time)); /* fits */
    path = tb_print("%s/%s/%s%s/%s-%s.json", folder, host,
                    revision->commit ? revision->commit : "none", revision->dirty ? "-dirty" : "",
                    stamp, result->run_id);
    free(host);
    err = make_folders(path);
    if (err) {
        free(path);
        return tb_error_set(error, TB_FAILURE, "cannot make folders in '%s': %s", folder,
                            strerror(err));
    }
    *ret_path = path;
    return 0;
}
