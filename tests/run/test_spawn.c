/* Where there is no place for another process a worker gets the keeper's. */
#include "run/worker.h"

#include "check.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/keeper.h"
#include "util/memory.h"

/* In the place of the C library's: so many calls fail; the others fork. */
static struct {
    unsigned count;
    int code;
} failing;

pid_t vfork(void)
{
    if (!failing.count)
        return fork();
    failing.count--;
    errno = failing.code;
    return -1;
}

static void expect_end(enum tb_end end, int number)
{
    char word[] = "true";
    char *const words[] = {word, NULL};
    tb_auto(tb_ending_finish) struct tb_ending ending =
        tb_worker_run(&(struct tb_job){.argv = words, .timeout_s = 600});

    assert_int_equal(ending.end, end);
    assert_int_equal(ending.number, number);
}

static bool has_keeper(void)
{
    return waitpid(-1, NULL, WNOHANG) == 0;
}

static void another_reason_is_none_to_end_the_keeper(void **state)
{
    (void)state;
    failing.count = 1;
    failing.code = ENOMEM;
    expect_end(TB_UNSTARTED, ENOMEM);
    assert_true(has_keeper());
    expect_end(TB_EXITED, 0);
}

static void the_keeper_makes_room(void **state)
{
    (void)state;
    assert_true(has_keeper());
    failing.count = 1;
    failing.code = EAGAIN;
    expect_end(TB_EXITED, 0);
    assert_false(has_keeper());
}

static void without_a_keeper_there_is_no_room(void **state)
{
    (void)state;
    failing.count = 1;
    failing.code = EAGAIN;
    expect_end(TB_UNSTARTED, EAGAIN);
    expect_end(TB_EXITED, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_reason_is_none_to_end_the_keeper),
        cmocka_unit_test(the_keeper_makes_room),
        cmocka_unit_test(without_a_keeper_there_is_no_room),
    };

    tb_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
