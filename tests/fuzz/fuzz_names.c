/* What a program prints that knows nothing of us. See fuzz_system.c for the file that is included.
 */
#include "fuzz.h"

/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "run/target.c"

#include <assert.h>

/* What it printed when it was asked for its names, then a byte of 1 and what it printed when none
 * was to be listed. */
void tb_fuzz_names(char *text, size_t size)
{
    tb_autojson cJSON *seen = cJSON_CreateObject();
    tb_auto(tb_catalogue_finish) struct tb_catalogue catalogue = {0};
    char *mark = strchr(text, '\1');
    struct tb_error error;
    size_t length;

    (void)size;
    tb_json_set_array(seen, "stderr");
    if (mark)
        *mark = '\0';
    length = strlen(text);
    if (mark) {
        tb_subject_hear(&(struct tb_subject){.seen = seen}, mark + 1);
        cut_banner(text, mark + 1);
    }
    assert(strlen(text) <= length);
    assert(cJSON_GetArraySize(tb_json_find(seen, "stderr")) <= 8);
    if (!tb_catalogue_from_names(text, &catalogue, &error))
        assert(catalogue.count <= count_lines(text) + 1);
}
