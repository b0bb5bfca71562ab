#include "respawn.h"

#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "number.h"

#define MODULE_VARIABLE   "THREADBENCH_RESPAWNED" /* the module that was preloaded */
#define TUNABLES_VARIABLE "GLIBC_TUNABLES"
#define SERIES_VARIABLE   "THREADBENCH_SERIES_FD" /* where the series goes */

/* What comes first in the file; the samples and then each phase's times follow. */
struct header {
    enum tb_status status;
    char reason[256], note[128];
    size_t count, misplaced, migrations;
    struct tb_used used;
    int64_t wall_ns;
    bool by_child[TB_MAX_PHASES];
};

/* Whether a list in the environment ends with it. Earlier parts give way to later ones. */
static bool has_last(const char *variable, const char *what)
{
    const char *list = getenv(variable);
    size_t size = strlen(what);

    return list && strlen(list) >= size && !strcmp(list + strlen(list) - size, what);
}

/* Whether the process had to be started in another way. */
static bool lacks_its_start(const struct tb_bench_case *c)
{
    char name[64];
    const char *module = tb_bench_case_preload(c, name, sizeof(name));
    const char *tunables = c->bench->tunables;

    return (module && !has_last(MODULE_VARIABLE, module)) ||
           (tunables && !has_last(TUNABLES_VARIABLE, tunables));
}

static int is_module(struct dl_phdr_info *info, size_t size, void *module)
{
    const char *slash = strrchr(info->dlpi_name, '/');

    (void)size;
    return slash && !strcmp(slash + 1, module);
}

/* The loader goes on without a module that it cannot load, and splits its list at spaces. */
bool tb_respawn_is_ready(const struct tb_bench_case *c)
{
    char name[64];

    return !tb_bench_case_preload(c, name, sizeof(name)) || dl_iterate_phdr(is_module, name);
}

enum { EXIT_NOT_STARTED = 127 };

static bool transfer(ssize_t (*io)(int, void *, size_t), int fd, void *data, size_t bytes)
{
    char *at = data;

    while (bytes) {
        ssize_t done = io(fd, at, bytes);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        bytes -= (size_t)done;
    }
    return true;
}

static ssize_t put(int fd, void *data, size_t bytes)
{
    return write(fd, data, bytes);
}

static bool transfer_series(ssize_t (*io)(int, void *, size_t), int fd, struct tb_samples *series)
{
    if (!transfer(io, fd, series->samples, series->count * sizeof(*series->samples)))
        return false;
    for (size_t i = 0; i < TB_MAX_PHASES && series->phases[i]; i++)
        if (!transfer(io, fd, series->phases[i], series->count * sizeof(int64_t)))
            return false;
    return true;
}

static int series_fd(void)
{
    const char *text = getenv(SERIES_VARIABLE);
    long long fd;

    return text && tb_parse_number(text, 0, INT_MAX, &fd) ? (int)fd : -1;
}

bool tb_respawn_wanted(const struct tb_bench_case *c)
{
    return lacks_its_start(c) || (tb_bench_case_fresh(c) && tb_engine_has_made_threads()) ||
           (tb_bench_case_lasts(c) && series_fd() < 0);
}

/* A failure to write leaves the file short, which is what the parent then reports. */
void tb_respawn_hand_over(const struct tb_engine *engine)
{
    struct tb_samples series = engine->series;
    struct header header = {
        .status = engine->status,
        .count = series.count,
        .misplaced = engine->misplaced,
        .migrations = engine->migrations,
        .used = engine->used,
        .wall_ns = engine->wall_ns,
    };
    int fd = series_fd();

    if (fd < 0)
        return;
    (void)memcpy(header.reason, engine->reason, sizeof(header.reason));
    (void)memcpy(header.note, engine->note, sizeof(header.note));
    (void)memcpy(header.by_child, engine->by_child, sizeof(header.by_child));
    if (transfer(put, fd, &header, sizeof(header)))
        (void)transfer_series(put, fd, &series);
}

/* ---- the parent's side ---- */

enum { MOST_WORDS = 32, COMMAND_SIZE = 16384 };

/* What the new process is to be, apart from its case. */
struct start {
    const char *module; /* to preload; NULL: none */
    char path[PATH_MAX];
    size_t samples;
    int fd;
    int nowhere; /* for its stdout */
};

static bool set_number(const char *variable, size_t number)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%zu", number); /* 20 characters at most */
    return !setenv(variable, text, 1);
}

/* Adds something to a list whose parts are separated by colons. */
static bool set_last(const char *variable, const char *last)
{
    const char *list = getenv(variable);
    char whole[2 * PATH_MAX];
    int length = snprintf(whole, sizeof(whole), "%s%s%s", list ? list : "", list ? ":" : "", last);

    return length > 0 && (size_t)length < sizeof(whole) && !setenv(variable, whole, 1);
}

/* What the loader and the C library are to find when the program starts again. */
static bool set_start(const struct tb_bench_case *c, const struct start *start)
{
    if (start->module &&
        (!set_last("LD_PRELOAD", start->path) || setenv(MODULE_VARIABLE, start->module, 1)))
        return false;
    return !c->bench->tunables || set_last(TUNABLES_VARIABLE, c->bench->tunables);
}

/* The sidecar and the trace are the parent's to write. */
static bool set_environment(const struct tb_bench_case *c, const struct start *start)
{
    return set_start(c, start) && !unsetenv(TB_SIDECAR_VARIABLE) && !unsetenv(TB_TRACE_VARIABLE) &&
           set_number(TB_SAMPLES_VARIABLE, start->samples) &&
           set_number(SERIES_VARIABLE, (size_t)start->fd);
}

static size_t count_words(char *const *words)
{
    size_t count = 0;

    while (words[count])
        count++;
    return count;
}

/* The words this process was started with, with Google Benchmark's flags or without: a program that
 * hosts the suite wants its own words again. False: they cannot be read, or are too many. */
static bool read_command(char *command, char **words, bool flags)
{
    size_t size, count = 0;

    if (tb_proc_read("/proc/self/cmdline", command, COMMAND_SIZE, &size) || !size ||
        size == COMMAND_SIZE - 1)
        return false;
    for (char *at = command; at < command + size && count < MOST_WORDS; at += strlen(at) + 1)
        if (flags || strncmp(at, "--benchmark_", strlen("--benchmark_")) != 0)
            words[count++] = at;
    words[count] = NULL;
    return count < MOST_WORDS;
}

/* This program, even if another one is at its path by now. What counts instructions may run it
 * within itself: then that file is the counter's, and the link to it is still ours. */
static const char *own_program(char *path, size_t size)
{
    bool counted = getenv(TB_COUNTED_VARIABLE) != NULL;

    return counted && !tb_proc_program(path, size) ? path : "/proc/self/exe";
}

/* In the new process, which has one thread. Does not return. */
static _Noreturn void start_again(const struct tb_bench_case *c, const struct start *start,
                                  pid_t parent)
{
    char registered[256], filter[300], once[] = "--benchmark_min_time=0";
    char quiet[] = "--benchmark_format=json"; /* the context goes to stdout as well */
    char *own[] = {filter, once, quiet, NULL};
    char *arguments[MOST_WORDS + sizeof(own) / sizeof(own[0])], command[COMMAND_SIZE];
    char path[PATH_MAX];

    tb_bench_case_registered_name(c, registered, sizeof(registered));
    (void)snprintf(filter, sizeof(filter), "--benchmark_filter=^%s$", registered);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
        dup2(start->nowhere, STDOUT_FILENO) < 0 || !set_environment(c, start) ||
        !read_command(command, arguments, false))
        _exit(EXIT_NOT_STARTED);
    (void)memcpy(arguments + count_words(arguments), own, sizeof(own));
    (void)execv(own_program(path, sizeof(path)), arguments);
    _exit(EXIT_NOT_STARTED);
}

static bool start_of(const struct tb_bench_case *c, char *name, size_t size, struct start *start)
{
    start->module = tb_bench_case_preload(c, name, size);
    return !start->module || tb_module_path(start->module, start->path, sizeof(start->path));
}

int tb_respawn_in_place(const struct tb_bench_case *c)
{
    char name[64], command[COMMAND_SIZE], *arguments[MOST_WORDS], path[PATH_MAX];
    struct start start = {0};

    if (!lacks_its_start(c) || !start_of(c, name, sizeof(name), &start) ||
        !read_command(command, arguments, true))
        return 0;
    if (!set_start(c, &start))
        return E2BIG;
    /* Returns only where it fails. */
    (void)execv(own_program(path, sizeof(path)), arguments);
    return errno;
}

/* About the process that was started for it, of which errno knows nothing. */
static enum tb_status fail(struct tb_engine *engine, const char *format, ...)
{
    int used = snprintf(engine->reason, sizeof(engine->reason), "the process started for it ");
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(engine->reason + used, sizeof(engine->reason) - (size_t)used, format,
                    arguments); /* cut to fit */
    va_end(arguments);
    return engine->status = TB_FAIL;
}

static enum tb_status take_over(struct tb_engine *engine, int fd, size_t samples)
{
    struct header header;
    int err = tb_samples_init(&engine->series, samples, tb_bench_phases(engine->running->bench));

    if (err)
        return tb_fail(&engine->run, "room for the samples", err);
    if (lseek(fd, 0, SEEK_SET) || !transfer(read, fd, &header, sizeof(header)) ||
        header.count > samples)
        return fail(engine, "handed nothing over");
    engine->series.count = header.count;
    if (!transfer_series(read, fd, &engine->series))
        return fail(engine, "handed half a series over");
    engine->misplaced = header.misplaced;
    engine->migrations = header.migrations;
    engine->used = header.used;
    engine->wall_ns = header.wall_ns;
    (void)memcpy(engine->reason, header.reason, sizeof(engine->reason));
    (void)memcpy(engine->note, header.note, sizeof(engine->note));
    (void)memcpy(engine->by_child, header.by_child, sizeof(engine->by_child));
    return engine->status = header.status;
}

/* Returns the wait status, or -1 with errno set. */
static int run_again(const struct tb_bench_case *c, const struct start *start)
{
    pid_t parent = getpid(), pid = fork();
    int status;

    if (pid < 0)
        return -1;
    if (!pid)
        start_again(c, start, parent);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

/* A process that ended well, or with the failure of its case, has handed its series over. */
static enum tb_status judge(struct tb_engine *engine, const struct start *start, int status)
{
    int number = WTERMSIG(status);

    if (status < 0)
        return errno == EAGAIN ? tb_skip(&engine->run, "a process for it: %s leaves no room",
                                         tb_limits_reached(1))
                               : tb_fail(&engine->run, "a process for it", errno);
    if (WIFEXITED(status) && WEXITSTATUS(status) <= 1)
        return take_over(engine, start->fd, start->samples);
    if (!WIFSIGNALED(status))
        return fail(engine, "ended with exit status %d", WEXITSTATUS(status));
    return fail(engine, "was killed by signal %d (%s)%s", number, strsignal(number),
                number == SIGKILL ? ", perhaps by the kernel for lack of memory" : "");
}

enum tb_status tb_respawn(struct tb_engine *engine, const struct tb_bench_case *c, size_t samples)
{
    char name[64];
    struct start start = {.samples = samples};

    *engine = (struct tb_engine){.running = c};
    engine->run = (struct tb_run){.bench = c->bench, .runtime = c->runtime, .engine = engine};
    engine->run.block = c->bench->block ? c->bench->block : 1;
    if (tb_bench_case_preload(c, name, sizeof(name)) && !tb_modules_load())
        return tb_skip(&engine->run, "nothing can be preloaded into a static program");
    if (!start_of(c, name, sizeof(name), &start))
        return tb_fail(&engine->run, start.module, ENOENT);
    start.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (start.nowhere < 0)
        return tb_fail(&engine->run, "/dev/null", errno);
    start.fd = memfd_create("series", 0); /* the new process inherits it */
    if (start.fd < 0)
        (void)tb_fail(&engine->run, "memfd_create", errno);
    else
        (void)judge(engine, &start, run_again(c, &start));
    (void)close(start.nowhere); /* nothing was written to it */
    if (start.fd >= 0)
        (void)close(start.fd); /* in memory: nothing to lose */
    return engine->status;
}
