#include "subject.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "memory.h"
#include "words.h"
#include "worker.h"

/* A suite with some thousand cases describes itself in a few megabytes. */
enum { list_limit = 64 << 20 };

/* The folder this program was started from, or NULL; the caller's. */
static char *own_folder(void)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);

    if (size < 0)
        return NULL;
    path[size] = '\0';
    return tb_copy(dirname(path));
}

/* The suite beside this program, in the build tree, or where it is installed. */
static char *find_suite(void)
{
    static const char *const places[] = {"", "/../suite"};
    char *folder = own_folder();
    char *found = NULL;

    for (size_t i = 0; folder && !found && i < sizeof places / sizeof *places; i++) {
        found = tb_print("%s%s/threadbench-suite", folder, places[i]);
        if (access(found, X_OK)) {
            free(found);
            found = NULL;
        }
    }
    free(folder);
    return found ? found : tb_copy(TB_SUITE_PATH);
}

/* One word, whatever is in it. */
static char **as_word(const char *word)
{
    char **words = tb_alloc(1, 2 * sizeof *words + strlen(word) + 1);

    words[0] = strcpy((char *)(words + 2), word);
    return words;
}

static int find_words(const char *command, char ***ret_words, struct tb_error *error)
{
    char *suite;

    if (command)
        return tb_split(command, ret_words, error);
    suite = find_suite();
    *ret_words = as_word(suite);
    free(suite);
    return 0;
}

int tb_subject_init(struct tb_subject *subject, const char *command, double deadline_s,
                    struct tb_error *error)
{
    struct tb_subject made = {.deadline_s = deadline_s};
    const char *folder = getenv("TMPDIR");
    int code = find_words(command, &made.words, error);

    if (code)
        return code;
    made.scratch = tb_print("%s/threadbench-XXXXXX", folder && *folder ? folder : "/tmp");
    if (!mkdtemp(made.scratch)) {
        code = tb_error_set(error, TB_FAILURE, "cannot make the folder '%s': %s (set TMPDIR)",
                            made.scratch, strerror(errno));
        free(made.scratch);
        free(made.words);
        return code;
    }
    *subject = made;
    return 0;
}

void tb_subject_finish(struct tb_subject *subject)
{
    if (subject->scratch)
        (void)rmdir(subject->scratch); /* what a subject itself left there is not ours to remove */
    free(subject->scratch);
    free(subject->words);
    tb_catalogue_finish(&subject->catalogue);
    *subject = (struct tb_subject){0};
}

char *tb_subject_path(const struct tb_subject *subject, const char *name)
{
    return tb_print("%s/%s", subject->scratch, name);
}

static int complain(const struct tb_subject *subject, const struct tb_finish *finish,
                    struct tb_error *error)
{
    char *how = tb_finish_text(finish);
    int code = tb_error_set(error, TB_FAILURE, "subject '%s': %s", subject->words[0], how);

    free(how);
    return code;
}

/* From the detail file where there is one, else from what was printed. */
static int read_list(struct tb_subject *subject, const char *path, const struct tb_finish *finish,
                     struct tb_error *error)
{
    char *text;
    size_t size;
    int err = tb_file_read(path, list_limit, &text, &size);
    int code;

    if (err && err != ENOENT)
        return tb_error_set(error, TB_FAILURE, "detail file: %s", strerror(err));
    if (!err && size) {
        code = tb_catalogue_read(text, size, &subject->catalogue, error);
    } else if (finish->cut) {
        code = tb_error_set(error, TB_FAILURE, "subject '%s': its list is over %d MiB",
                            subject->words[0], list_limit >> 20);
    } else {
        code = tb_catalogue_from_names(finish->output, &subject->catalogue, error);
    }
    if (!err)
        free(text);
    return code;
}

int tb_subject_list(struct tb_subject *subject, struct tb_error *error)
{
    char *path = tb_subject_path(subject, "list.json");
    char flag[] = "--benchmark_list_tests";
    char **argv = tb_words_join(subject->words, (char *[]){flag, NULL});
    struct tb_variable environment[] = {{"THREADBENCH_DETAIL", path}, {NULL, NULL}};
    struct tb_job job = {argv, environment, subject->deadline_s, list_limit};
    struct tb_finish finish = tb_worker_run(&job);
    int code = finish.end == TB_EXITED && finish.number == 0
                   ? read_list(subject, path, &finish, error)
                   : complain(subject, &finish, error);

    (void)unlink(path); /* only a subject that knows us makes it */
    if (!code && !subject->catalogue.count)
        code = tb_error_set(error, TB_FAILURE,
                            "subject '%s' lists no benchmark: is it a Google Benchmark program?",
                            subject->words[0]);
    tb_finish_finish(&finish);
    tb_words_free(argv);
    free(path);
    return code;
}
