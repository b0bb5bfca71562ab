/*
 * What git, the kernel and programs print. Some of it is read within a file: that file is a part of
 * this one, in the place of the library's.
 */
#include "fuzz.h"

/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "run/git.c"
#include "run/glimpse.c"
/* NOLINTEND(bugprone-suspicious-include) */

#include <assert.h>
#include <sys/mman.h>

#include "run/loaded.h"
#include "run/object.h"
#include "run/procstat.h"

/* The part that follows the next byte of 1, by which it is ended; "" where there is none. */
static char *cut_at_mark(char *text)
{
    char *mark = strchr(text, '\1');

    if (!mark)
        return text + strlen(text);
    *mark = '\0';
    return mark + 1;
}

void tb_fuzz_git(char *text, size_t size)
{
    static const char *const asked[] = {"0123456789abcdef0123456789abcdef01234567", "x"};
    tb_auto(tb_git_line_finish) struct tb_git_line line = {0};
    tb_autofree char *known_text = tb_copy(text);
    bool known[2] = {false, false};

    (void)size;
    mark_known(known_text, asked, 2, known);
    assert(!known[0] || strstr(text, asked[0]));
    read_line(tb_copy(text), &line);
    for (size_t i = 0; i < line.count; i++) {
        assert(!strchr(line.commits[i], '\n') && !strpbrk(line.subjects[i], "\n\t\r"));
        assert(tb_names_find(&line.names, line.commits[i]) <= i);
    }
}

/* What /proc has of a process: its maps, then a byte of 1, and its environment. */
void tb_fuzz_process(char *text, size_t size)
{
    static char exe[] = "/bin/program";
    char *all = cut_at_mark(text);
    size_t left = size - (size_t)(all - text);
    tb_autojson cJSON *seen = cJSON_CreateObject();
    tb_auto(tb_glimpse_finish) struct tb_glimpse glimpse = {
        .tried = true,
        .maps = tb_copy(text),
        .exe = tb_copy(exe),
        .base = base_of(all, left),
    };

    (void)tb_json_set_array(seen, "without_effect");
    glimpse.preload = variable_of(all, left, "LD_PRELOAD");
    glimpse.tunables = tunables_of(all, left);
    tb_loaded_note(&(struct tb_subject){.seen = seen}, &glimpse);
    assert(cJSON_IsArray(tb_json_find(seen, "loaded")));
}

/* A file of the kernel's, of which the mark's value is asked. */
void tb_fuzz_kernel(char *text, size_t size)
{
    static char path[32];
    static int fd = -1;
    double numbers[8];
    size_t count;

    if (fd < 0) {
        fd = memfd_create("kernel", MFD_CLOEXEC);
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* fits */
    }
    assert(!ftruncate(fd, 0) && pwrite(fd, text, size, 0) == (ssize_t)size);
    count = tb_kernel_numbers(path, "cpu ", numbers, 8);
    assert(count <= 8 && (!count || strstr(text, "cpu ")));
    free(tb_kernel_text(path, "model name"));
    (void)tb_kernel_number(path, "");
}

void tb_fuzz_object(char *text, size_t size)
{
    tb_auto(tb_object_finish) struct tb_object object = tb_object_of(text, size);

    assert(!object.build_id || strlen(object.build_id) <= 128);
    assert(!object.version || tb_begins_with(object.version, "glibc "));
}
