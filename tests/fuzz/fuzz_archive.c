/* What an archive is read from besides documents. */
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "archive/archive.h"
#include "document/digest.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/texts.h"

/* The parts of a document's name, put together, are its end. */
static void check_name(const struct tb_archive_entry *entry)
{
    tb_autofree char *name = NULL, *rest = NULL;

    assert(entry->kind == TB_ARCHIVED_DOCUMENT || entry->kind == TB_ARCHIVED_FOREIGN);
    if (entry->kind == TB_ARCHIVED_FOREIGN)
        return;
    name = tb_print("%s/%s%s/%s-%s%s%s-", entry->host, entry->commit ? entry->commit : "none",
                    entry->dirty ? "-dirty" : "", entry->time, entry->run_id,
                    entry->label ? "-" : "", entry->label ? entry->label : "");
    rest = tb_copy_part(entry->path, strlen(entry->path) - strlen("01234567.json"));
    assert(tb_ends_with(rest, name));
}

/* Up to the next line's end, which becomes its own. */
static const char *next_line(char **rest)
{
    char *line = strsep(rest, "\n");

    return line ? line : "";
}

static cJSON *context_of(char *text)
{
    static const char *const keys[] = {"started_utc", "run_id", "commit", "label"};
    cJSON *context = cJSON_CreateObject(), *ours = tb_json_set_object(context, "threadbench");

    tb_json_set_text(context, "host_name", next_line(&text));
    tb_json_set_text(context, "date", next_line(&text));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        cJSON *place = i < 2 ? ours : tb_json_set_object(ours, i == 2 ? "revision" : "subject");
        const char *line = next_line(&text);

        if (*line)
            tb_json_set_text(place, keys[i], line);
    }
    return context;
}

/* A path of an archive's, and the texts that a path is made of, a line each. */
void tb_fuzz_name(char *text, size_t size)
{
    tb_auto(tb_archive_entry_finish) struct tb_archive_entry entry = {0}, made = {0};
    tb_autojson cJSON *context = NULL;
    tb_autofree char *path = NULL;
    size_t levels = 0;

    (void)size;
    tb_archive_parse(&entry, text);
    check_name(&entry);
    context = context_of(text);
    path = tb_archive_path("folder", context, 7);
    if (!path)
        return;
    tb_archive_parse(&made, path);
    assert(made.kind == TB_ARCHIVED_DOCUMENT && tb_begins_with(path, "folder/"));
    for (const char *at = path; (at = strchr(at, '/')) != NULL; at++)
        levels++;
    assert(levels == 3);
    check_name(&made);
}

void tb_fuzz_digest(char *text, size_t size)
{
    tb_auto(tb_texts_finish) struct tb_texts texts = {0};
    tb_auto(tb_digest_finish) struct tb_digest digest = {0};
    tb_autofree char *again = NULL;
    size_t again_size;

    if (!tb_digest_read(text, size, &texts, &digest))
        return;
    again = tb_digest_bytes(&digest, &again_size);
    tb_digest_finish(&digest);
    if (!tb_digest_read(again, again_size, &texts, &digest))
        abort();
}
