#include "load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"

static double read_pressure(void)
{
    char *line = tb_file_line("/proc/pressure/cpu");
    const char *total = line ? strstr(line, "total=") : NULL;
    /* The kernel's own format: the number runs to the end of the line. */
    double us = total ? strtod(total + strlen("total="), NULL) : NAN;

    free(line);
    return us / 1e6;
}

/* The fields of the "cpu" line of /proc/stat, in its order. */
enum { user, nice_user, kernel, idle, iowait, irq, softirq, steal, fields };

static void read_times(struct tb_totals *totals)
{
    char *line = tb_file_line("/proc/stat");
    char *at = line && !strncmp(line, "cpu ", 4) ? line + 4 : NULL;
    double second = (double)sysconf(_SC_CLK_TCK);
    double times[fields] = {0};

    totals->busy = totals->steal = totals->all = NAN;
    for (int i = 0; at && i < fields; i++)
        times[i] = (double)strtoull(at, &at, 10) / second;
    if (at) {
        totals->busy = times[user] + times[nice_user] + times[kernel] + times[irq] + times[softirq];
        totals->steal = times[steal];
        totals->all = totals->busy + totals->steal + times[idle] + times[iowait];
    }
    free(line);
}

double tb_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct tb_totals tb_totals_read(void)
{
    struct tb_totals totals = {.now = tb_now(), .pressure = read_pressure()};

    read_times(&totals);
    return totals;
}
