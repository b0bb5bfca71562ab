#include "run/object.h"

#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "util/file.h"
#include "util/memory.h"

/* Of larger files the path has to do. */
enum { file_limit = 256 << 20, most_headers = 1000, most_id = 64 };

/* A part of a file. */
struct part {
    const char *at;
    size_t size;
};

/* Cut to what there is. */
static struct part part_of(const struct part *whole, uint64_t offset, uint64_t size)
{
    uint64_t left = offset < whole->size ? whole->size - offset : 0;

    return (struct part){whole->at + (left ? offset : 0), (size_t)(size < left ? size : left)};
}

static char *hexadecimal(const struct part *bytes)
{
    char *text = tb_alloc(2 * bytes->size + 1, 1);

    for (size_t i = 0; i < bytes->size; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", (unsigned)(unsigned char)bytes->at[i]); /* fits */
    return text;
}

/* The build-id among the notes of a segment; NULL for none. */
static char *find_id(struct part notes)
{
    static const char owner[] = "GNU";
    ElfW(Nhdr) note;

    while (notes.size >= sizeof note) {
        struct part name, id;
        uint64_t aligned;

        memcpy(&note, notes.at, sizeof note);
        aligned = sizeof note + (((uint64_t)note.n_namesz + 3) & ~3ULL);
        name = part_of(&notes, sizeof note, note.n_namesz);
        id = part_of(&notes, aligned, note.n_descsz);
        if (note.n_type == NT_GNU_BUILD_ID && name.size == sizeof owner &&
            !memcmp(name.at, owner, sizeof owner) && id.size && id.size <= most_id)
            return hexadecimal(&id);
        notes = part_of(&notes, aligned + (((uint64_t)note.n_descsz + 3) & ~3ULL), notes.size);
    }
    return NULL;
}

static char *build_id_of(const struct part *file)
{
    ElfW(Ehdr) head;
    ElfW(Phdr) segment;
    char *id = NULL;

    if (file->size < sizeof head)
        return NULL;
    memcpy(&head, file->at, sizeof head);
    if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_phentsize != sizeof segment ||
        head.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
        return NULL;
    for (size_t i = 0; !id && i < head.e_phnum && i < most_headers; i++) {
        struct part header = part_of(file, head.e_phoff + i * sizeof segment, sizeof segment);

        if (header.size < sizeof segment)
            break;
        memcpy(&segment, header.at, sizeof segment);
        if (segment.p_type == PT_NOTE)
            id = find_id(part_of(file, segment.p_offset, segment.p_filesz));
    }
    return id;
}

/* The C library and its loader print a banner, of which this is the end. */
static char *version_of(const struct part *file)
{
    static const char mark[] = " release version ";
    const char *found = memmem(file->at, file->size, mark, strlen(mark)), *end;

    if (!found)
        return NULL;
    found += strlen(mark);
    for (end = found; end < file->at + file->size && strchr("0123456789.", *end) && *end;)
        end++;
    while (end > found && end[-1] == '.')
        end--;
    return end > found ? tb_print("glibc %.*s", (int)(end - found), found) : NULL;
}

struct tb_object tb_object_of(const char *bytes, size_t size)
{
    struct part file = {bytes, size};

    return (struct tb_object){.build_id = build_id_of(&file), .version = version_of(&file)};
}

struct tb_object tb_object_read(const char *path)
{
    struct tb_object object = {0};
    struct stat status;
    tb_autofree char *text = NULL;
    size_t size;

    /* A path of a document may be that of a pipe, which nobody writes to. */
    if (stat(path, &status) || !S_ISREG(status.st_mode) ||
        tb_file_read(path, file_limit, &text, &size))
        return object;
    object = tb_object_of(text, size);
    object.crc32 = (uint32_t)crc32_z(0, (const Bytef *)text, size);
    return object;
}

void tb_object_finish(struct tb_object *object)
{
    free(object->build_id);
    free(object->version);
    *object = (struct tb_object){0};
}
