/* What git reports of a work tree, and what of it becomes the configuration of a folder of our own.
 * See fuzz_system.c for the file that is included. */
#include "fuzz.h"

/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "run/git_tree.c"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

/* Whether it is one of the five settings that are asked for, with a plain value. */
static bool is_plain_setting(const char *line)
{
    static const char *const names[] = {
        "filemode = ", "symlinks = ", "ignorecase = ", "autocrlf = ", "eol = "};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = line + strlen(names[i]);

        if (!tb_begins_with(line, names[i]))
            continue;
        while (isalnum((unsigned char)*value))
            value++;
        return !*value;
    }
    return false;
}

/* Whatever the repository's own is like: git obeys what is in there. */
static void check_configuration(char *settings)
{
    static const char head[] = "[core]\nrepositoryformatversion = 0\nbare = false\n";
    tb_autofree char *text = configuration(COMMIT, settings);
    char *rest = text + strlen(head);

    assert(tb_begins_with(text, head));
    for (const char *line; (line = cut_line(&rest)) != NULL;)
        assert(is_plain_setting(line));
    assert(!*rest);
}

static void check_status(char *text)
{
    static const char head[] = "# branch.oid " COMMIT "\n";
    tb_autofree char *before = tb_copy(text);
    bool changed = false, dirty = false;
    struct tb_error error;
    int code = read_status(text, COMMIT, &dirty, &error);

    assert(!code == tb_begins_with(before, head));
    for (const char *at = before; (at = strchr(at, '\n')) != NULL && strchr(++at, '\n');)
        changed |= *at != '#';
    assert(dirty == (!code && changed));
}

/* The settings, then a byte of 1 and the status. */
void tb_fuzz_tree(char *text, size_t size)
{
    char *mark = strchr(text, '\1');

    (void)size;
    if (mark) {
        *mark = '\0';
        check_status(mark + 1);
    }
    check_configuration(text);
}
