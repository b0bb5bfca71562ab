#include "document/subject.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/strings.h"

bool tb_is_assignment(const char *word)
{
    size_t size = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789");

    return size && word[size] == '=' && !isdigit((unsigned char)*word);
}

const char *tb_subject_program(const struct tb_subject *subject)
{
    char *const *word = subject->words;

    if (word[0] && !strcmp(word[0], "env") && word[1] && tb_is_assignment(word[1]))
        word++;
    while (word[0] && word[1] && tb_is_assignment(*word))
        word++;
    return *word;
}

void tb_subject_finish(struct tb_subject *subject)
{
    free(subject->label);
    tb_words_free(subject->words);
    tb_catalogue_finish(&subject->catalogue);
    cJSON_Delete(subject->files);
    *subject = (struct tb_subject){0};
}

void tb_revision_finish(struct tb_revision *revision)
{
    free(revision->commit);
    free(revision->describe);
    *revision = (struct tb_revision){0};
}
