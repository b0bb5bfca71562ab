/* What libFuzzer calls; TARGET is the function that is given the bytes. */
#include <assert.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "util/memory.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Notices and pages of help would be all that is seen; libFuzzer has a stream of its own. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    FILE *nowhere = freopen("/dev/null", "w", stdout);

    (void)argc;
    (void)argv;
    assert(nowhere && setlocale(LC_CTYPE, "C.UTF-8"));
    tb_memory_init();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = tb_alloc_text(size + 1);

    memcpy(text, data, size);
    text[size] = '\0';
    TARGET(text, size);
    free(text);
    return 0;
}
