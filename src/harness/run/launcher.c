#include "run/launcher.h"

#include <string.h>

#include "run/scratch.h"
#include "util/memory.h"
#include "util/strings.h"

const char tb_launcher_advice[] =
    "the environment was cleared on the way to the suite, and its settings with it: let them "
    "through (sudo --preserve-env=THREADBENCH_SIDECAR,THREADBENCH_SAMPLES), or start threadbench "
    "itself behind what clears it (sudo threadbench ...)";

const char tb_launcher_parted[] =
    "it ended before the program that it had started, which was ended then: let it wait for that "
    "(setsid --wait without --fork, a script without &)";

/* Programs whose "-c" is a script. The last two take other operands before it, and flags of theirs
 * after it, up to "--". */
static const char *const shells[] = {"sh", "ash", "bash", "dash", "ksh", "zsh", "su", "runuser"};
enum { shell_count = sizeof shells / sizeof *shells, plain_shells = shell_count - 2 };

/* Which shell a word names, by its place in `shells`; shell_count: none. */
static size_t find_shell(const char *word)
{
    const char *slash = strrchr(word, '/');
    size_t i = 0;

    while (i < shell_count && strcmp(slash ? slash + 1 : word, shells[i]) != 0)
        i++;
    return i;
}

/* "-c", "-lc" */
static bool is_script_flag(const char *word)
{
    return word[0] == '-' && word[1] != '-' && tb_ends_with(word, "c");
}

/* The script of the first shell that has one, and which shell; NULL: none. */
static char *const *find_script(char *const *words, size_t *ret_shell)
{
    size_t shell = shell_count;

    for (; *words; words++) {
        if (find_shell(*words) < shell_count)
            shell = find_shell(*words);
        else if (shell < shell_count && is_script_flag(*words))
            break;
        else if (shell < plain_shells && **words != '-')
            shell = shell_count; /* it runs a file */
    }
    *ret_shell = shell;
    return *words && words[1] ? words + 1 : NULL;
}

/* Whether the flags come after "--", as su takes them for its own before. */
static bool has_end_of_flags(char *const *words)
{
    while (*words && strcmp(*words, "--") != 0)
        words++;
    return *words && words[1];
}

/* Whether a script has anything of what it is given: $@, "$1", ${3#--}. */
static bool takes_arguments(const char *script)
{
    const char *at = script;

    while ((at = strchr(at, '$')) != NULL && !strchr("@*123456789{", at[1]))
        at++;
    return at && at[1];
}

int tb_launcher_check(const char *command, char *const *words, struct tb_error *error)
{
    size_t shell;
    char *const *script = find_script(words, &shell);
    bool passes = script && takes_arguments(*script);

    if (!script ||
        (passes && (shell < plain_shells ? script[1] != NULL : has_end_of_flags(script))))
        return 0;
    return tb_misuse(
        error,
        "subject '%s': the script of %s does not pass on the flags that are added: "
        "let it end by \"$@\", and put a name after it: %s -c '... @suite \"$@\"'%s sh",
        command, shells[shell], shells[shell], shell < plain_shells ? "" : " --");
}

bool tb_launcher_is_lost(const struct tb_ending *ending)
{
    return ending->end == TB_EXITED &&
           strstr(ending->written[TB_ERRORS].text, "threadbench-suite: ") != NULL;
}

const char *tb_launcher_hint(const struct tb_ending *ending)
{
    tb_autofree char *folder = tb_scratch_path("");

    if (ending->end != TB_EXITED || !strstr(ending->written[TB_ERRORS].text, folder))
        return "";
    return ": it runs as another user or in other file systems: start threadbench itself there";
}
