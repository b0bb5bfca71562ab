#include "document/subject.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* Of what is heard: texts of a subject, lines of a process, bytes of a line. */
enum { most_notes = 8, most_lines = 3, most_bytes = 300 };

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

const cJSON *tb_subject_python(const struct tb_subject *subject)
{
    return tb_json_find(subject->catalogue.root, "python");
}

/* The first of its files, or the one after env. */
static const cJSON *first_file(const struct tb_subject *subject)
{
    const cJSON *first = cJSON_GetArrayItem(subject->files, 0);
    const char *path = tb_json_text(first, "path");

    return path && tb_ends_with(path, "/env") ? cJSON_GetArrayItem(subject->files, 1) : first;
}

/* The next word that has a blank, such as a shell's script, whose files are not known; or NULL. */
static char *const *next_script(char *const *words)
{
    while (*words && !strpbrk(*words, " \t\n"))
        words++;
    return *words ? words : NULL;
}

/* Whether both have the same scripts. */
static bool has_same_scripts(const struct tb_subject *a, const struct tb_subject *b)
{
    char *const *one = next_script(a->words), *const *other = next_script(b->words);

    while (one && other && !strcmp(*one, *other)) {
        one = next_script(one + 1);
        other = next_script(other + 1);
    }
    return !one && !other;
}

bool tb_is_same_program(const struct tb_subject *a, const struct tb_subject *b)
{
    const cJSON *one = first_file(a), *other = first_file(b);
    bool same = one && other && has_same_scripts(a, b);

    for (; same && one && other; one = one->next, other = other->next)
        same = tb_json_number(one, "crc32", -1) >= 0 &&
               tb_json_number(one, "crc32", -1) == tb_json_number(other, "crc32", -2) &&
               tb_json_number(one, "size", -1) == tb_json_number(other, "size", -2);
    return same && !one && !other;
}

void tb_subject_note(const struct tb_subject *subject, const char *list, const char *text)
{
    cJSON *texts = cJSON_GetObjectItemCaseSensitive(subject->seen, list), *item;

    tb_json_each(item, texts) {
        if (tb_is_alike(item->valuestring, text))
            return;
    }
    if (texts && cJSON_GetArraySize(texts) < most_notes)
        tb_json_add(texts, cJSON_CreateString(text));
}

static bool is_usual(const char *line)
{
    static const char *const marks[] = {"***WARNING***", "--benchmark_min_time"};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strstr(line, marks[i]))
            return true;
    }
    return !*line;
}

void tb_subject_hear(const struct tb_subject *subject, const char *text)
{
    for (size_t heard = 0; *text && heard < most_lines;) {
        size_t size = strcspn(text, "\n");
        tb_autofree char *line = tb_copy_part(text, size < most_bytes ? size : most_bytes);

        tb_trim(line);
        text += size + (text[size] == '\n');
        if (is_usual(line))
            continue;
        tb_subject_note(subject, "stderr", line);
        heard++;
    }
}

void tb_subject_finish(struct tb_subject *subject)
{
    free(subject->label);
    tb_words_free(subject->words);
    tb_catalogue_finish(&subject->catalogue);
    cJSON_Delete(subject->files);
    cJSON_Delete(subject->seen);
    *subject = (struct tb_subject){0};
}

void tb_revision_finish(struct tb_revision *revision)
{
    free(revision->commit);
    free(revision->describe);
    *revision = (struct tb_revision){0};
}
