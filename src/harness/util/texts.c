#include "util/texts.h"

#include <stdlib.h>

#include "util/memory.h"

const char *tb_texts_keep(struct tb_texts *texts, const char *text)
{
    size_t at = text ? tb_names_find(&texts->names, text) : 0;

    if (!text)
        return NULL;
    if (at == texts->names.count)
        at = tb_names_add(&texts->names, tb_copy(text));
    return texts->names.names[at];
}

void tb_texts_finish(struct tb_texts *texts)
{
    for (size_t i = 0; i < texts->names.count; i++)
        free((void *)texts->names.names[i]); /* its own copies */
    tb_names_finish(&texts->names);
}
