#include "respawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "number.h"

#define MODULE_VARIABLE  "THREADBENCH_RESPAWNED" /* the module that was preloaded */
#define SERIES_VARIABLE  "THREADBENCH_SERIES_FD" /* where the series goes */
#define SAMPLES_VARIABLE "THREADBENCH_SAMPLES"

/* What comes first in the file; the samples and then each phase's times follow. */
struct header {
    enum tb_outcome outcome;
    char reason[256];
    size_t count, misplaced, migrations;
    struct tb_used used;
    int64_t wall_ns;
};

bool tb_respawn_wanted(const struct tb_case *c)
{
    const char *started_for = getenv(MODULE_VARIABLE);
    char name[64];
    const char *module = tb_case_preload(c, name, sizeof(name));

    if (module && (!started_for || strcmp(started_for, module)))
        return true;
    return tb_case_fresh(c) && tb_engine_has_made_threads();
}

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

static bool transfer_series(ssize_t (*io)(int, void *, size_t), int fd, struct tb_series *series)
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

/* A failure to write leaves the file short, which is what the parent then reports. */
void tb_respawn_hand_over(const struct tb_engine *engine)
{
    struct tb_series series = engine->series;
    struct header header = {
        .outcome = engine->outcome,
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
    if (transfer(put, fd, &header, sizeof(header)))
        (void)transfer_series(put, fd, &series);
}

/* ---- the parent's side ---- */

/* Beside the program, as in a build tree, or where they are installed. */
static bool find_module(const char *module, char *path, size_t size)
{
    static const char *const places[] = {"", TB_MODULES_FROM_PROGRAM "/"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    program[length < 0 ? 0 : length] = '\0';
    slash = strrchr(program, '/');
    for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
        int used =
            snprintf(path, size, "%.*s/%s%s", (int)(slash - program), program, places[i], module);

        if (used > 0 && (size_t)used < size && !access(path, R_OK))
            return true;
    }
    return false;
}

static bool set_number(const char *variable, size_t number)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%zu", number); /* 20 characters at most */
    return !setenv(variable, text, 1);
}

static bool set_preload(const char *module, const char *path)
{
    const char *preloaded = getenv("LD_PRELOAD");
    char list[2 * PATH_MAX];
    int length = snprintf(list, sizeof(list), "%s%s%s", path, preloaded ? ":" : "",
                          preloaded ? preloaded : "");

    return length > 0 && (size_t)length < sizeof(list) && !setenv("LD_PRELOAD", list, 1) &&
           !setenv(MODULE_VARIABLE, module, 1);
}

/* What the new process is to be, apart from its case. */
struct start {
    const char *module; /* to preload; NULL: none */
    char path[PATH_MAX];
    size_t samples;
    int fd;
};

/* In the new process, which has one thread. Does not return. */
static void start_again(const struct tb_case *c, const struct start *start)
{
    char registered[256], filter[300];
    char program[] = "threadbench-suite", once[] = "--benchmark_min_time=0";
    char quiet[] = "--benchmark_format=json"; /* the context goes to stdout as well */
    char *arguments[] = {program, filter, once, quiet, NULL};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    tb_case_registered_name(c, registered, sizeof(registered));
    (void)snprintf(filter, sizeof(filter), "--benchmark_filter=^%s$", registered);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 ||
        !set_number(SAMPLES_VARIABLE, start->samples) ||
        !set_number(SERIES_VARIABLE, (size_t)start->fd) ||
        (start->module && !set_preload(start->module, start->path)))
        _exit(127);
    (void)execv("/proc/self/exe", arguments);
    _exit(127);
}

static enum tb_outcome take_over(struct tb_engine *engine, int fd, size_t samples)
{
    const struct tb_bench *bench = engine->running->bench;
    struct header header;
    size_t phases = 0;
    int err;

    while (phases < TB_MAX_PHASES && bench->phases[phases])
        phases++;
    err = tb_series_init(&engine->series, samples, phases);
    if (err)
        return tb_fail(&engine->run, "room for the samples", err);
    if (lseek(fd, 0, SEEK_SET) || !transfer(read, fd, &header, sizeof(header)) ||
        header.count > samples)
        return tb_fail(&engine->run, "the process started for it handed nothing over", EPIPE);
    engine->series.count = header.count;
    if (!transfer_series(read, fd, &engine->series))
        return tb_fail(&engine->run, "the process started for it handed half a series over", EPIPE);
    engine->misplaced = header.misplaced;
    engine->migrations = header.migrations;
    engine->used = header.used;
    engine->wall_ns = header.wall_ns;
    (void)memcpy(engine->reason, header.reason, sizeof(engine->reason));
    return engine->outcome = header.outcome;
}

static int run_again(const struct tb_case *c, const struct start *start)
{
    pid_t pid = fork();
    int status;

    if (pid < 0)
        return errno;
    if (!pid)
        start_again(c, start);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

enum tb_outcome tb_respawn(struct tb_engine *engine, const struct tb_case *c, size_t samples)
{
    char name[64];
    struct start start = {.module = tb_case_preload(c, name, sizeof(name)), .samples = samples};
    int err;

    *engine = (struct tb_engine){.running = c};
    engine->run = (struct tb_run){.bench = c->bench, .runtime = c->runtime, .engine = engine};
    engine->run.block = c->bench->block ? c->bench->block : 1;
    if (start.module && !find_module(start.module, start.path, sizeof(start.path)))
        return tb_fail(&engine->run, start.module, ENOENT);
    start.fd = memfd_create("series", 0); /* the new process inherits it */
    if (start.fd < 0)
        return tb_fail(&engine->run, "memfd_create", errno);
    err = run_again(c, &start);
    if (err)
        (void)tb_fail(&engine->run, "a process for it", err);
    else
        (void)take_over(engine, start.fd, samples);
    (void)close(start.fd); /* in memory: nothing to lose */
    return engine->outcome;
}
