#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive.h"
#include "cli/measure.h"
#include "document/write.h"
#include "run/host.h"
#include "run/procstat.h"
#include "run/scratch.h"
#include "run/signals.h"
#include "util/file.h"
#include "util/json.h"
#include "util/json_scan.h"
#include "util/memory.h"
#include "util/strings.h"

/* Saving takes at most one part in so many of the time. */
enum { parts = 50 };

/* Where the archive has what is finished of a run: no document of its own yet, and listed as a
 * writer's leftover; the caller's. */
static char *leftover_of(const struct tb_measurement *run, size_t index)
{
    return tb_print("%s/%s%s.json", run->options->archive, TB_FILE_LEFTOVER,
                    run->results[index].run_id);
}

/* A pipe or a device takes a document once, at the end. */
static bool is_replaceable(const char *path)
{
    struct stat status;

    return stat(path, &status) || S_ISREG(status.st_mode);
}

/* The caller's; NULL: nowhere. */
static char *place_of(const struct tb_measurement *run, size_t index)
{
    const char *output = run->arms[index].output;

    if (output && is_replaceable(output))
        return tb_copy(output);
    return run->options->archive ? leftover_of(run, index) : NULL;
}

/* The document as it is written, the caller's, which is read back: what replaces a good document is
 * whole. NULL: it is not, as the error reports. */
static char *whole_document(const struct tb_result *result, struct tb_error *error)
{
    char *text = tb_document_text(result);

    if (!tb_scan_check(text, strlen(text), "the document that was to be written", error))
        return text;
    free(text);
    return NULL;
}

static void save(struct tb_measurement *run, size_t index)
{
    struct tb_result *result = &run->results[index];
    tb_autofree char *path = place_of(run, index), *text = NULL;
    struct tb_error ignored;

    if (!path)
        return;
    result->stop = TB_STOP_RUNNING;
    cJSON_Delete(result->after);
    result->after = tb_host_moment();
    text = whole_document(result, &ignored);
    if (text)
        (void)tb_file_write(path, text, &ignored); /* the last time it is told */
}

void tb_measurement_save(void *asked)
{
    struct tb_measurement *run = asked;
    double began_s = tb_now(), now_s;

    if (began_s < run->next_save_s)
        return;
    for (size_t i = 0; i < run->count; i++)
        save(run, i);
    now_s = tb_now();
    run->next_save_s = now_s + parts * (now_s - began_s);
}

/* Minutes of measuring are not lost to a full disk: the document goes where there may be room. */
static bool rescue(const struct tb_measurement *run, size_t index, const char *document,
                   struct tb_error *error)
{
    const char *const folders[] = {getenv("TMPDIR"), "/tmp", "/var/tmp"};
    struct tb_error why = *error, ignored;

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        tb_autofree char *path = NULL;

        if (!folders[i] || !*folders[i])
            continue;
        path = tb_print("%s/threadbench-%s.json", folders[i], run->results[index].run_id);
        if (tb_file_write(path, document, &ignored))
            continue;
        (void)tb_failure(error, "%s; what was measured is in %s", why.text, path);
        return true;
    }
    (void)tb_failure(error, "%s; there is no room for it elsewhere either", why.text);
    return false;
}

static void note(struct tb_measurement *run, char *path)
{
    tb_autowords char **before = run->kept;

    run->kept = tb_words_join(before ? before : (char *[]){NULL}, (char *[]){path, NULL});
}

/* What was saved of a run has its document now; nothing may have been saved. */
static void forget(const char *saved)
{
    if (unlink(saved) && errno != ENOENT)
        tb_notice("cannot remove '%s', which is no longer needed: %s", saved, strerror(errno));
}

/* Writes one document wherever it is wanted; the first error is the one to tell. */
static int deliver(struct tb_measurement *run, size_t index, struct tb_error *error)
{
    const struct tb_arm *arm = &run->arms[index];
    const char *archive = run->options->archive;
    tb_autofree char *document = whole_document(&run->results[index], error), *archived = NULL;
    tb_autofree char *saved = archive ? leftover_of(run, index) : NULL;
    struct tb_error ignored;
    bool kept;
    int code;

    if (!document)
        return TB_FAILURE;
    code = arm->output ? tb_file_write(arm->output, document, error) : 0;
    kept = arm->output && !code;
    if (kept && is_replaceable(arm->output))
        note(run, arm->output);
    if (archive) {
        tb_autojson cJSON *context = tb_context(&run->results[index]);
        int failed = tb_archive_put(archive, context, document, strlen(document), &archived,
                                    code ? &ignored : error);

        kept |= !failed;
        if (!failed)
            note(run, archived);
        code = code ? code : failed;
    }
    if (code && !kept)
        kept = rescue(run, index, document, error);
    if (kept && saved)
        forget(saved);
    return code;
}

int tb_measurement_keep(struct tb_measurement *run, struct tb_error *error)
{
    struct tb_error another;
    int code = 0;

    for (size_t i = 0; i < run->count; i++) {
        if (!deliver(run, i, code ? &another : error))
            continue;
        if (code)
            tb_notice("%s", another.text);
        code = TB_FAILURE;
    }
    tb_scratch_end();
    tb_signals_release();
    if (!code && run->results->signal)
        code = 128 + run->results->signal;
    return code;
}

void tb_measurement_report(const struct tb_measurement *run)
{
    bool failed = fflush(stdout) != 0; /* what was printed comes first */
    int err = errno;

    for (char *const *path = run->kept; path && *path; path++)
        tb_notice("the document is in %s", *path);
    if (failed) /* main asks why */
        errno = err;
}
