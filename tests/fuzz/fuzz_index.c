/*
 * The index of an archive, damaged: the bytes are changes to a good one, of which each is a place
 * of two bytes, a size and so many bytes. Whatever it is, what it gives is right or nothing.
 */
#include "fuzz.h"

#include <assert.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/index.h"
#include "util/file.h"
#include "util/memory.h"

enum { most_bytes = 1 << 20 };

static char folder[64];
static char name[] = "a/h/none/20261123T005102Z-1-01234567.json", root[] = "a";
static char *path, *good;
static size_t good_size;

static struct tb_archive_entry entry = {.path = name, .kind = TB_ARCHIVED_DOCUMENT, .size = 7};
static const struct tb_archive archive = {.folder = root, .entries = &entry, .count = 1};

static void leave(void)
{
    tb_file_remove_all(folder);
}

/* In memory where that is possible: a disk would be what is waited for. */
static void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "%s/threadbench-fuzz-index-XXXXXX", /* fits */
                   access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    assert(mkdtemp(folder) && !setenv("XDG_CACHE_HOME", folder, 1) && !atexit(leave));
}

/* Has one made in a cache folder of its own, and takes it for the good one. */
static void begin(void)
{
    tb_autofree char *pattern = NULL;
    const bool wanted = false;
    struct tb_digests digests;
    glob_t found;
    int err;

    make_folder();
    pattern = tb_print("%s/threadbench/index-*.sqlite", folder);
    digests = tb_index_read(&archive, &wanted);
    tb_digests_finish(&digests);
    err = glob(pattern, 0, NULL, &found);
    assert(!err && found.gl_pathc == 1);
    path = tb_copy(found.gl_pathv[0]);
    globfree(&found);
    err = tb_file_read(path, most_bytes, &good, &good_size);
    assert(!err && good_size);
}

static void damage(char *bytes, const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + size;

    while (end - at > 3) {
        size_t place = (size_t)at[0] << 8 | at[1], count = at[2];

        at += 3;
        for (; count-- && at < end; at++, place++)
            bytes[place % good_size] = (char)*at;
    }
}

static void write_bytes(const char *bytes)
{
    FILE *file = fopen(path, "wb");

    assert(file && fwrite(bytes, 1, good_size, file) == good_size && !fclose(file));
}

void tb_fuzz_index(char *text, size_t size)
{
    const bool wanted = false;
    struct tb_digests digests;
    tb_autofree char *bytes = NULL;

    if (!path)
        begin();
    bytes = tb_alloc_text(good_size);
    memcpy(bytes, good, good_size);
    damage(bytes, text, size);
    write_bytes(bytes);
    digests = tb_index_peek(&archive);
    assert(!digests.there[0] && !digests.read);
    tb_digests_finish(&digests);
    digests = tb_index_read(&archive, &wanted);
    assert(!digests.there[0] && !digests.read && !digests.obstacle); /* made anew where need be */
    tb_digests_finish(&digests);
}
