/* What libFuzzer calls; CONSUME is the function that is given the bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "consume.h"
#include "util/memory.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    tb_memory_init();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tb_error error;
    char *text = tb_alloc_text(size + 1);

    memcpy(text, data, size);
    text[size] = '\0';
    (void)CONSUME(text, size, &error); /* refused or not: what counts is that it ends */
    free(text);
    return 0;
}
