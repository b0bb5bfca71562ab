/*
 * A subject: a command that starts a Google Benchmark program, what it reports of itself, and of
 * which revision it is.
 */
#ifndef TB_DOCUMENT_SUBJECT_H
#define TB_DOCUMENT_SUBJECT_H

#include <stdbool.h>

#include "document/catalog.h"

struct tb_subject {
    char *label;  /* owned; what it is called beside others */
    char **words; /* owned, for tb_words_free() */
    double timeout_s;
    struct tb_catalogue catalogue;
    cJSON *files; /* of those of its words that are files, as docs/reference/result.md has them; or
                     NULL */
    /* What its processes have shown so far: "loaded", "stderr" and "without_effect" as in a
     * document, and "takes_iterations", whether its library does a number of them that is asked
     * for, where that is known. NULL: it is not to be run. */
    cJSON *seen;
};

void tb_subject_finish(struct tb_subject *subject);

/* Which revision was measured. Zeroed: none. */
struct tb_revision {
    char *commit;   /* owned; NULL: none */
    char *describe; /* owned */
    bool dirty;     /* files that git follows differ from the commit, or may: git cannot tell */
};

void tb_revision_finish(struct tb_revision *revision);

/* Adds a text to that list of what was seen, unless one that differs in digits alone is there, or
 * eight are. */
void tb_subject_note(const struct tb_subject *subject, const char *list, const char *text);

/* Notes the first three lines that a process which ended well has written on stderr, but for what
 * Google Benchmark says of our flags and of itself. */
void tb_subject_hear(const struct tb_subject *subject, const char *text);

/* The word that names the program, after "env" and the variables that it sets. */
const char *tb_subject_program(const struct tb_subject *subject);

/* What an interpreter reports of itself; NULL: the subject is none. It lives in the catalogue. */
const cJSON *tb_subject_python(const struct tb_subject *subject);

/* Whether both are known to run the same files, byte for byte, wherever these are: env, which sets
 * variables, does not count. False where either tells of none, or their scripts differ. */
bool tb_is_same_program(const struct tb_subject *a, const struct tb_subject *b);

/* Whether the word is "NAME=VALUE", as a shell takes it before a command. */
bool tb_is_assignment(const char *word);

#endif
