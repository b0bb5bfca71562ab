/* Files that others write, see consume.h. What is refused is refused; what counts is that it ends.
 */
#include "fuzz.h"

#include "consume.h"

void tb_fuzz_catalogue(char *text, size_t size)
{
    struct tb_error error;

    (void)tb_consume_catalogue(text, size, &error);
}

void tb_fuzz_series(char *text, size_t size)
{
    struct tb_error error;

    (void)tb_consume_series(text, size, &error);
}

void tb_fuzz_plain(char *text, size_t size)
{
    struct tb_error error;

    (void)tb_consume_plain(text, size, &error);
}

void tb_fuzz_document(char *text, size_t size)
{
    struct tb_error error;

    (void)tb_consume_document(text, size, &error);
}
