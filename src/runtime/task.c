/* The tasks that every runtime can run, a raw clone among them: a child that has no libc thread
 * behind it shares its parent's thread-local storage, so nothing here may call libc or be
 * instrumented. The file is compiled without sanitizers and stack protector for that reason. */
#include <threadbench/clock.h>
#include <threadbench/runtime.h>

#include "arch.h"

#include <sys/syscall.h>

static long system_call(long number, long a, long b, long c, long d)
{
    return tb_arch_syscall(number, a, b, c, d, 0, 0);
}

static void stamp_first(struct tb_task *task)
{
    task->first_ns = tb_clock_ns();
    task->cpu = tb_clock_cpu();
}

static void stamp_last(struct tb_task *task)
{
    task->last_cpu = tb_clock_cpu();
    task->last_ns = tb_clock_ns();
}

void tb_task_noop(struct tb_task *task)
{
    task->cpu = tb_clock_cpu();
}

void tb_task_stamp_first(struct tb_task *task)
{
    stamp_first(task);
}

void tb_task_stamp_both(struct tb_task *task)
{
    stamp_first(task);
    stamp_last(task);
}

void tb_task_note_tid(struct tb_task *task)
{
    pid_t tid = (pid_t)system_call(SYS_gettid, 0, 0, 0, 0);

    task->cpu = tb_clock_cpu();
    stamp_last(task);
    atomic_store_explicit(&task->tid, tid, memory_order_release); /* the parent looks for it */
}

/* On one CPU the parent needs that CPU to give its word, hence the yield. */
void tb_task_exit_when_armed(struct tb_task *task)
{
    task->cpu = tb_clock_cpu();
    atomic_store_explicit(&task->tid, (pid_t)system_call(SYS_gettid, 0, 0, 0, 0),
                          memory_order_release); /* the parent looks for it */
    while (!atomic_load_explicit(&task->armed, memory_order_acquire))
        (void)system_call(SYS_sched_yield, 0, 0, 0, 0);
    stamp_last(task);
}

void tb_task_sleep(struct tb_task *task)
{
    const struct timespec duration = {task->sleep_ns / 1000000000, task->sleep_ns % 1000000000};

    task->cpu = tb_clock_cpu();
    (void)system_call(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&duration, 0);
    task->last_cpu = tb_clock_cpu();
}

/* The state letter stands after the last parenthesis: the name before it may hold anything. */
static bool sleeps(int state_fd)
{
    char text[256];
    long length = system_call(SYS_pread64, state_fd, (long)text, sizeof(text), 0);
    long end = length;

    while (end > 0 && text[end - 1] != ')')
        end--;
    return end > 0 && end + 1 < length && text[end + 1] == 'S';
}

static const int64_t deadline_ns = 10000000000;

/* The parent stores `armed` and then does nothing that sleeps but its join: armed and asleep, it is
 * in the join. On one CPU the parent needs that CPU to get there, hence the yield. */
void tb_task_exit_when_joined(struct tb_task *task)
{
    stamp_first(task);
    while (!atomic_load_explicit(&task->armed, memory_order_acquire) ||
           !sleeps(task->parent_state_fd)) {
        if (tb_clock_ns() - task->first_ns > deadline_ns)
            return;
        (void)system_call(SYS_sched_yield, 0, 0, 0, 0);
    }
    stamp_last(task);
}

/* The asm keeps the compiler from doing all spins at once. */
static void spin(int64_t spins)
{
    for (int64_t i = 0; i < spins; i++)
        __asm__ volatile("" : "+r"(i));
}

void tb_task_spin(struct tb_task *task)
{
    stamp_first(task);
    spin(task->spins);
}

/* Some 10 ms in all: long enough for a neighbour on the same core to pause once. */
enum { STRETCHES = 4096, STRETCH = 8192 };

int64_t tb_spins(int64_t ns)
{
    int64_t least = INT64_MAX;

    for (int i = 0; ns && i < STRETCHES; i++) {
        int64_t begin = tb_clock_ns(), took;

        spin(STRETCH);
        took = tb_clock_ns() - begin;
        least = took < least ? took : least;
    }
    return ns * STRETCH / (least > 0 ? least : 1);
}
