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

/* What git prints, up to the end of the line; NULL if it fails. */
static char *ask(const char *folder, const char *command, const char *option, const char *more)
{
    const char *argv[] = {"git", "-C", folder, command, option, more, NULL};
    struct tb_job job = {
        .argv = (char *const *)argv, /* execvp() takes them so but changes nothing */
        .deadline_s = 10,
        .output_limit = 1024,
    };
    struct tb_finish finish = tb_worker_run(&job);
    char *line = NULL;

    if (finish.end == TB_EXITED && finish.number == 0)
        line = tb_print("%.*s", (int)strcspn(finish.written[TB_OUTPUT].text, "\n"),
                        finish.written[TB_OUTPUT].text);
    tb_finish_finish(&finish);
    return line;
}

struct tb_revision tb_revision_read(const char *folder)
{
    struct tb_revision revision = {.commit = ask(folder, "rev-parse", "--verify", "HEAD")};
    const char *mark;

    if (!revision.commit)
        return revision;
    revision.describe = ask(folder, "describe", "--always", "--dirty");
    mark = revision.describe ? strrchr(revision.describe, '-') : NULL;
    revision.dirty = mark && !strcmp(mark, "-dirty");
    return revision;
}
