#include "objects.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_ID = 64 };

struct visitor {
    void (*visit)(void *user, uintptr_t start, const char *build_id);
    void *user;
};

static size_t aligned(size_t size)
{
    return (size + 3) & ~(size_t)3;
}

/* The bytes of a note's description, if it is a build-id of at most MOST_ID bytes. */
static size_t id_size(const ElfW(Nhdr) * note)
{
    return note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof("GNU") &&
                   !memcmp(note + 1, "GNU", sizeof("GNU")) && note->n_descsz <= MOST_ID
               ? note->n_descsz
               : 0;
}

/* The build-id among the notes of a segment; empty for none. */
static void find_id(const char *notes, size_t size, char *id)
{
    for (size_t at = 0, step; at + sizeof(ElfW(Nhdr)) <= size; at += step) {
        const ElfW(Nhdr) *note = (const void *)(notes + at);
        const char *bytes = notes + at + sizeof(*note) + aligned(note->n_namesz);
        size_t count = id_size(note);

        for (size_t i = 0; i < count; i++)
            (void)snprintf(id + 2 * i, 3, "%02x", (unsigned)(unsigned char)bytes[i]); /* fits */
        step = sizeof(*note) + aligned(note->n_namesz) + aligned(note->n_descsz);
    }
}

static int visit_object(struct dl_phdr_info *info, size_t size, void *user)
{
    const struct visitor *visitor = user;
    char id[2 * MOST_ID + 1] = "";
    uintptr_t first = UINTPTR_MAX, page = (uintptr_t)sysconf(_SC_PAGESIZE);

    (void)size; /* what is used was always there */
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t at = info->dlpi_addr + segment->p_vaddr;

        if (segment->p_type == PT_LOAD && at < first)
            first = at;
        if (segment->p_type == PT_NOTE && !*id)
            find_id((const char *)at, segment->p_memsz, id);
    }
    if (*id)
        visitor->visit(visitor->user, first & ~(page - 1), id);
    return 0;
}

void tb_objects_visit(void (*visit)(void *user, uintptr_t start, const char *build_id), void *user)
{
    (void)dl_iterate_phdr(visit_object, &(struct visitor){visit, user}); /* 0, as its function */
}
