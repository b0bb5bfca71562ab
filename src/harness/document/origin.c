#include "document/origin.h"

#include <stdio.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* What a subject may have loaded. */
static const struct {
    const char *role, *what;
} roles[] = {
    {"libc", "the C library"},
    {"loader", "the loader"},
    {"preloaded", "what is preloaded"},
};

static const char static_program[] = "no shared C library";

/* The first of the objects that has the role; NULL for none. */
static const cJSON *next_of(const cJSON *object, const char *role)
{
    while (object && !tb_same(tb_json_text(object, "role"), role))
        object = object->next;
    return object;
}

/* By what marks them, wherever they are: without a build-id the bytes, without these the path. */
static bool is_same_object(const cJSON *a, const cJSON *b)
{
    const char *id = tb_json_text(a, "build_id"), *other = tb_json_text(b, "build_id");
    double crc = tb_json_number(a, "crc32", -1), others = tb_json_number(b, "crc32", -1);

    if (id && other)
        return !strcmp(id, other);
    if (crc >= 0 && others >= 0)
        return crc == others;
    return tb_same(tb_json_text(a, "path"), tb_json_text(b, "path"));
}

static bool are_same(const cJSON *a, const cJSON *b, const char *role)
{
    a = next_of(a->child, role);
    b = next_of(b->child, role);
    while (a && b && is_same_object(a, b)) {
        a = next_of(a->next, role);
        b = next_of(b->next, role);
    }
    return !a && !b;
}

const char *tb_loaded_differs(const cJSON *loaded, const cJSON *other)
{
    bool known = cJSON_IsArray(loaded) && cJSON_IsArray(other);

    for (size_t i = 0; known && i < sizeof roles / sizeof *roles; i++) {
        if (!are_same(loaded, other, roles[i].role))
            return roles[i].what;
    }
    return NULL;
}

const char *tb_loaded_libc(const cJSON *loaded)
{
    if (cJSON_IsArray(loaded) && !loaded->child)
        return static_program;
    return tb_json_text(loaded ? next_of(loaded->child, "libc") : NULL, "version");
}

const char *tb_origin_loads_other(struct tb_origin *origin, const cJSON *context)
{
    const cJSON *loaded = tb_json_find(context, "threadbench.subject.loaded");
    const char *libc = tb_loaded_libc(loaded);

    if (!libc) /* as documents had it that do not tell what was loaded */
        libc = tb_json_text(context, "threadbench.host.libc");
    if (libc && !origin->libc)
        origin->libc = libc;
    if (libc && strcmp(libc, origin->libc) != 0)
        return roles[0].what;
    if (!origin->loaded && cJSON_IsArray(loaded))
        origin->loaded = loaded;
    return tb_loaded_differs(loaded, origin->loaded);
}

char *tb_loaded_text(const cJSON *loaded)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    const char *before = "";

    for (size_t i = 0; loaded && i < sizeof roles / sizeof *roles; i++) {
        const cJSON *item = next_of(loaded->child, roles[i].role);

        for (; item; item = next_of(item->next, roles[i].role)) {
            const char *version = tb_json_text(item, "version"), *path = tb_json_text(item, "path");
            const char *id = tb_json_text(item, "build_id");

            /* In memory, as the next one. */
            (void)fprintf(out, "%s%s %s (build-id %.12s)", before,
                          i         ? roles[i].role
                          : version ? version
                                    : "C library",
                          path ? path : "?", id ? id : "unknown");
            before = ", ";
        }
    }
    if (!*before)
        (void)fputs(cJSON_IsArray(loaded) ? static_program : "unknown", out);
    (void)fclose(out);
    return text;
}

const char *tb_origin_differs(struct tb_origin *origin, const cJSON *context)
{
    static const char *const members[TB_ORIGIN_MEMBERS][2] = {
        {"host_name", "the host"},
        {"library_version", "the benchmark library"},
        {"threadbench.host.cpu", TB_ORIGIN_PROCESSOR},
        {"threadbench.host.machine", "the architecture"},
        {"threadbench.host.kernel.release", "the kernel"},
        {"threadbench.host.kernel.version", "the kernel's build"},
    };
    const char *what = NULL;

    for (size_t i = 0; !what && i < TB_ORIGIN_MEMBERS; i++) {
        const char *text = tb_json_text(context, members[i][0]);

        if (text && !origin->texts[i])
            origin->texts[i] = text;
        else if (text && strcmp(text, origin->texts[i]) != 0)
            what = members[i][1];
    }
    return what;
}
