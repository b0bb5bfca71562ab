#include "run/procstat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/memory.h"

char *tb_field(const char *path, const char *mark)
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
    return tb_print("%.*s", (int)size, at);
}

double tb_field_number(const char *path, const char *mark)
{
    tb_autofree char *text = tb_field(path, mark);
    char *end = text;
    double value = text ? strtod(text, &end) : NAN;

    return end == text ? NAN : value;
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
        .pressure = tb_field_number("/proc/pressure/cpu", "total=") / 1e6,
        .busy = NAN,
        .steal = NAN,
        .all = NAN,
    };
    char *line = tb_field("/proc/stat", "cpu "), *at = line;
    double second = (double)sysconf(_SC_CLK_TCK);
    double t[fields];

    for (int i = 0; at && i < fields; i++)
        t[i] = (double)strtoull(at, &at, 10) / second;
    if (at) {
        totals.busy = t[user] + t[nice_user] + t[kernel] + t[irq] + t[softirq];
        totals.steal = t[steal];
        totals.all = totals.busy + totals.steal + t[idle] + t[iowait];
    }
    free(line);
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
