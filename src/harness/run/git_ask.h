/*
 * Asks git, and tells what it answers from "no", and both from no answer.
 */
#ifndef TB_RUN_GIT_ASK_H
#define TB_RUN_GIT_ASK_H

#include <stddef.h>

#include "util/error.h"

struct tb_question {
    const char *folder;
    const char *const *variables; /* "NAME=VALUE", of its environment; NULL: none */
    const char *const *words;     /* the command and what follows */
    double timeout_s;             /* 0: 10 */
    size_t limit;                 /* bytes of the answer; 0: 8 MiB */
};

/*
 * What git prints, the caller's, with return 0. Else *ret_answer is NULL, and this returns
 *
 *     0            git answers "no": exit status 1, or there is no repository
 *     TB_USAGE     it refuses: the error has its own words, on one line
 *     TB_FAILURE   it does not answer: it cannot be run, was killed, or took too long
 *     128 + N      signal N told this program to stop
 *
 * Nothing is fetched, no hook or file system monitor is run, and the index is not written.
 */
int tb_git_ask(const struct tb_question *question, char **ret_answer, struct tb_error *error);

/* That git answered, and with what nobody can use. */
int tb_git_unusable(const char *command, struct tb_error *error);

#endif
