/*
 * What is in a folder.
 */
#ifndef TB_UTIL_FOLDER_H
#define TB_UTIL_FOLDER_H

#include <stdbool.h>

/* Whether there is a folder, or a link to one. */
bool tb_is_folder(const char *path);

/*
 * The names in a folder but "." and "..", by their bytes, for tb_words_free(). Returns 0 or an
 * errno value, also where the folder could not be read to its end, which fts(3) takes for the end:
 * the names are then those that were read.
 */
int tb_folder_names(const char *folder, char ***ret_names);

/* The path of a name in a folder, whose own may end with '/'; the caller's. */
char *tb_folder_path(const char *folder, const char *name);

#endif
