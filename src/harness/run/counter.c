#include "run/counter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/scratch.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

enum { log_limit = 1 << 20 };
static const double probe_timeout_s = 30;
static const char event_call[] = "perf_event_open"; /* which an ending lacks */

/*
 * The event is this process's, and is off: it would count from an exec on, which does not come. A
 * child inherits it, and counts from its exec on. When the child ends, its count is added to ours.
 */
int tb_counter_perf(unsigned type, unsigned long long event)
{
    struct perf_event_attr attributes = {
        .size = sizeof attributes,
        .type = type,
        .config = event,
        .disabled = 1,
        .inherit = 1,
        .enable_on_exec = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
    };
    long fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

    return fd < 0 ? -errno : (int)fd;
}

static int begin_instructions(void)
{
    return tb_counter_perf(PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS);
}

/* Where the CPU was lent to another counter meanwhile, nobody knows what ran then. */
static double end_perf(const struct tb_ending *ending, const char *path, int fd)
{
    struct {
        uint64_t count, enabled_ns, running_ns;
    } now = {0};

    (void)ending;
    (void)path;
    if (read(fd, &now, sizeof now) != sizeof now || now.running_ns < now.enabled_ns)
        return NAN;
    return now.count ? (double)now.count : NAN;
}

/* A whole number in which commas separate thousands; NaN where there is none. */
static double number_of(const char *text)
{
    double number = 0;
    bool any = false;

    for (text += strspn(text, " "); (*text >= '0' && *text <= '9') || (any && *text == ',');
         text++) {
        if (*text == ',')
            continue;
        number = 10 * number + (*text - '0');
        any = true;
    }
    return any ? number : NAN;
}

/* "==123== I   refs:      5,140,045", or with a single blank. */
double tb_counter_valgrind(const char *log)
{
    const char *at = strstr(log, "== I ");

    at = at ? strstr(at, "refs:") : NULL;
    return at ? number_of(at + strlen("refs:")) : NAN;
}

/* "     2131 total", the last line. */
double tb_counter_strace(const char *summary)
{
    const char *at = strstr(summary, " total"), *line = at;

    while (line && line > summary && line[-1] != '\n')
        line--;
    return line ? number_of(line) : NAN;
}

static double read_count(const char *path, double (*count_in)(const char *))
{
    tb_autofree char *text = NULL;
    size_t size;

    return tb_file_read(path, log_limit, &text, &size) ? NAN : count_in(text);
}

/* Each process has written a file of its own. One that was killed has not, and another may have
 * begun: a file without a count is left out. */
static double end_valgrind(const struct tb_ending *ending, const char *path, int fd)
{
    const char *slash = strrchr(path, '/');
    tb_autofree char *folder = tb_copy_part(path, (size_t)(slash - path));
    tb_autowords char **names = NULL;
    double sum = 0;

    (void)ending;
    (void)fd;
    if (tb_folder_names(folder, &names))
        return NAN; /* some of the names would give a part of the count */
    for (char **name = names; *name; name++) {
        tb_autofree char *file = tb_folder_path(folder, *name);
        double count =
            tb_begins_with(*name, slash + 1) ? read_count(file, tb_counter_valgrind) : NAN;

        sum += isnan(count) ? 0 : count;
    }
    return sum > 0 ? sum : NAN;
}

static double end_strace(const struct tb_ending *ending, const char *path, int fd)
{
    (void)ending;
    (void)fd;
    return read_count(path, tb_counter_strace);
}

static double end_faults(const struct tb_ending *ending, const char *path, int fd)
{
    (void)path;
    (void)fd;
    return ending->faults > 0 ? (double)ending->faults : NAN;
}

static const char *const valgrind[] = {"valgrind",
                                       "--tool=cachegrind",
                                       "--cache-sim=no",
                                       "--trace-children=yes",
                                       "--cachegrind-out-file=/dev/null",
                                       "--log-file=",
                                       NULL};
static const char *const strace[] = {"strace", "-f", "-c", "-U", "calls,name", "--output=", NULL};

const struct tb_counter tb_counters[] = {
    {.name = "perf", .metric = TB_INSTRUCTIONS, .begin = begin_instructions, .end = end_perf},
    {.name = "valgrind",
     .metric = TB_INSTRUCTIONS,
     .help = "install valgrind",
     .words = valgrind,
     .each = true,
     .end = end_valgrind},
    {.name = "strace",
     .metric = TB_SYSCALLS,
     .help = "install strace, 5.7 or later",
     .words = strace,
     .end = end_strace},
    {.name = "rusage", .metric = TB_FAULTS, .end = end_faults},
    {0},
};

/* To valgrind '%' begins what it replaces: "%%" is one, and "%p" the process. The caller's. */
static char *pattern_of(const char *path)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (; *path; path++)
        (void)fprintf(out, "%s%c", *path == '%' ? "%" : "", *path); /* into memory, as below */
    (void)fputs(".%p", out);
    (void)fclose(out);
    return text;
}

/* The words that count, then the job's. The caller's. */
static char **command_of(const struct tb_counter *counter, const struct tb_job *job,
                         const char *path)
{
    static const char *const none[] = {NULL};
    tb_autofree char *file = counter->each ? pattern_of(path) : tb_copy(path);
    char **words = tb_words_join((char *const *)(counter->words ? counter->words : none),
                                 job->argv); /* which changes nothing */

    for (size_t i = 0; counter->words && counter->words[i]; i++) {
        char *word = words[i];

        if (!tb_ends_with(word, "="))
            continue;
        words[i] = tb_print("%s%s", word, file);
        free(word);
    }
    return words;
}

struct tb_ending tb_counter_run(const struct tb_counter *counter, const struct tb_job *job,
                                double *ret_count)
{
    tb_autofree char *path = tb_scratch_path("count");
    tb_autowords char **words = command_of(counter, job, path);
    int fd = counter->begin ? counter->begin() : -1;
    struct tb_job counted = *job;
    struct tb_ending ending = {.end = TB_UNSTARTED, .number = -fd, .missing = event_call};

    *ret_count = NAN;
    if (counter->begin && fd < 0) {
        ending.written[TB_ERRORS].text = tb_copy("");
        return ending;
    }
    counted.argv = words;
    ending = tb_worker_run(&counted);
    if (tb_ending_is_good(&ending))
        *ret_count = counter->end(&ending, path, fd);
    if (fd >= 0)
        (void)close(fd); /* nothing was written to it */
    return ending;
}

/* What keeps perf_event_open() from counting. */
static const char *perf_help(int err)
{
    switch (err) {
    case EACCES:
    case EPERM:
        return "kernel.perf_event_paranoid is above 2, or a container forbids it: let root lower "
               "it";
    case ENOENT:
    case EOPNOTSUPP:
        return "the CPU shows no counter, as in many virtual machines";
    case ENOSYS:
        return "the kernel has none";
    default:
        return strerror(err);
    }
}

/* Why that counter has counted nothing of a program that does nothing; the caller's. */
static char *why_not(const struct tb_counter *counter, const struct tb_ending *ending)
{
    tb_autofree char *text = tb_ending_text(ending);

    if (tb_same(ending->missing, event_call))
        return tb_print("%s: %s", counter->name, perf_help(ending->number));
    if (counter->help && ending->end == TB_UNSTARTED && ending->number == ENOENT)
        return tb_print("%s is missing: %s", counter->name, counter->help);
    return tb_print("%s: %s", counter->name,
                    tb_ending_is_good(ending) ? "it counts nothing here" : text);
}

/* NULL where it counts; the caller's. */
static char *probe(const struct tb_counter *counter)
{
    char nothing[] = "true";
    const struct tb_job job = {.argv = (char *[]){nothing, NULL}, .timeout_s = probe_timeout_s};
    struct tb_error error;
    double count;

    if (tb_scratch_renew(&error))
        return tb_copy(error.text);
    tb_auto(tb_ending_finish) struct tb_ending ending = tb_counter_run(counter, &job, &count);

    return isnan(count) ? why_not(counter, &ending) : NULL;
}

const struct tb_counter *tb_counter_find(enum tb_metric metric, char **ret_why)
{
    tb_autofree char *all = NULL;

    for (const struct tb_counter *counter = tb_counters; counter->name; counter++) {
        tb_autofree char *before = NULL, *why = NULL;

        if (counter->metric != metric)
            continue;
        why = probe(counter);
        if (!why)
            return counter;
        before = all;
        all = before ? tb_print("%s; %s", before, why) : tb_copy(why);
    }
    *ret_why = all ? tb_copy(all) : tb_copy("no counter is known");
    return NULL;
}
