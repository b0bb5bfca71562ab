#include "run/procstat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/memory.h"

char *tb_kernel_text(const char *path, const char *mark)
{
    tb_autofree char *text = NULL;
    const char *at;
    size_t size;

    /* A failed call leaves no errno of 0, but an analyser cannot know it. */
    if (tb_file_read(path, 16 << 20, &text, &size) || !text)
        return NULL;
    at = strstr(text, mark);
    if (!at)
        return NULL;
    at += strlen(mark);
    at += strspn(at, " \t:=");
    size = strcspn(at, "\n");
    while (size && strchr(" \t", at[size - 1]))
        size--;
    return tb_copy_part(at, size);
}

size_t tb_kernel_numbers(const char *path, const char *mark, double *ret_values, size_t most)
{
    tb_autofree char *text = tb_kernel_text(path, mark);
    char *at = text, *end = text;
    size_t count = 0;

    for (; at && count < most; at = end) {
        double value = strtod(at, &end);

        if (end == at)
            break;
        ret_values[count++] = value;
    }
    return count;
}

double tb_kernel_number(const char *path, const char *mark)
{
    double value;

    return tb_kernel_numbers(path, mark, &value, 1) ? value : NAN;
}

double tb_cgroup_least(const char *mark, const char *root, double (*read)(const char *folder))
{
    char *path = tb_kernel_text("/proc/self/cgroup", mark), *slash = path;
    double least = NAN;

    while (slash) {
        tb_autofree char *folder = tb_print("%s%s", root, path);
        double limit = read(folder);

        least = limit >= 0 ? fmin(least, limit) : least; /* -1: no limit */
        slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    free(path);
    return least;
}

double tb_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The fields of the "cpu" line of /proc/stat, in its order. */
enum { user, nice_user, kernel, idle, iowait, irq, softirq, steal, fields };

struct tb_totals tb_totals_read(void)
{
    struct tb_totals totals = {
        .now = tb_now(),
        .pressure = tb_kernel_number("/proc/pressure/cpu", "total=") / 1e6,
        .busy = NAN,
        .steal = NAN,
        .all = NAN,
    };
    double second = (double)sysconf(_SC_CLK_TCK);
    double t[fields];

    if (tb_kernel_numbers("/proc/stat", "cpu ", t, fields) == fields) {
        totals.busy = (t[user] + t[nice_user] + t[kernel] + t[irq] + t[softirq]) / second;
        totals.steal = t[steal] / second;
        totals.all = totals.busy + totals.steal + (t[idle] + t[iowait]) / second;
    }
    return totals;
}

struct tb_load tb_load_between(const struct tb_totals *before, const struct tb_totals *after,
                               double own_s)
{
    double all = after->all - before->all;

    /* Both are counted in ticks: of a short life the difference can come out below nothing. */
    return (struct tb_load){
        .pressure_us = rint((after->pressure - before->pressure) * 1e6),
        .other_share = all > 0 ? fmax(0, after->busy - before->busy - own_s) / all : NAN,
        .steal_share = all > 0 ? (after->steal - before->steal) / all : NAN,
    };
}
