/* What git says when it refuses. See fuzz_system.c for the file that is included. */
#include "fuzz.h"

/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "run/git_ask.c"

#include <assert.h>

void tb_fuzz_refusal(char *text, size_t size)
{
    tb_autofree char *why = refusal_in(text);

    (void)size;
    assert(!why || !strpbrk(why, "\n\t\r"));
}
