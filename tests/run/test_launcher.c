/* What shells would lose of a subject's words is found before anything runs. */
#include "run/launcher.h"

#include "check.h"

#include <stdlib.h>

#include "util/memory.h"
#include "util/strings.h"

static void the_script_of_a_shell_passes_on_what_it_is_given(void **state)
{
    static const struct {
        const char *command;
        bool good;
    } each[] = {
        {"suite", true},
        {"env A=1 taskset -c 0 suite", true},
        {"sh -c 'exec suite \"$@\"' sh", true},
        {"sh -c 'exec suite \"$@\"'", false}, /* the first flag would be its name */
        {"sh -c 'exec suite' sh", false},
        {"sh -c 'exec suite \"$HOME\"' sh", false},
        {"sh -c 'exec suite $' sh", false},
        {"/bin/bash -lc 'suite ${1#--}' sh", true},
        {"dash -ec suite sh", false},
        {"sh script.sh -c x", true}, /* it runs a file, which has the flag */
        {"sh -x -c suite sh", false},
        {"sh --norc -c suite sh", false},
        {"bash -i", true},
        {"sh -c", true}, /* which the shell itself refuses */
        {"sudo -c sh", true},
        {"su user -c 'suite \"$@\"' -- sh", true},
        {"su user -c 'suite \"$@\"' x -- sh", true},
        {"su user -c 'suite \"$@\"' --", false},
        {"su user -c 'suite \"$@\"' sh", false},
        {"runuser -u user -c 'suite \"$@\"'", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        tb_autofree char **words = NULL; /* with its words */
        struct tb_error error = {""};
        int code;

        assert_int_equal(tb_split("subject", each[i].command, &words, &error), 0);
        code = tb_launcher_check(each[i].command, words, &error);
        if (code != (each[i].good ? 0 : TB_USAGE))
            fail_msg("%s: %d %s", each[i].command, code, error.text);
        if (code)
            assert_contains(error.text, "does not pass on the flags that are added");
    }
}

static struct tb_ending ending_of(enum tb_end end, char *errors)
{
    struct tb_ending ending = {.end = end};

    ending.written[TB_ERRORS].text = errors;
    return ending;
}

static void a_suite_that_complains_without_a_sidecar_was_lost(void **state)
{
    char ours[] = "threadbench-suite: no case is called 'x'\n", other[] = "suite: what?\n";
    const struct tb_ending lost = ending_of(TB_EXITED, ours);
    const struct tb_ending killed = ending_of(TB_KILLED, ours);
    const struct tb_ending another = ending_of(TB_EXITED, other);

    (void)state;
    assert_true(tb_launcher_is_lost(&lost));
    assert_false(tb_launcher_is_lost(&killed));
    assert_false(tb_launcher_is_lost(&another));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_script_of_a_shell_passes_on_what_it_is_given),
        cmocka_unit_test(a_suite_that_complains_without_a_sidecar_was_lost),
    };

    tb_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
