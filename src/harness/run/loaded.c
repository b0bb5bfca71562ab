#include "run/loaded.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "run/object.h"
#include "run/worker.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

enum { list_limit = 1 << 20, list_timeout_s = 10, most_looks = 10 };

/* A file, where it is first mapped. */
struct mapped {
    uint64_t start;
    const char *path; /* within the text of the maps */
};

struct maps {
    char *text; /* owned, as is the next */
    struct mapped *files;
    size_t count;
};

static void maps_finish(struct maps *maps)
{
    free(maps->text);
    free(maps->files);
}

/* "START-END rwxp OFFSET DEVICE INODE   /PATH": what has no path is no file. */
static struct maps maps_of(const char *text)
{
    struct maps maps = {.text = tb_copy(text)};
    char *rest = NULL;

    for (char *line = strtok_r(maps.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        const char *path = strchr(line, '/');

        if (!path || (maps.count && !strcmp(maps.files[maps.count - 1].path, path)))
            continue;
        maps.files = tb_room(maps.files, maps.count, sizeof *maps.files);
        maps.files[maps.count++] = (struct mapped){strtoull(line, NULL, 16), path};
    }
    return maps;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* glibc's, also before it lost its number, and musl's, which is its loader as well. */
static const struct mapped *find_libc(const struct maps *maps)
{
    static const char *const names[] = {"libc.so", "libc-2.", "ld-musl-"};

    for (size_t i = 0; i < maps->count; i++) {
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            if (tb_begins_with(name_of(maps->files[i].path), names[k]))
                return &maps->files[i];
        }
    }
    return NULL;
}

/* Where its program names none it may be linked statically, and have a loader all the same for what
 * it loads later; or it is one itself, by whatever name, which was given the program to run. */
static const struct mapped *find_loader(const struct maps *maps, const struct tb_glimpse *glimpse)
{
    const struct mapped *program = NULL;

    for (size_t i = 0; i < maps->count; i++) {
        const struct mapped *file = &maps->files[i];

        if (glimpse->base ? file->start == glimpse->base
                          : tb_begins_with(name_of(file->path), "ld-"))
            return file;
        if (!glimpse->base && tb_same(file->path, glimpse->exe))
            program = file;
    }
    return program;
}

/* By its name, which may go on with a version: "libx.so" is found as ".../libx.so.2". */
static const struct mapped *find_preloaded(const struct maps *maps, const char *word)
{
    tb_autofree char *real = realpath(word, NULL);
    const char *name = name_of(word);

    for (size_t i = 0; i < maps->count; i++) {
        const char *its = name_of(maps->files[i].path);
        bool begins = tb_begins_with(its, name);

        if (tb_same(maps->files[i].path, real) ||
            (begins && (!its[strlen(name)] || its[strlen(name)] == '.')))
            return &maps->files[i];
    }
    return NULL;
}

static void add(cJSON *list, const char *role, const struct mapped *file,
                const struct tb_glimpse *glimpse)
{
    tb_autofree char *start = tb_print("%" PRIx64, file->start);
    const cJSON *told = cJSON_GetObjectItemCaseSensitive(glimpse->build_ids, start);
    tb_auto(tb_object_finish) struct tb_object object = {0};
    bool is_preloaded = !strcmp(role, "preloaded"); /* it may have the text of a version in it */
    cJSON *item = tb_json_add_object(list);
    const char *version;

    if (glimpse->visible)
        object = tb_object_read(file->path);
    version = glimpse->libc ? glimpse->libc : object.version;
    tb_json_set_text(item, "role", role);
    tb_json_set_text(item, "path", file->path);
    tb_json_set_text(item, "version", is_preloaded ? NULL : version);
    tb_json_set_text(item, "build_id", told ? cJSON_GetStringValue(told) : object.build_id);
    tb_json_set_number(item, "crc32", object.crc32 ? (double)object.crc32 : NAN);
}

static void add_preloaded(cJSON *list, const struct maps *maps, const struct tb_glimpse *glimpse,
                          const struct tb_subject *subject)
{
    tb_autofree char *words = tb_copy(glimpse->preload);
    char *rest = NULL;

    for (char *word = words ? strtok_r(words, ": ", &rest) : NULL; word;
         word = strtok_r(NULL, ": ", &rest)) {
        const struct mapped *file = find_preloaded(maps, word);
        tb_autofree char *missing = file ? NULL : tb_print("LD_PRELOAD: %s is not loaded", word);

        if (file)
            add(list, "preloaded", file, glimpse);
        else
            tb_subject_note(subject, "without_effect", missing);
    }
}

/* What the loader lists of a tunable, "NAME: VALUE (min: A, max: B)"; NULL: it has none of that
 * name. */
static const char *find_tunable(const char *list, const char *name)
{
    tb_autofree char *mark = tb_print("%s:", name);

    while (list && *list && !tb_begins_with(list, mark)) {
        list = strchr(list, '\n');
        list += list != NULL;
    }
    return list && *list ? list : NULL;
}

static bool is_within(const char *line, double value)
{
    const char *least = strstr(line, "(min: "), *most = strstr(line, ", max: ");
    const char *end = strchr(line, '\n');

    return !least || !most || (end && most > end) ||
           (value >= strtod(least + strlen("(min: "), NULL) &&
            value <= strtod(most + strlen(", max: "), NULL));
}

/* Why "NAME=VALUE" has no effect; the caller's, NULL: it may have one. */
static char *refusal_of(char *setting, const char *list, const char *loader)
{
    char *equals = strchr(setting, '=');
    const char *line;

    if (equals)
        *equals = '\0';
    if (!equals)
        return tb_print("GLIBC_TUNABLES: %s has no value", setting);
    line = find_tunable(list, setting);
    if (!line)
        return tb_print("GLIBC_TUNABLES: %s has no tunable %s", loader, setting);
    if (!is_within(line, strtod(equals + 1, NULL)))
        return tb_print("GLIBC_TUNABLES: %s is not in the range of %s", equals + 1, setting);
    return NULL;
}

/* A loader before glibc 2.33, or of another C library, does not list them: then nothing is known.
 */
static void check_tunables(const struct tb_subject *subject, const char *loader,
                           const char *tunables)
{
    char *rest = NULL;
    const char *const argv[] = {loader, "--list-tunables", NULL};
    const struct tb_job job = {
        .argv = (char *const *)argv, /* execvpe() takes them so but changes nothing */
        .timeout_s = list_timeout_s,
        .output_limit = list_limit,
    };
    tb_auto(tb_ending_finish) struct tb_ending ending = tb_worker_run(&job);
    tb_autofree char *settings = tb_copy(tunables);

    if (!tb_ending_is_good(&ending))
        return;
    for (char *setting = strtok_r(settings, ":", &rest); setting;
         setting = strtok_r(NULL, ":", &rest)) {
        tb_autofree char *why = refusal_of(setting, ending.written[TB_OUTPUT].text, loader);

        if (why)
            tb_subject_note(subject, "without_effect", why);
    }
}

/* Of a process that is another user's, or descends from ours too far away. */
static void note_nothing(cJSON *seen)
{
    double looks = tb_json_number(seen, "looks", 0) + 1;

    tb_json_set_number(seen, "looks", looks);
    if (looks >= most_looks)
        tb_json_set(seen, "loaded", cJSON_CreateNull());
}

void tb_loaded_note(const struct tb_subject *subject, const struct tb_glimpse *glimpse)
{
    tb_auto(maps_finish) struct maps maps = {0};
    const struct mapped *libc, *loader;
    cJSON *list;

    if (tb_json_find(subject->seen, "loaded"))
        return;
    if (!glimpse->maps) {
        if (glimpse->tried)
            note_nothing(subject->seen);
        return;
    }
    maps = maps_of(glimpse->maps);
    list = tb_json_set_array(subject->seen, "loaded");
    libc = find_libc(&maps);
    loader = libc || glimpse->base ? find_loader(&maps, glimpse) : NULL;
    if (libc)
        add(list, "libc", libc, glimpse);
    if (loader)
        add(list, "loader", loader, glimpse);
    add_preloaded(list, &maps, glimpse, subject);
    if (loader && glimpse->visible && glimpse->tunables)
        check_tunables(subject, loader->path, glimpse->tunables);
}
