/* Threads that take part in a sample: asleep when they should be, where they should be, and gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <threadbench/partner.h>
#include <unistd.h>

#include "engine.h"
#include "place.h"

static int turns;

static void sleep_for_lock(struct tb_partner *partner)
{
    pthread_mutex_t *lock = partner->shared;

    tb_partner_arrive(partner);
    assert_int_equal(pthread_mutex_lock(lock), 0);
    turns++;
    tb_partner_stamp(partner);
    assert_int_equal(pthread_mutex_unlock(lock), 0);
}

static void test_it_sleeps_in_the_call_after_its_arrival(void **state)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct tb_engine engine = {0};
    struct tb_partners *partners;

    (void)state;
    turns = 0;
    assert_int_equal(tb_partners_create(&(struct tb_run){.engine = &engine}, 2, sleep_for_lock,
                                        &lock, &partners),
                     0);
    assert_int_equal(pthread_mutex_lock(&lock), 0);
    tb_partner_go(&partners->each[0]);
    tb_partner_go(&partners->each[1]);
    assert_int_equal(tb_partner_await_asleep(&partners->each[0]), 0);
    assert_int_equal(tb_partner_await_asleep(&partners->each[1]), 0);
    assert_int_equal(turns, 0);
    assert_int_equal(pthread_mutex_unlock(&lock), 0);
    tb_partner_await_done(&partners->each[0]);
    tb_partner_await_done(&partners->each[1]);
    assert_int_equal(turns, 2);
    tb_partners_destroy(partners);
}

static void test_it_is_on_the_other_cpu_where_that_is_wanted(void **state)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct tb_engine engine = {.apart = true, .apart_cpu = tb_place_other()};
    struct tb_partners *partners;

    (void)state;
    assert_null(tb_place_unknown());
    if (tb_place_other() == TB_NO_CPU)
        skip();
    assert_int_equal(tb_partners_create(&(struct tb_run){.engine = &engine}, 1, sleep_for_lock,
                                        &lock, &partners),
                     0);
    tb_partner_go(&partners->each[0]);
    tb_partner_await_done(&partners->each[0]);
    assert_int_equal(partners->each[0].cpu, tb_place_other());
    assert_int_equal(tb_clock_cpu(), tb_place_home());
    tb_partners_destroy(partners);
    assert_int_equal(tb_place_free(), 0);
}

/* The kernel may take a moment to forget a thread whose join has returned. */
static void test_it_is_gone_after_the_end(void **state)
{
    struct tb_engine engine = {0};
    struct tb_partners *partners;
    pid_t tid;

    (void)state;
    assert_int_equal(
        tb_partners_create(&(struct tb_run){.engine = &engine}, 1, sleep_for_lock, NULL, &partners),
        0);
    tid = partners->each[0].tid;
    assert_int_equal(syscall(SYS_tgkill, getpid(), tid, 0), 0);
    tb_partners_destroy(partners);
    while (!syscall(SYS_tgkill, getpid(), tid, 0))
        (void)sched_yield();
    assert_int_equal(errno, ESRCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_sleeps_in_the_call_after_its_arrival),
        cmocka_unit_test(test_it_is_on_the_other_cpu_where_that_is_wanted),
        cmocka_unit_test(test_it_is_gone_after_the_end),
    };

    tb_clock_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
