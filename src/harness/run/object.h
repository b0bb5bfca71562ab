/*
 * A file that a process has loaded, as the file tells of itself.
 */
#ifndef TB_RUN_OBJECT_H
#define TB_RUN_OBJECT_H

#include <stddef.h>
#include <stdint.h>

/* What is not known is NULL, and 0 for an unreadable file. */
struct tb_object {
    char *build_id; /* owned; in hexadecimal, from its ELF note */
    char *version;  /* owned; "glibc 2.36" of a part of the GNU C library */
    uint32_t crc32; /* of its bytes */
};

struct tb_object tb_object_read(const char *path);
void tb_object_finish(struct tb_object *object);

/* The same of a file's content; the checksum is left out. Pure. */
struct tb_object tb_object_of(const char *bytes, size_t size);

#endif
