#include "run/target.h"

#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "run/launcher.h"
#include "run/loaded.h"
#include "run/reaper.h"
#include "run/scratch.h"
#include "run/signals.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* A program with some thousand cases lists them in a few hundred kilobytes. */
enum { list_limit = 8 << 20 };

/* Lines that a program prints besides them; of more it is no Google Benchmark program. */
enum { most_banner = 100 };

/* Of larger files the size has to do. */
enum { file_limit = 256 << 20 };

/* Words of a subject that stand for a file of ours. It is looked for from this program's folder on,
 * in the build tree and in an installation, which may have been moved; else it is where it was to
 * be installed. */
static const struct {
    const char *word, *places[2], *installed;
} files[] = {
    {"@suite", {"/threadbench-suite", "/../suite/threadbench-suite"}, TB_SUITE_PATH},
    {"@musl", {"/../suite/musl/threadbench-suite-musl", "/" TB_MUSL_FROM_PROGRAM}, TB_MUSL_PATH},
    {"@python", {"/../python/threadbench-python.so", "/" TB_PYTHON_FROM_PROGRAM}, TB_PYTHON_PATH},
};

/* A place beside or above a folder, which is a path without links; the caller's. */
static char *place_from(const char *folder, const char *place)
{
    tb_autofree char *copy = tb_copy(folder);
    const char *from = copy;

    for (; !strncmp(place, "/../", 4); place += 3)
        from = dirname(copy);
    return tb_print("%s%s", strcmp(from, "/") != 0 ? from : "", place);
}

/* The file that files[index] stands for; the caller's. */
static char *find_file(size_t index)
{
    char path[PATH_MAX] = "";
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    const char *folder = dirname(path);

    for (size_t i = 0; size > 0 && i < 2; i++) {
        char *found = place_from(folder, files[index].places[i]);

        if (!access(found, R_OK))
            return found;
        free(found);
    }
    return tb_copy(files[index].installed);
}

bool tb_target_is_suite(char *const *words)
{
    tb_autofree char *suite = find_file(0);

    return words[0] && !words[1] && !strcmp(words[0], suite);
}

/* Loads the module that is the first argument and hands it the flags that follow. PyDLL keeps the
 * calling thread attached, as the C API wants it. Python 2 can say that it is too old: so -E and -s
 * stand for the -I that it lacks, and the working folder goes from the path here. */
static const char boot[] =
    "import sys; sys.version_info < (3, 9) and sys.exit("
    "\"Python %d.%d is older than 3.9, the first that threadbench takes\" % sys.version_info[:2]); "
    "sys.path[:] = [p for p in sys.path if p]; from ctypes import PyDLL, c_char_p; "
    "a = [word.encode() for word in sys.argv[1:]]; "
    "sys.exit(PyDLL(sys.argv[1]).threadbench_main(len(a), (c_char_p * (len(a) + 1))(*a)))";

/* Where a text has the mark by itself, not as a part of a name or a path, from there on; NULL:
 * nowhere. */
static const char *find_mark(const char *text, size_t from, const char *mark)
{
    const char *at = text + from;

    for (; (at = strstr(at, mark)) != NULL; at++) {
        char after = at[strlen(mark)];

        if ((at == text || !strchr(TB_NAME_LETTERS "/@", at[-1])) &&
            (!after || !strchr(TB_NAME_LETTERS, after)))
            break;
    }
    return at;
}

/* The word with files in the place of what stands for them, be it in a variable or in a script; it
 * was, and is, the caller's. */
static char *expand_word(char *word)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *mark = files[i].word, *at;

        for (size_t done = 0; (at = find_mark(word, done, mark)) != NULL;) {
            tb_autofree char *old = word, *file = find_file(i);

            word = tb_print("%.*s%s%s", (int)(at - old), old, file, at + strlen(mark));
            done = (size_t)(at - old) + strlen(file);
        }
    }
    return word;
}

/* A copy of the words, expanded; env sets variables. */
static char **expand(char *const *words)
{
    char env[] = "env";
    char **all = tb_words_join((char *[]){tb_is_assignment(words[0]) ? env : NULL, NULL}, words);

    for (size_t i = 0; all[i]; i++)
        all[i] = expand_word(all[i]);
    return all;
}

int tb_target_again(struct tb_subject *subject, char *const *words, const char *label,
                    double timeout_s, struct tb_error *error)
{
    int err = tb_signals_catch();

    if (err)
        return tb_failure(error, "cannot start: %s", strerror(err));
    *subject = (struct tb_subject){
        .label = tb_copy(label),
        .words = expand(words),
        .timeout_s = timeout_s,
        .seen = cJSON_CreateObject(),
    };
    (void)tb_json_set_array(subject->seen, "stderr");
    (void)tb_json_set_array(subject->seen, "without_effect");
    return 0;
}

/* "LABEL:": a name that can stand in a file's name. */
static bool is_label(const char *word)
{
    size_t size = strspn(word, TB_NAME_LETTERS);

    return size && word[size] == ':' && !word[size + 1] && *word != '.';
}

/* "LABEL:@suite": a blank was forgotten, as no file is called so. */
static bool lacks_blank(const char *word)
{
    size_t size = strspn(word, TB_NAME_LETTERS);

    return size && tb_begins_with(word + size, ":@suite");
}

/* Whether there is more than an environment. */
static bool names_command(char *const *words)
{
    while (*words && tb_is_assignment(*words))
        words++;
    return *words != NULL;
}

int tb_target_init(struct tb_subject *subject, const char *command, const char *label,
                   double timeout_s, struct tb_error *error)
{
    tb_autofree char **words = NULL, *own = NULL;
    int code = tb_split("subject", command ? command : "@suite", &words, error);

    if (code)
        return code;
    if (lacks_blank(words[0]))
        return tb_misuse(error, "subject '%s': put a blank between ':' and '@suite'", command);
    if (is_label(words[0]))
        own = tb_copy_part(words[0], strlen(words[0]) - 1);
    if (!names_command(words + (own != NULL)))
        return tb_misuse(error, "subject '%s': names no command", command);
    code = tb_launcher_check(command ? command : *words, words, error);
    if (code)
        return code;
    return tb_target_again(subject, words + (own != NULL), own ? own : label, timeout_s, error);
}

/* A label of `size` bytes of text, with _ for what it cannot have; the caller's. */
static char *label_of(const char *text, size_t size)
{
    char *label = tb_copy_part(text, size);

    for (char *at = label; *at; at++) {
        if (!strchr(TB_NAME_LETTERS, *at) || (at == label && *at == '.'))
            *at = '_';
    }
    return label;
}

/* The bytes of "LABEL" in "LABEL: PATH"; 0: there is none. */
static size_t label_size(const char *python)
{
    size_t size = strspn(python, TB_NAME_LETTERS);

    return strncmp(python + size, ": ", 2) != 0 ? 0 : size;
}

bool tb_target_is_labelled(const char *python)
{
    return label_size(python) > 0;
}

int tb_target_python(const char *python, char **ret_command, struct tb_error *error)
{
    size_t size = label_size(python);
    const char *path = size ? python + size + 2 : python;
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    tb_autofree char *word = tb_escape_word(path);
    tb_autofree char *label = size ? label_of(python, size) : label_of(name, strlen(name));

    if (!path[strspn(path, " ")])
        return tb_misuse(error, "--python '%s': give the path of an interpreter, or its name",
                         python);
    *ret_command = tb_print("%s: %s -E -s -S -c '%s' @python", label, word, boot);
    return 0;
}

void tb_target_relabel(struct tb_subject *subject)
{
    const cJSON *python = tb_subject_python(subject);
    const char *version = tb_json_text(python, "version");
    tb_autofree char *text = NULL;

    if (!version || !*version)
        return;
    text = tb_print("%s%s%s", version, tb_json_flag(python, "free_threaded") ? "t" : "",
                    tb_json_flag(python, "debug") ? "d" : "");
    free(subject->label);
    subject->label = label_of(text, strlen(text));
}

static int list_failed(const struct tb_subject *subject, const struct tb_ending *ending,
                       struct tb_error *error)
{
    int code = ending->end == TB_INTERRUPTED ? 128 + tb_signals_stopped() : TB_FAILURE;
    tb_autofree char *how = tb_ending_text(ending);

    return tb_error_set(error, code, "subject '%s': %s%s", tb_subject_program(subject), how,
                        tb_launcher_hint(ending));
}

/* Lets it list its cases, with one more flag or two, or NULL. */
static struct tb_ending run_list(const struct tb_subject *subject, char *flag, char *another)
{
    tb_autofree char *path = tb_scratch_path("list.json");
    char list[] = "--benchmark_list_tests";
    tb_autowords char **argv = tb_words_join(subject->words, (char *[]){list, flag, another, NULL});

    return tb_worker_run(&(struct tb_job){.argv = argv,
                                          .timeout_s = subject->timeout_s,
                                          .output_limit = list_limit,
                                          .sidecar = path});
}

/* The bytes of the first line, its end included. */
static size_t line_size(const char *text)
{
    size_t size = strcspn(text, "\n");

    return size + (text[size] == '\n');
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text += line_size(text))
        count++;
    return count;
}

/* Whether one of the lines is like the first one of `text`. */
static bool has_line(const char *lines, const char *text)
{
    tb_autofree char *wanted = tb_copy_part(text, line_size(text));
    bool found = false;

    for (; *lines && !found; lines += line_size(lines)) {
        tb_autofree char *line = tb_copy_part(lines, line_size(lines));

        found = tb_is_alike(line, wanted);
    }
    return found;
}

/*
 * Cuts out of the names what the program prints besides, which is what it printed when no name
 * matched: lines that are alike, and for those that are not as many from the beginning. Who lists
 * as much again does not know the filter.
 */
static void cut_banner(char *names, const char *banner)
{
    size_t left = count_lines(banner), total = count_lines(names);
    char *end = names;

    if (!left || left > most_banner || left >= total)
        return;
    for (const char *at = names; *at; at += line_size(at))
        left -= left && has_line(banner, at);
    for (const char *at = names; *at;) {
        size_t size = line_size(at);
        bool alike = has_line(banner, at);

        if (!alike && !left) {
            memmove(end, at, size);
            end += size;
        }
        left -= left && !alike;
        at += size;
    }
    *end = '\0';
}

/*
 * Another program's: what it printed is names, and what else it prints. It is asked a second time,
 * for no name and with a number of iterations, about which a library before 1.8 complains.
 */
static int read_names(struct tb_subject *subject, char *names, struct tb_error *error)
{
    char none[] = "--benchmark_filter=^threadbench lists none of them$";
    char once[] = "--benchmark_min_time=1x";
    tb_auto(tb_ending_finish) struct tb_ending ending = run_list(subject, none, once);

    if (ending.end == TB_INTERRUPTED)
        return list_failed(subject, &ending, error);
    if (tb_launcher_is_lost(&ending))
        return tb_failure(error, "subject '%s': %s", tb_subject_program(subject),
                          ending.left ? tb_launcher_parted : tb_launcher_advice);
    if (strstr(ending.written[TB_ERRORS].text, "--benchmark_min_time"))
        tb_json_set_flag(subject->seen, "takes_iterations", false);
    if (ending.end == TB_EXITED)
        cut_banner(names, ending.written[TB_OUTPUT].text);
    return tb_catalogue_from_names(names, &subject->catalogue, error);
}

/* From the sidecar where there is one, else from what was printed. */
static int read_list(struct tb_subject *subject, const struct tb_ending *ending,
                     struct tb_error *error)
{
    const struct tb_capture *sidecar = &ending->written[TB_SIDECAR];
    tb_auto(tb_glimpse_finish) struct tb_glimpse glimpse = {0};
    int code;

    if (!tb_ending_is_good(ending))
        return list_failed(subject, ending, error);
    tb_subject_hear(subject, ending->written[TB_ERRORS].text);
    if (ending->left && !sidecar->size && !ending->written[TB_OUTPUT].size)
        return tb_failure(error, "subject '%s': %s", tb_subject_program(subject),
                          tb_launcher_parted);
    if (!sidecar->size)
        return read_names(subject, ending->written[TB_OUTPUT].text, error);
    code = tb_catalogue_read(sidecar->text, sidecar->size, &subject->catalogue, error);
    if (code)
        return code;
    glimpse = tb_glimpse_told(tb_json_find(subject->catalogue.root, "process"));
    tb_loaded_note(subject, &glimpse);
    cJSON_DeleteItemFromObjectCaseSensitive(subject->catalogue.root,
                                            "process"); /* not to be listed */
    return 0;
}

static bool is_file(const char *path, struct stat *ret_status)
{
    return !stat(path, ret_status) && S_ISREG(ret_status->st_mode);
}

/* The program that a shell finds in the folders of a PATH, an empty one of which is the working
 * folder; the caller's, or NULL. */
static char *find_program(const char *path, const char *word, struct stat *ret_status)
{
    for (const char *at = path, *end; at; at = *end ? end + 1 : NULL) {
        char *found;

        end = at + strcspn(at, ":");
        found = tb_print("%.*s%s%s", (int)(end - at), at, end > at ? "/" : "", word);
        if (!access(found, X_OK) && is_file(found, ret_status))
            return found;
        free(found);
    }
    return NULL;
}

/* The file that a word names: a program, or what it is to read. The caller's; NULL for none. */
static char *path_of(const char *path, const char *word, bool first, struct stat *ret_status)
{
    if ((!first || strchr(word, '/')) && is_file(word, ret_status))
        return tb_copy(word);
    return *word && !strchr(word, '/') ? find_program(path, word, ret_status) : NULL;
}

/* Known by its bytes, so that a copy is the same. */
static cJSON *file_of(const char *path, const struct stat *status)
{
    cJSON *file = cJSON_CreateObject();
    tb_autofree char *text = NULL;
    size_t size;

    tb_json_set_text(file, "path", path);
    tb_json_set_number(file, "size", (double)status->st_size);
    if (!tb_file_read(path, file_limit, &text, &size))
        tb_json_set_number(file, "crc32", (double)crc32_z(0, (const Bytef *)text, size));
    return file;
}

/* Of all words; one may set the PATH by which the next ones are found. */
static cJSON *files_of(char *const *words)
{
    static const char assignment[] = "PATH=";
    const char *path = getenv("PATH");
    cJSON *list = cJSON_CreateArray();
    struct stat status;

    for (size_t i = 0; words[i]; i++) {
        tb_autofree char *file = path_of(path, words[i], i == 0, &status);

        if (file)
            tb_json_add(list, file_of(file, &status));
        if (tb_begins_with(words[i], assignment))
            path = words[i] + strlen(assignment);
    }
    return list;
}

void tb_target_read_files(struct tb_subject *subject)
{
    cJSON_Delete(subject->files);
    subject->files = files_of(subject->words);
}

bool tb_target_is_there(const struct tb_subject *subject)
{
    struct stat status;
    tb_autofree char *path = path_of(getenv("PATH"), tb_subject_program(subject), true, &status);

    return path != NULL;
}

static int ask(struct tb_subject *subject, struct tb_error *error)
{
    tb_auto(tb_ending_finish) struct tb_ending ending = run_list(subject, NULL, NULL);

    return read_list(subject, &ending, error);
}

int tb_target_list(struct tb_subject *subject, struct tb_error *error)
{
    int code = tb_scratch_renew(error);

    if (!code)
        code = ask(subject, error);
    if (code)
        return code;
    if (!subject->catalogue.count)
        return tb_failure(error,
                          "subject '%s' lists no benchmark: is it a Google Benchmark program?",
                          tb_subject_program(subject));
    if (!subject->files)
        tb_target_read_files(subject);
    return 0;
}
