/* Who holds a lock, by /proc/locks and by the command line of a process, which is anyone's. See
 * fuzz_system.c for the file that is included. */
#include "fuzz.h"

/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "run/host_lock.c"

#include <assert.h>

#include "util/strings.h"

/* The locks, and behind a byte of 1 the command line. */
void tb_fuzz_locks(char *text, size_t size)
{
    char *words = memchr(text, '\1', size);
    tb_autofree char *copy = NULL, *told = NULL;
    intmax_t pid;

    if (words)
        *words++ = '\0';
    copy = tb_copy(text);
    pid = find_holder(copy, " 00:16:3562 ");
    assert(pid >= 0 && (!pid || strstr(text, " 00:16:3562 ")));
    if (!words || words == text + size)
        return;
    told = process_text(pid, words, size - (size_t)(words - text));
    assert(tb_begins_with(told, "process ") && strlen(told) < shown_bytes + 64);
}
