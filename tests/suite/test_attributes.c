/* What a thread is created with and in which company, as the thread itself and the kernel see it.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include <threadbench/proc.h>

#include "contention.h"
#include "engine.h"
#include "place.h"

const struct tb_family tb_families[] = {{0}};

/* Written by the child while it exists. */
static struct seen {
    uintptr_t frame;
    bool detached;
    size_t guard_bytes; /* below its stack */
    bool one_mapping;   /* of stack and guard */
    int policy, nice;
    cpu_set_t cpus;
    size_t descriptors;
    int64_t resident_kib;
    int64_t filters; /* -1: not known */
    int memory_policy;
} seen;

/* Mapped, but not to be read: by its access, or as the kernel was advised to guard it. */
static bool is_guarded(int fd, uintptr_t address, size_t page)
{
    void *at = (void *)address;

    return !msync(at, page, MS_ASYNC) && pwrite(fd, at, 1, 0) < 0 && errno == EFAULT;
}

static size_t guarded_below(uintptr_t address)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = 0;
    int fd = memfd_create("guard", MFD_CLOEXEC);

    assert_true(fd >= 0);
    while (is_guarded(fd, address - bytes - page, page))
        bytes += page;
    assert_int_equal(close(fd), 0);
    return bytes;
}

static int64_t resident_kib(void)
{
    int64_t kib = -1;

    assert_int_equal(tb_proc_number("/proc/self/status", "VmRSS:", &kib), 0);
    return kib;
}

static int64_t count_filters(void)
{
    int64_t filters = -1;

    (void)tb_proc_number("/proc/self/status", "Seccomp_filters:", &filters);
    return filters;
}

static size_t count_descriptors(void)
{
    DIR *descriptors = opendir("/proc/self/fd");
    size_t count = 0;

    while (descriptors && readdir(descriptors))
        count++;
    if (descriptors)
        (void)closedir(descriptors);
    return count;
}

static void look(struct tb_task *task)
{
    pthread_attr_t attributes;
    void *stack = NULL;
    uintptr_t begin = 0;
    size_t bytes = 0;
    int detached = -1;

    (void)pthread_getattr_np(pthread_self(), &attributes);
    (void)pthread_attr_getstack(&attributes, &stack, &bytes);
    (void)pthread_attr_getdetachstate(&attributes, &detached);
    (void)pthread_attr_destroy(&attributes);
    seen = (struct seen){
        .frame = (uintptr_t)__builtin_frame_address(0),
        .detached = detached == PTHREAD_CREATE_DETACHED,
        .guard_bytes = guarded_below((uintptr_t)stack),
        .one_mapping = !tb_proc_mapping((uintptr_t)stack, &begin) && begin < (uintptr_t)stack,
        .policy = sched_getscheduler(0),
        .nice = getpriority(PRIO_PROCESS, 0),
        .descriptors = count_descriptors(),
        .resident_kib = resident_kib(),
        .filters = count_filters(),
    };
    (void)sched_getaffinity(0, sizeof(seen.cpus), &seen.cpus);
    (void)syscall(SYS_get_mempolicy, &seen.memory_policy, NULL, 0ul, NULL, 0ul);
    tb_task_note_tid(task);
    atomic_store_explicit(&task->armed, 1, memory_order_release); /* for who reads `seen` */
}

/* The runtime that can set every attribute. */
static const struct tb_runtime *able(void)
{
    for (size_t i = 0; tb_runtimes[i]; i++)
        if (tb_runtime_can(tb_runtimes[i],
                           TB_RUNS_LIBC | TB_ATTRIBUTES | TB_CREATES_DETACHED | TB_GIVEN_STACK))
            return tb_runtimes[i];
    return NULL;
}

static void live(struct tb_thread *thread)
{
    thread->runtime = able();
    thread->task.run = look;
    assert_non_null(thread->runtime);
    assert_int_equal(thread->runtime->prepare(thread), 0);
    assert_int_equal(tb_create(thread), 0);
    assert_int_equal(thread->attributes.detached ? tb_await_exit(thread) : tb_join(thread), 0);
    assert_int_equal(atomic_load_explicit(&thread->task.armed, memory_order_acquire), 1);
}

static void test_a_detached_thread_is_gone_without_a_join(void **state)
{
    struct tb_thread thread = {.attributes.detached = true}, usual = {0};

    (void)state;
    live(&thread);
    assert_true(seen.detached);
    thread.runtime->release(&thread);
    live(&usual);
    assert_false(seen.detached);
    usual.runtime->release(&usual);
}

static void test_a_guard_is_as_asked_for(void **state)
{
    static const struct {
        struct tb_attributes attributes;
        size_t bytes;
    } guards[] = {{{0}, 4096}, {{.guard_bytes = 65536}, 65536}, {{.unguarded = true}, 0}};

    (void)state;
    if (sysconf(_SC_PAGESIZE) != 4096)
        skip();
    for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
        /* Too large for the C library to have one at hand, with a guard of its own. */
        struct tb_thread thread = {.attributes = guards[i].attributes,
                                   .stack_bytes = (size_t)64 << 20};

        live(&thread);
        assert_int_equal(seen.guard_bytes, guards[i].bytes);
        thread.runtime->release(&thread);
    }
}

static void test_a_given_stack_is_the_one_that_was_made(void **state)
{
    struct tb_thread thread = {.attributes.given_stack = true, .stack_bytes = (size_t)1 << 20};
    uintptr_t first;

    (void)state;
    live(&thread);
    first = seen.frame;
    assert_int_equal(tb_create(&thread), 0);
    assert_int_equal(tb_join(&thread), 0);
    assert_int_equal(seen.frame, first);
    assert_int_equal(seen.guard_bytes, 0);
    thread.runtime->release(&thread);
}

static void test_a_thread_begins_on_the_cpu_that_it_was_told(void **state)
{
    struct tb_thread thread = {0};
    cpu_set_t one;

    (void)state;
    CPU_ZERO(&one);
    CPU_SET(tb_place_home(), &one);
    thread.attributes.cpus = &one;
    live(&thread);
    assert_true(CPU_EQUAL(&seen.cpus, &one));
    assert_int_equal(thread.task.cpu, tb_place_home());
    thread.runtime->release(&thread);
}

/* ---- as axes ---- */

static enum tb_status once(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, look);

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        (void)tb_create(thread); /* it works or the join fails */
        tb_stop(run);
    }
    return TB_DONE;
}

/* Whether it could be had here; `seen` then tells. */
static bool at(const struct tb_axis *axis, int64_t value)
{
    const struct tb_bench bench = {.run = once, .warmup = 1, .sweeps = {{axis, 1, &value}}};
    const struct tb_bench_case c = {.bench = &bench, .runtime = able(), .values = {value}};
    struct tb_engine engine;
    enum tb_status status;

    (void)tb_engine_open(&engine, &c, 1, 0);
    status = tb_engine_measure(&engine);
    tb_engine_close(&engine);
    tb_engine_finish(&engine);
    assert_int_not_equal(status, TB_FAIL);
    if (status == TB_SKIP)
        print_message("%s\n", engine.reason);
    return status == TB_DONE;
}

static void test_a_priority_is_had_and_given_back(void **state)
{
    int nice = getpriority(PRIO_PROCESS, 0), policy = sched_getscheduler(0);

    (void)state;
    if (at(&tb_axis_priority, TB_NICE))
        assert_int_equal(seen.nice, nice + 10);
    if (at(&tb_axis_priority, TB_FIFO))
        assert_int_equal(seen.policy, SCHED_FIFO);
    if (at(&tb_axis_priority, TB_RR))
        assert_int_equal(seen.policy, SCHED_RR);
    assert_true(at(&tb_axis_priority, TB_USUAL));
    assert_int_equal(seen.policy, policy);
    assert_int_equal(seen.nice, nice);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), nice);
    assert_int_equal(sched_getscheduler(0), policy);
}

/* Also one that is not the usual one, as of a process that was started with another. */
static void test_the_caller_keeps_its_policy(void **state)
{
    const struct sched_param none = {0};
    int before = sched_getscheduler(0);

    (void)state;
    assert_int_equal(sched_setscheduler(0, SCHED_BATCH, &none), 0);
    (void)at(&tb_axis_priority, TB_RR); /* whether it can be had or not */
    assert_int_equal(sched_getscheduler(0), SCHED_BATCH);
    assert_int_equal(sched_setscheduler(0, before, &none), 0);
}

static void test_an_affinity_is_told_to_the_child_alone(void **state)
{
    cpu_set_t before, after;

    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
    assert_true(at(&tb_axis_affinity, TB_CPU_SAME));
    assert_int_equal(CPU_COUNT(&seen.cpus), 1);
    if (at(&tb_axis_affinity, TB_CPU_OTHER))
        assert_true(CPU_ISSET(tb_place_other(), &seen.cpus));
    assert_int_equal(sched_getaffinity(0, sizeof(after), &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
}

static void test_a_guard_reaches_the_thread(void **state)
{
    (void)state;
    assert_true(at(&tb_axis_guard, TB_1M));
    assert_true(seen.guard_bytes >= (size_t)1 << 20);
}

static void test_how_stacks_are_guarded_is_found_out(void **state)
{
    struct tb_thread usual = {0};

    (void)state;
    live(&usual);
    assert_int_equal(tb_guard_by(), seen.one_mapping ? TB_BY_MADVISE : TB_BY_MPROTECT);
    assert_string_equal(tb_guard_by_name(), seen.one_mapping ? "madvise" : "mprotect");
    if (tb_guard_by_expected() != tb_guard_by()) /* as stack/life is skipped */
        skip();
    usual.runtime->release(&usual);
}

static void test_descriptors_are_open_meanwhile(void **state)
{
    size_t before = count_descriptors();

    (void)state;
    assert_true(at(&tb_axis_fds, 256));
    assert_true(seen.descriptors >= before + 256);
    assert_int_equal(count_descriptors(), before);
    assert_false(at(&tb_axis_fds, 1LL << 40));
}

static void test_memory_is_in_use_meanwhile(void **state)
{
    int64_t before = resident_kib();

    (void)state;
    assert_true(at(&tb_axis_resident, 64 << 20));
    assert_true(seen.resident_kib >= before + (60 << 10));
    assert_true(resident_kib() < seen.resident_kib);
    assert_false(at(&tb_axis_resident, 1LL << 50));
}

static void test_more_threads_than_there_is_room_for_are_a_skip(void **state)
{
    (void)state;
    assert_false(at(&tb_axis_alive, 1LL << 40));
    assert_false(at(&tb_axis_live, 1LL << 40));
}

/* ---- contention ---- */

static int no_more(struct tb_thread *thread)
{
    (void)thread;
    return EAGAIN;
}

static int fine(struct tb_thread *thread)
{
    (void)thread;
    return 0;
}

static void nothing(struct tb_thread *thread)
{
    (void)thread;
}

static void test_rivals_create_threads_all_the_while(void **state)
{
    struct tb_engine engine = {0};
    struct tb_run run = {.runtime = able(), .engine = &engine};
    int64_t deadline_ns = tb_clock_ns() + 60000000000;
    struct tb_contention *contention = NULL;
    size_t first;

    (void)state;
    assert_int_equal(tb_contention_create(&run, 3, &contention), 0);
    first = tb_contention_created(contention);
    assert_true(first >= 3);
    while (tb_contention_created(contention) < first + 100 && tb_clock_ns() < deadline_ns)
        (void)sched_yield(); /* always succeeds */
    assert_true(tb_contention_created(contention) >= first + 100);
    assert_int_equal(tb_contention_destroy(contention), 0);
    assert_int_equal(tb_contention_destroy(NULL), 0);
}

static void test_a_contender_that_cannot_create_is_an_error(void **state)
{
    const struct tb_runtime stuck = {
        .name = "stuck", .prepare = fine, .create = no_more, .join = fine, .release = nothing};
    struct tb_engine engine = {0};
    struct tb_run run = {.runtime = &stuck, .engine = &engine};
    struct tb_contention *contention = NULL;

    (void)state;
    assert_int_equal(tb_contention_create(&run, 2, &contention), EAGAIN);
    assert_null(contention);
}

static void test_memory_is_from_the_node_asked_for(void **state)
{
    int after = -1;

    (void)state;
    assert_true(at(&tb_axis_node, TB_NODE_USUAL));
    assert_int_equal(seen.memory_policy, MPOL_DEFAULT);
    if (!at(&tb_axis_node, TB_NODE_NEAR))
        skip(); /* a kernel without nodes */
    assert_int_equal(seen.memory_policy, MPOL_BIND);
    if (at(&tb_axis_node, TB_NODE_FAR))
        assert_int_equal(seen.memory_policy, MPOL_BIND);
    assert_int_equal(syscall(SYS_get_mempolicy, &after, NULL, 0ul, NULL, 0ul), 0);
    assert_int_equal(after, MPOL_DEFAULT);
}

/* What it sets stays with this process: the last test. */
static void test_a_filter_is_there_and_allows_every_call(void **state)
{
    int64_t before = count_filters();

    (void)state;
    if (before < 0)
        skip(); /* Linux before 5.10 does not tell */
    assert_true(at(&tb_axis_seccomp, 0));
    assert_int_equal(seen.filters, before);
    assert_true(at(&tb_axis_seccomp, 512));
    assert_int_equal(seen.filters, before + 1);
    assert_true(at(&tb_axis_seccomp_cached, 1024));
    assert_int_equal(seen.filters, before + 2);
    assert_false(at(&tb_axis_seccomp, 1025));
    assert_int_equal(count_filters(), before + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_detached_thread_is_gone_without_a_join),
        cmocka_unit_test(test_a_guard_is_as_asked_for),
        cmocka_unit_test(test_a_given_stack_is_the_one_that_was_made),
        cmocka_unit_test(test_a_thread_begins_on_the_cpu_that_it_was_told),
        cmocka_unit_test(test_a_priority_is_had_and_given_back),
        cmocka_unit_test(test_the_caller_keeps_its_policy),
        cmocka_unit_test(test_an_affinity_is_told_to_the_child_alone),
        cmocka_unit_test(test_a_guard_reaches_the_thread),
        cmocka_unit_test(test_how_stacks_are_guarded_is_found_out),
        cmocka_unit_test(test_descriptors_are_open_meanwhile),
        cmocka_unit_test(test_memory_is_in_use_meanwhile),
        cmocka_unit_test(test_more_threads_than_there_is_room_for_are_a_skip),
        cmocka_unit_test(test_rivals_create_threads_all_the_while),
        cmocka_unit_test(test_a_contender_that_cannot_create_is_an_error),
        cmocka_unit_test(test_memory_is_from_the_node_asked_for),
        cmocka_unit_test(test_a_filter_is_there_and_allows_every_call),
    };

    tb_clock_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
