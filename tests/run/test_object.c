/* What an ELF file tells of itself, and that no damage to it does any. */
#include "run/object.h"

#include "check.h"
#include "util/file.h"
#include "util/memory.h"

#include <elf.h>
#include <link.h>

/* A file with one note, whose description has `size` bytes, and the loader's banner. */
struct file {
    ElfW(Ehdr) head;
    ElfW(Phdr) segment;
    ElfW(Nhdr) note;
    char owner[4];
    unsigned char id[4];
    char banner[40];
};

static struct file file_of(unsigned size)
{
    struct file file = {
        .head = {.e_ident = ELFMAG,
                 .e_phoff = sizeof(ElfW(Ehdr)),
                 .e_phentsize = sizeof(ElfW(Phdr)),
                 .e_phnum = 1},
        .segment = {.p_type = PT_NOTE,
                    .p_offset = offsetof(struct file, note),
                    .p_filesz = sizeof(ElfW(Nhdr)) + 8},
        .note = {.n_namesz = 4, .n_descsz = size, .n_type = NT_GNU_BUILD_ID},
        .owner = "GNU",
        .id = {0x01, 0xab, 0x00, 0xff},
        .banner = "ld.so stable release version 2.36.\n",
    };

    file.head.e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    return file;
}

static void build_id_and_version(void **state)
{
    const struct file file = file_of(4);
    tb_auto(tb_object_finish) struct tb_object object =
        tb_object_of((const char *)&file, sizeof file);

    (void)state;
    assert_string_equal(object.build_id, "01ab00ff");
    assert_string_equal(object.version, "glibc 2.36");
}

/* Copies are of the very size, so that a sanitizer sees what is read beyond it. */
static void try_bytes(const void *bytes, size_t size)
{
    tb_autofree char *copy = tb_copy_part("", 0);
    struct tb_object object;

    copy = tb_grow(copy, size, 1);
    memcpy(copy, bytes, size);
    object = tb_object_of(copy, size);
    tb_object_finish(&object);
}

static void damage_does_no_harm(void **state)
{
    const struct file good = file_of(4);

    (void)state;
    for (size_t size = 0; size <= sizeof good; size++)
        try_bytes(&good, size);
    for (size_t i = 0; i < sizeof good; i++) {
        for (int byte = 0; byte < 256; byte += 5) {
            struct file file = good;

            ((unsigned char *)&file)[i] = (unsigned char)byte;
            try_bytes(&file, sizeof file);
        }
    }
}

static void what_is_no_object_has_neither(void **state)
{
    const struct file file = file_of(0);
    tb_auto(tb_object_finish) struct tb_object empty =
        tb_object_of((const char *)&file, sizeof file);
    tb_auto(tb_object_finish) struct tb_object missing = tb_object_read("/none");
    tb_auto(tb_object_finish) struct tb_object text = tb_object_of("text", 4);

    (void)state;
    assert_null(empty.build_id);
    assert_null(missing.build_id);
    assert_int_equal(missing.crc32, 0);
    assert_null(text.build_id);
    assert_null(text.version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(build_id_and_version),
        cmocka_unit_test(damage_does_no_harm),
        cmocka_unit_test(what_is_no_object_has_neither),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
