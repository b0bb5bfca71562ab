/* A stream into memory has all that was written to it, or ends the program. */
#include "util/memory.h"

#include "check.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { sanitized = true };
#else
enum { sanitized = false };
#endif

static void nothing_is_a_text_too(void **state)
{
    char *text = NULL;
    size_t size = 7;

    (void)state;
    assert_int_equal(fclose(tb_open_text(&text, &size)), 0);
    assert_string_equal(text, "");
    assert_int_equal(size, 0);
    free(text);
}

static void all_that_is_written_is_there(void **state)
{
    enum { lines = 20000, width = 10 };
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)state;
    for (int i = 0; i < lines; i++) {
        assert_int_equal(ftell(out), i * width);
        assert_int_equal(fprintf(out, "%0*d\n", width - 1, i), width);
    }
    assert_int_equal(fclose(out), 0);
    assert_int_equal(size, lines * width);
    assert_int_equal(strlen(text), size);
    for (int i = 0; i < lines; i++)
        assert_int_equal(strtol(text + (size_t)i * width, NULL, 10), i);
    free(text);
}

static void a_zero_is_written_as_any_byte(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)state;
    assert_int_equal(fwrite("a\0b", 1, 3, out), 3);
    assert_int_equal(fflush(out), 0);
    assert_memory_equal(text, "a\0b", 4);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(size, 3);
    assert_memory_equal(text, "a\0b", 4);
    free(text);
}

/* Writes more than the process may have. */
static void run_out(void)
{
    const struct rlimit most = {256 << 20, 256 << 20};
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    tb_memory_end_with(42);
    if (setrlimit(RLIMIT_AS, &most))
        _exit(1);
    for (size_t i = 0; i < most.rlim_max; i += 8)
        (void)fputs("12345678", out);
    (void)fclose(out);
    _exit(0); /* it did not end */
}

static void without_memory_the_program_ends(void **state)
{
    pid_t child;
    int status;

    (void)state;
    if (sanitized)
        skip(); /* which ends the program in its own way */
    child = fork();
    assert_true(child >= 0);
    if (!child)
        run_out();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_a_text_too),
        cmocka_unit_test(all_that_is_written_is_there),
        cmocka_unit_test(a_zero_is_written_as_any_byte),
        cmocka_unit_test(without_memory_the_program_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
