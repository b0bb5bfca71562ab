/* limit/threads: how many threads this process can make, what ends it, and what the creating call
 * costs near that end. It may slow down everything else on the machine and make other programs
 * fail, so it runs only when THREADBENCH_LIMIT_THREADS=N is in the environment, and makes no more
 * than N.
 *
 * Threads with small stacks are made, and left asleep, until one cannot be made or there are N. The
 * last 16 go again, as what the kernel counts is given back a moment after a join. A sample is then
 * the creating call alone: one of those that sleep is woken and joined, another made in its place.
 * The note beside the times says how many there were and which limit was reached. */
#include <threadbench/bench.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE "THREADBENCH_LIMIT_THREADS"

enum { MARGIN = 16, MOST = 4000000, MOST_TRIES = 1000, STACK_BYTES = 32 * 1024 };

/* ---- what is left of each limit ---- */

static const int64_t unlimited = INT64_MAX;

/* The first number in a file after a mark, if one is given; "max", or no such file, is no limit. */
static int64_t number_after(const char *path, char mark)
{
    FILE *file = fopen(path, "re");
    char line[128] = "", *at = line, *end;
    int64_t number;

    if (!file)
        return unlimited;
    if (!fgets(line, sizeof(line), file))
        line[0] = '\0';
    (void)fclose(file); /* read only: nothing to lose */
    if (mark && (at = strchr(line, mark)))
        at++;
    number = at ? strtoll(at, &end, 10) : 0;
    return at && end != at ? number : unlimited;
}

static int64_t number_in(const char *path)
{
    return number_after(path, '\0');
}

static int64_t left_of(int64_t most, int64_t used)
{
    return most == unlimited || used == unlimited ? unlimited : most - used;
}

/* Threads of all processes: the number after the slash in /proc/loadavg. */
static int64_t left_of_all(const char *limit)
{
    return left_of(number_in(limit), number_after("/proc/loadavg", '/'));
}

static int64_t left_of_threads_max(void)
{
    return left_of_all("/proc/sys/kernel/threads-max");
}

/* The kernel gives out the numbers below 300 once, and then begins again at 300. */
static int64_t left_of_pid_max(void)
{
    enum { RESERVED = 300 };

    return left_of_all("/proc/sys/kernel/pid_max") - RESERVED;
}

static int64_t left_of_maps(void)
{
    FILE *file = fopen("/proc/self/maps", "re");
    int64_t used = 0;

    if (!file)
        return unlimited;
    for (int c; (c = getc(file)) != EOF;)
        used += c == '\n';
    (void)fclose(file);
    return left_of(number_in("/proc/sys/vm/max_map_count"), used);
}

/* Threads of a process: its directory of them has a link for each, and two of its own. */
static int64_t threads_of(const char *process, uid_t user)
{
    char path[PATH_MAX];
    struct stat status;

    (void)snprintf(path, sizeof(path), "/proc/%s/task", process);
    return !stat(path, &status) && status.st_uid == user ? (int64_t)status.st_nlink - 2 : 0;
}

static int64_t left_of_nproc(void)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY};
    DIR *processes = opendir("/proc");
    int64_t used = 0;

    (void)getrlimit(RLIMIT_NPROC, &limit); /* fails only for bad arguments */
    for (struct dirent *entry; processes && (entry = readdir(processes));)
        if (isdigit((unsigned char)entry->d_name[0]))
            used += threads_of(entry->d_name, getuid());
    if (processes)
        (void)closedir(processes);
    return limit.rlim_cur == RLIM_INFINITY || !getuid() ? unlimited
                                                        : (int64_t)limit.rlim_cur - used;
}

/* Of the group at `path`, and of those that it is in. */
static int64_t left_of_group(const char *root, char *path)
{
    int64_t least = unlimited;
    char *slash = path;

    while (slash) {
        char file[2 * PATH_MAX];
        int64_t most, used;

        (void)snprintf(file, sizeof(file), "%s%s/pids.max", root, path);
        most = number_in(file);
        (void)snprintf(file, sizeof(file), "%s%s/pids.current", root, path);
        used = number_in(file);
        least = left_of(most, used) < least ? left_of(most, used) : least;
        slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    return least;
}

/* A line is NUMBER:CONTROLLERS:PATH; the second version's has no controllers. */
static int64_t left_of_pids(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    int64_t least = unlimited;
    char line[PATH_MAX];

    while (file && fgets(line, sizeof(line), file)) {
        char *group = strchr(line, ':');
        char *path = group ? strchr(group + 1, ':') : NULL;
        bool second = group && path == group + 1;
        int64_t left;

        if (!path || (!second && strncmp(group, ":pids:", 6) != 0))
            continue;
        path[strcspn(path, "\n")] = '\0';
        left = left_of_group(second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids", path + 1);
        least = left < least ? left : least;
    }
    if (file)
        (void)fclose(file);
    return least;
}

static const struct limit {
    const char *name;
    int64_t (*left)(void);
} limits[] = {
    {"RLIMIT_NPROC", left_of_nproc},
    {"pids.max", left_of_pids},
    {"kernel.threads-max", left_of_threads_max},
    {"kernel.pid_max", left_of_pid_max},
    {"vm.max_map_count", left_of_maps},
};

/* The limit of which least is left, if that is next to nothing; the number of other processes moves
 * while one looks. */
static const char *reached(void)
{
    const char *name = "memory, or a limit that cannot be seen from here";
    int64_t least = MARGIN;

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        int64_t left = limits[i].left();

        if (left < least) {
            least = left;
            name = limits[i].name;
        }
    }
    return name;
}

/* ---- the threads ---- */

struct sleeper {
    pthread_t thread;
    sem_t leave;
};

struct crowd {
    pthread_attr_t attributes;
    bool has_attributes;
    size_t count;
    struct sleeper *sleepers;
};

static void *sleep_on(void *argument)
{
    struct sleeper *sleeper = argument;

    while (sem_wait(&sleeper->leave) && errno == EINTR)
        ;
    return NULL;
}

static int add(struct crowd *crowd)
{
    struct sleeper *sleeper = &crowd->sleepers[crowd->count];
    int err = pthread_create(&sleeper->thread, &crowd->attributes, sleep_on, sleeper);

    crowd->count += !err;
    return err;
}

static void remove_last(struct crowd *crowd)
{
    struct sleeper *sleeper = &crowd->sleepers[--crowd->count];

    (void)sem_post(&sleeper->leave); /* never near its maximum */
    (void)pthread_join(sleeper->thread, NULL);
}

static void teardown(struct tb_run *run)
{
    struct crowd *crowd = run->own;

    if (!crowd)
        return;
    while (crowd->count)
        remove_last(crowd);
    if (crowd->has_attributes)
        (void)pthread_attr_destroy(&crowd->attributes); /* cannot fail */
    free(crowd->sleepers);
    free(crowd);
}

static size_t bound(void)
{
    const char *text = getenv(VARIABLE);
    char *end = NULL;
    long number = text && isdigit((unsigned char)text[0]) ? strtol(text, &end, 10) : 0;

    return end && !*end && number > MARGIN && number <= MOST ? (size_t)number : 0;
}

static int setup(struct tb_run *run)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd));
    size_t most = bound();
    int err;

    if (!crowd)
        return ENOMEM;
    run->own = crowd;
    err = pthread_attr_init(&crowd->attributes);
    crowd->has_attributes = !err;
    if (!err)
        err = pthread_attr_setstacksize(&crowd->attributes, STACK_BYTES);
    crowd->sleepers = calloc(most + 1, sizeof(*crowd->sleepers));
    for (size_t i = 0; crowd->sleepers && i < most; i++)
        (void)sem_init(&crowd->sleepers[i].leave, 0, 0); /* fails only above the maximum */
    return crowd->sleepers ? err : ENOMEM;
}

/* Another process may take what was given back: that is tried again, within reason. */
static enum tb_outcome time_last(struct tb_run *run, struct crowd *crowd)
{
    int tries = 0;

    while (tb_next(run)) {
        int64_t end_ns;
        int err;

        remove_last(crowd);
        do {
            tb_start(run);
            err = add(crowd);
            end_ns = tb_clock_ns();
        } while (err == EAGAIN && ++tries < MOST_TRIES && !sched_yield());
        if (err)
            return tb_fail(run, "create", err);
        tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, -1);
    }
    return TB_OK;
}

static enum tb_outcome threads(struct tb_run *run)
{
    struct crowd *crowd = run->own;
    size_t most = bound();
    int err = 0;

    if (!most)
        return tb_skip(run,
                       "may disturb the machine: set " VARIABLE " to the most that it may "
                       "make, %d to %d",
                       MARGIN + 1, MOST);
    while (crowd->count < most && !(err = add(crowd)))
        ;
    if (err)
        tb_note(run, "%zu threads, then %s: %s", crowd->count, strerror(err), reached());
    else
        tb_note(run, "%zu threads, as many as were allowed; no limit was reached", crowd->count);
    for (int i = 0; i < MARGIN && crowd->count > 1; i++)
        remove_last(crowd);
    return crowd->count ? time_last(run, crowd) : tb_fail(run, "create", err);
}

const struct tb_bench tb_bench_limit[] = {
    {
        .name = "limit/threads",
        .doc = "the creating call with nearly as many threads as can be made; opt-in",
        .threadless = true,
        .walks = {TB_WALK(cpu, TB_SAME)},
        .decides = "p10",
        .setup = setup,
        .run = threads,
        .teardown = teardown,
    },
    {0},
};
