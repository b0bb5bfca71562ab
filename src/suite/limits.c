/* How many more threads each limit of the machine leaves room for. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <sys/resource.h>
#include <unistd.h>

static const int64_t unlimited = INT64_MAX;

/* What is left of the limit in one file, as another one reports what is used. */
static int64_t left_of(const char *limit, const char *usage, const char *mark)
{
    int64_t most, used;

    return tb_proc_number(limit, "", &most) || tb_proc_number(usage, mark, &used) ? unlimited
                                                                                  : most - used;
}

/* Of the threads of all processes, whose number stands after the slash. */
static int64_t left_of_threads_max(void)
{
    return left_of("/proc/sys/kernel/threads-max", "/proc/loadavg", "/");
}

/* The kernel gives out the numbers below 300 once, and then begins again at 300. */
static int64_t left_of_pid_max(void)
{
    enum { RESERVED = 300 };

    int64_t left = left_of("/proc/sys/kernel/pid_max", "/proc/loadavg", "/");

    return left == unlimited ? unlimited : left - RESERVED;
}

/* A thread takes two mappings, its stack and the guard; or one, where that is guarded by advice.
 * Which it is needs no proof here: a thread made for that would be the first of its process. */
static int64_t left_of_maps(void)
{
    int64_t most, used;

    if (tb_proc_number("/proc/sys/vm/max_map_count", "", &most) ||
        tb_proc_lines("/proc/self/maps", &used))
        return unlimited;
    return (most - used) / (tb_guard_by_expected() == TB_BY_MADVISE ? 1 : 2);
}

/* Two stacks, of which a part is touched, page tables, the kernel's records: nobody refuses them
 * when they run out, but some process is killed. So this is the upper end of what they take. */
static int64_t left_of_memory(void)
{
    enum { THREAD_KIB = 64 };
    int64_t kib;

    return tb_proc_number("/proc/meminfo", "MemAvailable:", &kib) ? unlimited : kib / THREAD_KIB;
}

static int64_t left_of_nproc(void)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY};

    (void)getrlimit(RLIMIT_NPROC, &limit); /* fails only for bad arguments */
    return limit.rlim_cur == RLIM_INFINITY || !getuid()
               ? unlimited
               : (int64_t)limit.rlim_cur - tb_proc_threads_of(getuid());
}

static const struct {
    const char *name;
    int64_t (*left)(void);
} limits[] = {
    {"RLIMIT_NPROC", left_of_nproc},
    {"pids.max", tb_proc_tasks_left},
    {"kernel.threads-max", left_of_threads_max},
    {"kernel.pid_max", left_of_pid_max},
    {"vm.max_map_count", left_of_maps},
    {"memory", left_of_memory},
};

struct tb_limit tb_limits_least(void)
{
    struct tb_limit least = {.left = unlimited};

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        int64_t left = limits[i].left();

        if (left < least.left)
            least = (struct tb_limit){limits[i].name, left};
    }
    return least;
}

const char *tb_limits_reached(int64_t wanted)
{
    struct tb_limit least = tb_limits_least();
    struct rlimit space = {.rlim_cur = RLIM_INFINITY};

    if (least.left < wanted)
        return least.name;
    (void)getrlimit(RLIMIT_AS, &space); /* fails only for bad arguments */
    return space.rlim_cur != RLIM_INFINITY ? "RLIMIT_AS (ulimit -v)"
                                           : "memory, or a limit that cannot be seen from here";
}
