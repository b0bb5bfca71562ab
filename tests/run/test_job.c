/* How the end of a process is put into words. */
#include "run/job.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "check.h"

static void assert_text(struct tb_ending ending, const char *said, const char *expected)
{
    char errors[256];
    char *text;

    (void)snprintf(errors, sizeof errors, "%s", said);
    ending.written[TB_ERRORS].text = errors;
    text = tb_ending_text(&ending);
    assert_string_equal(text, expected);
    free(text);
}

static void the_last_line_of_stderr_says_why(void **state)
{
    const struct tb_ending three = {.end = TB_EXITED, .number = 3};
    const struct tb_ending killed = {.end = TB_KILLED, .number = SIGKILL};

    (void)state;
    assert_text(three, "", "exit status 3");
    assert_text(three, " \n\n", "exit status 3");
    assert_text(three, "one\ntwo \n\n", "exit status 3: two");
    assert_text(three, "one", "exit status 3: one");
    assert_text(killed, "a\nb\n",
                "killed by signal 9 (Killed), perhaps by the kernel for lack of memory: b");
}

/* pyenv's script says what is missing, and then gives hints. */
static void what_was_not_found_is_the_reason(void **state)
{
    const char *const said =
        "bash: warning: x\npyenv: python3.12: command not found\n\nNote: See\n  a page.\n";
    struct tb_ending ending = {.end = TB_EXITED, .number = 127};

    (void)state;
    assert_text(ending, said, "exit status 127: pyenv: python3.12: command not found");
    assert_text(ending, "sh: 1: x: not found", "exit status 127: sh: 1: x: not found");
    assert_text(ending, "a\nb\n", "exit status 127: b");
    assert_text(ending, "", "exit status 127");
    ending.number = 1;
    assert_text(ending, said, "exit status 1:   a page.");
}

static void what_google_benchmark_always_says_is_no_reason(void **state)
{
    const struct tb_ending ending = {.end = TB_EXITED, .number = 1};

    (void)state;
    assert_text(ending, "***WARNING*** x\n", "exit status 1");
    assert_text(ending, "\n***WARNING*** x\n***WARNING*** y\n", "exit status 1");
    assert_text(ending, "broken\n***WARNING*** x\n", "exit status 1: broken");
    assert_text(ending, "Run on (2 X 2 MHz CPU s)\nLoad Average: 1, 2, 3\n", "exit status 1");
}

static void what_could_not_be_started_names_what_to_do(void **state)
{
    struct tb_ending ending = {.end = TB_UNSTARTED, .number = ENOENT};

    (void)state;
    assert_text(ending, "", "cannot start: No such file or directory");
    ending.number = ENOSPC;
    ending.missing = "sidecar";
    assert_text(ending, "",
                "cannot start: sidecar: No space left on device: set TMPDIR to another place");
}

static void what_could_not_be_read_is_no_end_of_the_text(void **state)
{
    const struct tb_ending ending = {.end = TB_UNREAD, .number = EIO, .missing = "list"};

    (void)state;
    assert_text(ending, "", "cannot read its list: Input/output error");
}

static void what_was_ended_by_us_says_for_what(void **state)
{
    struct tb_ending late = {.end = TB_TIMED_OUT, .wall_s = 2.0004};
    struct tb_ending large = {.end = TB_TOO_LARGE};

    (void)state;
    assert_text(late, "ignored", "not finished after 2 s");
    late.runs_on = true;
    assert_text(late, "",
                "not finished after 2 s: another user's by now, it cannot be ended, and "
                "runs on");
    large.written[TB_ERRORS] = (struct tb_capture){.tail = true, .cut = true};
    large.written[TB_SIDECAR] =
        (struct tb_capture){.what = "sidecar", .limit = 8 << 20, .cut = true};
    assert_text(large, "", "its sidecar is over 8 MiB");
    assert_text((struct tb_ending){.end = TB_INTERRUPTED}, "", "interrupted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_line_of_stderr_says_why),
        cmocka_unit_test(what_was_not_found_is_the_reason),
        cmocka_unit_test(what_google_benchmark_always_says_is_no_reason),
        cmocka_unit_test(what_could_not_be_started_names_what_to_do),
        cmocka_unit_test(what_could_not_be_read_is_no_end_of_the_text),
        cmocka_unit_test(what_was_ended_by_us_says_for_what),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
