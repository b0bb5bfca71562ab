#include "cli/label.h"

#include <stdlib.h>

#include "run/target.h"
#include "util/memory.h"
#include "util/strings.h"

char *tb_label_usual(size_t index)
{
    tb_autofree char *number = index < 26 ? tb_copy("") : tb_print("%zu", index / 26);

    return tb_print("%c%s", (int)('a' + index % 26), number);
}

/* Whether an arm before the one at `index` is called as that is. */
static bool is_taken(const struct tb_arm *arms, size_t index)
{
    const char *label = arms[index].subject.label;

    for (size_t i = 0; label && i < index; i++) {
        if (tb_same(arms[i].subject.label, label))
            return true;
    }
    return false;
}

static void name_by_version(struct tb_arm *arms, size_t index)
{
    struct tb_subject *subject = &arms[index].subject;
    tb_autofree char *version = NULL;

    tb_target_relabel(subject);
    version = tb_copy(subject->label);
    for (unsigned number = 2; is_taken(arms, index); number++) {
        free(subject->label);
        subject->label = tb_print("%s-%u", version, number);
    }
}

int tb_label_check(struct tb_arm *arms, size_t index, const char *interpreter,
                   struct tb_error *error)
{
    if (interpreter && !tb_target_is_labelled(interpreter))
        name_by_version(arms, index);
    if (!is_taken(arms, index))
        return 0;
    return tb_misuse(error,
                     "two subjects are called '%s': give one of them another name, "
                     "'NAME: COMMAND'",
                     arms[index].subject.label);
}
