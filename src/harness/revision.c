#include "revision.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "worker.h"

void tb_revision_finish(struct tb_revision *revision)
{
    free(revision->commit);
    free(revision->describe);
    *revision = (struct tb_revision){0};
}

/* What git prints; NULL if it fails. */
static char *ask(const char *folder, const char *command, const char *option, const char *more)
{
    const char *argv[] = {"git", "-C", folder, command, option, more, NULL};
    struct tb_job job = {
        .argv = (char *const *)argv, /* execvp() takes them so but changes nothing */
        .deadline_s = 10,
        .output_limit = 8 << 20,
    };
    tb_auto(tb_finish_finish) struct tb_finish finish = tb_worker_run(&job);
    bool well = finish.end == TB_EXITED && finish.number == 0;

    return well ? tb_copy(finish.written[TB_OUTPUT].text) : NULL;
}

/* Up to the end of the line. */
static char *ask_line(const char *folder, const char *command, const char *option, const char *more)
{
    char *text = ask(folder, command, option, more);

    if (text)
        text[strcspn(text, "\n")] = '\0';
    return text;
}

struct tb_revision tb_revision_read(const char *folder)
{
    struct tb_revision revision = {.commit = ask_line(folder, "rev-parse", "--verify", "HEAD")};
    const char *end;

    if (!revision.commit)
        return revision;
    revision.describe = ask_line(folder, "describe", "--always", "--dirty");
    end = revision.describe ? strrchr(revision.describe, '-') : NULL;
    revision.dirty = end && !strcmp(end, "-dirty");
    return revision;
}

struct tb_revision tb_revision_find(const char *folder, const char *name)
{
    tb_autofree char *commit = tb_print("%s^{commit}", name);
    struct tb_revision revision = {.commit = ask_line(folder, "rev-parse", "--verify", commit)};

    /* "^main" is one to git, and no name of a folder. */
    if (revision.commit && revision.commit[strspn(revision.commit, "0123456789abcdef")])
        tb_revision_finish(&revision);
    if (revision.commit)
        revision.describe = ask_line(folder, "describe", "--always", revision.commit);
    return revision;
}

char *tb_revision_history(const char *folder, const char *commit)
{
    return ask(folder, "rev-list", "--max-count=100000", commit);
}
