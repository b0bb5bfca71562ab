/*
 * The word that was probably meant. Pure.
 */
#ifndef TB_CLI_SUGGEST_H
#define TB_CLI_SUGGEST_H

#include <stddef.h>

/*
 * Of `count` words the one that becomes `word` by the fewest letters inserted, removed or replaced;
 * NULL where that takes more than a third of its letters and one, and for words of over 40.
 */
const char *tb_nearest(const char *word, const char *const *words, size_t count);

#endif
