/*
 * Texts of which each is kept once: equal ones have the same address. Pure.
 */
#ifndef TB_UTIL_TEXTS_H
#define TB_UTIL_TEXTS_H

#include "util/names.h"

/* Zeroed: none. */
struct tb_texts {
    struct tb_names names; /* copies, owned */
};

/* The copy that is kept of the text, until the end; NULL for NULL. */
const char *tb_texts_keep(struct tb_texts *texts, const char *text);

void tb_texts_finish(struct tb_texts *texts);

#endif
