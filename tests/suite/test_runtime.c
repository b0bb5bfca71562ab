/* The contract that every runtime keeps. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <threadbench/proc.h>

#include "module.h"

enum { MANY = 64 };

/* One with its functions, or the test is skipped. */
static const struct tb_runtime *loaded(void **state)
{
    const struct tb_runtime *described = *state;
    char reason[256];
    const struct tb_runtime *runtime = tb_runtime_load(described, reason, sizeof(reason));

    if (!runtime) {
        print_message("%s: %s\n", described->name, reason);
        skip();
        return described; /* skip() does not come back */
    }
    return runtime;
}

/* The same, ready for use. */
static const struct tb_runtime *usable(void **state)
{
    const struct tb_runtime *runtime = loaded(state);

    assert_int_equal(runtime->enter ? runtime->enter() : 0, 0);
    return runtime;
}

static void leave(const struct tb_runtime *runtime)
{
    if (runtime->leave)
        runtime->leave();
}

/* Whether the task is run, by whichever thread. */
static bool runs(const struct tb_runtime *runtime)
{
    return (runtime->can & (TB_RUNS | TB_RUNS_ON_CALLER)) != 0;
}

static bool makes_threads(const struct tb_runtime *runtime)
{
    const unsigned kinds = TB_THREADS | TB_WRAPPED;

    return (runtime->can & TB_RUNS) && (!runtime->kind || (runtime->kind & kinds));
}

static struct tb_thread prepared(const struct tb_runtime *runtime, void (*task)(struct tb_task *))
{
    struct tb_thread thread = {.runtime = runtime,
                               .task = {.run = task, .cpu = -1, .last_cpu = -1}};

    assert_int_equal(runtime->prepare(&thread), 0);
    return thread;
}

static void test_is_described(void **state)
{
    const struct tb_runtime *runtime = *state;

    assert_non_null(runtime->name);
    assert_non_null(runtime->doc);
    runtime = loaded(state);
    assert_null(runtime->module.file);
    assert_int_equal(!runtime->keys, !(runtime->can & TB_KEYS));
    assert_int_equal(!runtime->switching, !(runtime->can & TB_SWITCHES));
    assert_int_equal(!runtime->enter, !runtime->leave);
    assert_int_equal(!runtime->detach, !(runtime->can & TB_DETACHES));
}

/* A module that was built is there, and its own table says what was known of it before. */
static void test_its_module_is_as_described(void **state)
{
    const struct tb_runtime *described = *state, *runtime;
    char reason[256] = "";

    if (!described->module.file) {
        skip();
        return;
    }
    runtime = tb_runtime_load(described, reason, sizeof(reason));
    assert_string_equal(reason, "");
    assert_ptr_not_equal(runtime, described);
    assert_string_equal(runtime->name, described->name);
    assert_string_equal(runtime->doc, described->doc);
    assert_int_equal(runtime->role, described->role);
    assert_int_equal(runtime->kind, described->kind);
    assert_int_equal(runtime->can, described->can);
    assert_int_equal(runtime->lasting, described->lasting);
}

static void test_release_accepts_what_was_never_prepared(void **state)
{
    struct tb_thread thread = {.runtime = loaded(state)};

    thread.runtime->release(&thread);
    thread.runtime->release(&thread);
}

static void test_runs_the_task_before_the_join_returns(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_stamp_first);
    int64_t before = tb_clock_ns();

    assert_int_equal(tb_create(&thread), 0);
    assert_int_equal(tb_join(&thread), 0);
    if (runs(runtime)) {
        assert_true(before <= thread.task.first_ns && thread.task.first_ns <= tb_clock_ns());
        assert_true(thread.task.cpu >= 0);
    } else {
        assert_int_equal(thread.task.first_ns, 0);
    }
    runtime->release(&thread);
    leave(runtime);
}

static void test_a_thread_can_be_made_again(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_noop);

    for (int i = 0; i < MANY; i++) {
        thread.task = (struct tb_task){.run = tb_task_noop, .cpu = -1};
        assert_int_equal(tb_create(&thread), 0);
        assert_int_equal(tb_join(&thread), 0);
        assert_int_equal(thread.task.cpu >= 0, runs(runtime));
    }
    runtime->release(&thread);
    leave(runtime);
}

static void test_many_are_alive_at_once(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread threads[MANY];

    for (int i = 0; i < MANY; i++) {
        threads[i] = prepared(runtime, tb_task_sleep);
        threads[i].task.sleep_ns = 1000000;
        assert_int_equal(tb_create(&threads[i]), 0);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(tb_join(&threads[i]), 0);
        runtime->release(&threads[i]);
    }
    leave(runtime);
}

/* A pool's thread stays, and a fibre has none. */
static void test_the_kernel_lets_it_go_without_a_join(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_note_tid);

    assert_int_equal(tb_create(&thread), 0);
    if (makes_threads(runtime))
        assert_int_equal(tb_await_exit(&thread), 0);
    assert_int_equal(tb_join(&thread), 0);
    runtime->release(&thread);
    leave(runtime);
}

static void test_it_ends_when_it_is_armed(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_exit_when_armed);
    int64_t armed_ns;

    if (makes_threads(runtime)) {
        assert_int_equal(tb_create(&thread), 0);
        while (!atomic_load(&thread.task.tid))
            (void)sched_yield(); /* always succeeds; the thread may need this CPU */
        armed_ns = tb_clock_ns();
        atomic_store(&thread.task.armed, 1);
        assert_int_equal(tb_await_exit(&thread), 0);
        assert_int_equal(tb_join(&thread), 0);
        assert_true(thread.task.last_ns >= armed_ns && thread.task.last_cpu >= 0);
    }
    runtime->release(&thread);
    leave(runtime);
}

static void test_its_join_sleeps(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_exit_when_joined);

    if (makes_threads(runtime)) {
        assert_int_equal(tb_proc_open_state(gettid(), &thread.task.parent_state_fd), 0);
        assert_int_equal(tb_create(&thread), 0);
        atomic_store(&thread.task.armed, 1);
        assert_int_equal(tb_join(&thread), 0);
        assert_int_equal(close(thread.task.parent_state_fd), 0);
        assert_int_not_equal(thread.task.last_ns, 0);
    }
    runtime->release(&thread);
    leave(runtime);
}

static void test_runs_on_the_thread_of_its_ability(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_note_tid);
    pid_t tid;

    assert_int_equal(tb_create(&thread), 0);
    assert_int_equal(tb_join(&thread), 0);
    tid = atomic_load(&thread.task.tid);
    if (runtime->can & TB_RUNS_ON_CALLER)
        assert_int_equal(tid, gettid());
    else if (makes_threads(runtime))
        assert_int_not_equal(tid, gettid());
    else if (runtime->kind == TB_PROCESSES)
        assert_int_equal(tid, 0); /* nothing is run in this process */
    runtime->release(&thread);
    leave(runtime);
}

static void test_leaves_no_child_behind(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = prepared(runtime, tb_task_noop);

    assert_int_equal(tb_create(&thread), 0);
    assert_int_equal(tb_join(&thread), 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    runtime->release(&thread);
    leave(runtime);
}

/* Leaves as often as `spins` says, counting in `sleep_ns`. */
static void leave_often(struct tb_task *task)
{
    struct tb_thread *thread = task->arg;

    for (; task->sleep_ns < task->spins; task->sleep_ns++)
        thread->runtime->switching->leave(thread);
}

static void test_a_task_is_left_and_resumed(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread;

    if (!runtime->switching || !runtime->switching->leave) {
        leave(runtime);
        skip();
        return;
    }
    thread = prepared(runtime, leave_often);
    thread.task.arg = &thread;
    thread.task.spins = MANY;
    assert_int_equal(tb_create(&thread), 0);
    for (int i = 0; i < MANY / 2; i++) {
        assert_int_equal(thread.task.sleep_ns, i ? i - 1 : 0);
        runtime->switching->resume(&thread);
    }
    assert_int_equal(tb_join(&thread), 0);
    assert_int_equal(thread.task.sleep_ns, MANY);
    runtime->release(&thread);
    leave(runtime);
}

static void test_a_task_of_its_own_is_left_until_it_is_unarmed(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread;

    if (!runtime->switching) {
        leave(runtime);
        skip();
        return;
    }
    thread = prepared(runtime, NULL);
    atomic_store(&thread.task.armed, 1);
    assert_int_equal(runtime->switching->create_leaving(&thread), 0);
    for (int i = 0; i < MANY; i++)
        runtime->switching->resume(&thread);
    atomic_store(&thread.task.armed, 0);
    assert_int_equal(tb_join(&thread), 0);
    runtime->release(&thread);
    leave(runtime);
}

/* Resumed, the first of a pair hands over and is left when both have done so as often as asked. */
static void test_two_tasks_hand_over_to_each_other(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread pair[2];

    if (!runtime->switching) {
        leave(runtime);
        skip();
        return;
    }
    for (int i = 0; i < 2; i++) {
        pair[i] = prepared(runtime, NULL);
        atomic_store(&pair[i].task.armed, 1);
        assert_int_equal(runtime->switching->create_passing(&pair[i], &pair[!i]), 0);
    }
    for (int turn = 0; turn < 3; turn++) {
        pair[0].task.spins = pair[1].task.spins = MANY;
        runtime->switching->resume(&pair[0]);
        assert_int_equal(pair[0].task.spins + pair[1].task.spins, 0);
    }
    for (int i = 0; i < 2; i++) {
        atomic_store(&pair[i].task.armed, 0);
        assert_int_equal(tb_join(&pair[i]), 0);
        runtime->release(&pair[i]);
    }
    leave(runtime);
}

static void test_a_stack_of_a_size_or_a_clear_refusal(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = {.runtime = runtime, .stack_bytes = (size_t)256 * 1024};
    int err = runtime->prepare(&thread);

    if (runtime->can & TB_STACK_SIZE) {
        assert_int_equal(err, 0);
        thread.task.run = tb_task_noop;
        assert_int_equal(tb_create(&thread), 0);
        assert_int_equal(tb_join(&thread), 0);
    } else {
        assert_int_equal(err, ENOTSUP);
    }
    runtime->release(&thread);
    leave(runtime);
}

static void test_an_impossible_stack_is_an_error(void **state)
{
    const struct tb_runtime *runtime = usable(state);
    struct tb_thread thread = {.runtime = runtime, .stack_bytes = SIZE_MAX / 4096 * 4096};

    thread.task.run = tb_task_noop;
    if ((runtime->can & TB_STACK_SIZE) && (runtime->can & TB_RUNS) && !runtime->prepare(&thread)) {
        assert_int_not_equal(tb_create(&thread), 0);
        runtime->release(&thread);
    }
    leave(runtime);
}

static void test_keys_hold_a_value_of_each(void **state)
{
    const struct tb_keys *keys = loaded(state)->keys;
    unsigned first, second;

    if (!keys) {
        skip();
        return;
    }
    assert_int_equal(keys->create(&first, NULL), 0);
    assert_int_equal(keys->create(&second, NULL), 0);
    assert_null(keys->get(first));
    assert_int_equal(keys->set(first, &first), 0);
    assert_int_equal(keys->set(second, &second), 0);
    assert_ptr_equal(keys->get(first), &first);
    assert_ptr_equal(keys->get(second), &second);
    assert_int_equal(keys->destroy(first), 0);
    assert_int_equal(keys->destroy(second), 0);
}

static void test_signals_are_as_before(void **state)
{
    const struct tb_runtime *runtime;
    sigset_t before, after;

    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &before), 0);
    runtime = usable(state);
    leave(runtime);
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &after), 0);
    for (int signal = 1; signal < SIGRTMAX; signal++)
        assert_int_equal(sigismember(&before, signal), sigismember(&after, signal));
}

#define FOR(runtime, test)                                                                         \
    {                                                                                              \
#test, test, NULL, NULL, (void *)(runtime)                                                 \
    }

static int run_contract(const struct tb_runtime *runtime)
{
    const struct CMUnitTest tests[] = {
        FOR(runtime, test_is_described),
        FOR(runtime, test_its_module_is_as_described),
        FOR(runtime, test_release_accepts_what_was_never_prepared),
        FOR(runtime, test_runs_the_task_before_the_join_returns),
        FOR(runtime, test_a_thread_can_be_made_again),
        FOR(runtime, test_many_are_alive_at_once),
        FOR(runtime, test_the_kernel_lets_it_go_without_a_join),
        FOR(runtime, test_it_ends_when_it_is_armed),
        FOR(runtime, test_its_join_sleeps),
        FOR(runtime, test_runs_on_the_thread_of_its_ability),
        FOR(runtime, test_leaves_no_child_behind),
        FOR(runtime, test_a_task_is_left_and_resumed),
        FOR(runtime, test_a_task_of_its_own_is_left_until_it_is_unarmed),
        FOR(runtime, test_two_tasks_hand_over_to_each_other),
        FOR(runtime, test_a_stack_of_a_size_or_a_clear_refusal),
        FOR(runtime, test_an_impossible_stack_is_an_error),
        FOR(runtime, test_keys_hold_a_value_of_each),
        FOR(runtime, test_signals_are_as_before),
    };

    return cmocka_run_group_tests_name(runtime->name, tests, NULL, NULL);
}

int main(void)
{
    int failed = 0;

    tb_clock_init();
    for (size_t i = 0; tb_runtimes[i]; i++)
        failed += run_contract(tb_runtimes[i]);
    return failed;
}
