/* The program's allocator gives what the C library's does, and none that is null. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "util/memory.h"

static void expect_aligned(void *memory, size_t alignment)
{
    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % alignment, 0);
    free(memory);
}

static void memory_is_as_it_was_asked_for(void **state)
{
    char *bytes = malloc(3), *zeros = calloc(4, 1), *more;
    void *memory = NULL;

    (void)state;
    memcpy(bytes, "ab", 3);
    more = realloc(bytes, 5000);
    assert_non_null(more);
    assert_string_equal(more, "ab");
    free(more);
    assert_memory_equal(zeros, "\0\0\0\0", 4);
    free(zeros);
    expect_aligned(memalign(64, 10), 64);
    expect_aligned(aligned_alloc(128, 128), 128);
    assert_int_equal(posix_memalign(&memory, 256, 1), 0);
    expect_aligned(memory, 256);
}

static void of_no_bytes_it_may_be_any(void **state)
{
    size_t none = 0;

    (void)state;
    /* NOLINTBEGIN(clang-analyzer-optin.portability.UnixAPI): here it is glibc's or musl's */
    free(malloc(none));
    free(calloc(none, 8));
    free(calloc(8, none));
    free(memalign(16, none));
    free(realloc(malloc(8), none));
    /* NOLINTEND(clang-analyzer-optin.portability.UnixAPI) */
}

static void an_alignment_is_a_power_of_two(void **state)
{
    static const size_t wrong[] = {0, 4, 24};
    void *memory = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(posix_memalign(&memory, wrong[i], 8), EINVAL);
    assert_null(memory);
}

static void what_cannot_be_had_ends_the_program(void **state)
{
    const size_t most = SIZE_MAX / 2 - (size_t)getpid(); /* the compiler warns of what it knows */
    pid_t child;
    int status;

    (void)state;
    for (int i = 0; i < 4; i++) {
        child = fork();
        assert_true(child >= 0);
        if (!child) {
            tb_memory_end_with(42);
            free(i == 0   ? malloc(most)
                 : i == 1 ? calloc(1, most)
                 : i == 2 ? realloc(NULL, most)
                          : memalign(64, most));
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 42);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_as_it_was_asked_for),
        cmocka_unit_test(of_no_bytes_it_may_be_any),
        cmocka_unit_test(an_alignment_is_a_power_of_two),
        cmocka_unit_test(what_cannot_be_had_ends_the_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
