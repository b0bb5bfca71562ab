/* A stream into memory has all that was written to it, or ends the program. */
#include "util/memory.h"

#include "check.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

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

/* Of which no multiple is a size. */
static void ask_for_too_many(void)
{
    tb_memory_end_with(42);
    free(tb_grow(NULL, SIZE_MAX / 2, 3));
    _exit(0);
}

/* What cannot be printed ends the program, as it would otherwise be cut short. */
static void print_no_character(void)
{
    static const wchar_t none[] = {0x7fffffff, 0};

    tb_memory_end_with(42);
    free(tb_print("%ls", none));
    _exit(0);
}

static void expect_end(void (*act)(void))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (!child)
        act();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
}

static void without_memory_the_program_ends(void **state)
{
    (void)state;
    if (sanitized)
        skip(); /* which ends the program in its own way */
    expect_end(run_out);
}

static void so_it_does_of_what_no_memory_can_hold(void **state)
{
    (void)state;
    expect_end(ask_for_too_many);
    expect_end(print_no_character);
}

static void it_is_written_at_its_end_alone(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)state;
    assert_true(fputs("abc", out) >= 0);
    assert_int_equal(fseek(out, 0, SEEK_SET), -1);
    assert_int_equal(fseek(out, -1, SEEK_END), -1);
    assert_int_equal(fseek(out, 0, SEEK_END), 0);
    assert_true(fputs("d", out) >= 0);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "abcd");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_a_text_too),
        cmocka_unit_test(all_that_is_written_is_there),
        cmocka_unit_test(a_zero_is_written_as_any_byte),
        cmocka_unit_test(it_is_written_at_its_end_alone),
        cmocka_unit_test(without_memory_the_program_ends),
        cmocka_unit_test(so_it_does_of_what_no_memory_can_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
