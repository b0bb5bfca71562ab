/* The program threadbench-first-exit, for exit/pthread-exit-loading: a first pthread_exit where the
 * compiler's libgcc_s is not there yet. So it is in C alone, and started for each sample. Writes to
 * its standard output the nanoseconds from the last instruction before that call until the thread
 * id no longer exists, an int64_t; ends with 2 if it has the library from its start. */
#include <threadbench/proc.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_LOADED = 2, DEADLINE_S = 10 };

/* `tid` and `armed` order what comes before them; `last_ns` is read after the join. */
static _Atomic pid_t tid;
static atomic_bool armed;
static int64_t last_ns;

static int64_t now_ns(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* the clock always exists */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* On one CPU the other thread needs that CPU, hence the yields here and below. */
static void *exit_when_armed(void *unused)
{
    atomic_store_explicit(&tid, gettid(), memory_order_release);
    while (!atomic_load_explicit(&armed, memory_order_acquire))
        (void)sched_yield(); /* always succeeds */
    last_ns = now_ns();
    pthread_exit(unused);
}

static bool is_there(void)
{
    pid_t known = atomic_load_explicit(&tid, memory_order_acquire);

    return !known || !syscall(SYS_tgkill, getpid(), known, 0);
}

int main(void)
{
    pthread_t thread;
    int64_t end_ns;

    if (tb_proc_has_mapped("libgcc_s.so.1"))
        return EXIT_LOADED;
    (void)alarm(DEADLINE_S);                          /* what hangs is killed */
    (void)syscall(SYS_tgkill, getpid(), gettid(), 0); /* so that the sample binds no name of ours */
    if (pthread_create(&thread, NULL, exit_when_armed, NULL))
        return EXIT_FAILED;
    atomic_store_explicit(&armed, true, memory_order_release);
    while (is_there())
        (void)sched_yield();
    end_ns = now_ns();
    if (pthread_join(thread, NULL))
        return EXIT_FAILED;
    end_ns -= last_ns;
    return write(STDOUT_FILENO, &end_ns, sizeof(end_ns)) == sizeof(end_ns) ? 0 : EXIT_FAILED;
}
