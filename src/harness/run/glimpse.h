/*
 * What a process is made of, as it tells itself or as the kernel shows it while it lives.
 */
#ifndef TB_RUN_GLIMPSE_H
#define TB_RUN_GLIMPSE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Owned; NULL where it is not known, or not set. Zeroed: nothing. */
struct tb_glimpse {
    bool tried;       /* a process was looked at, whether anything was to be seen or not */
    bool visible;     /* its files are where its paths say, from here as well */
    char *maps;       /* as in /proc/PID/maps */
    char *exe;        /* the program's path */
    char *preload;    /* LD_PRELOAD */
    char *tunables;   /* GLIBC_TUNABLES */
    char *libc;       /* version of its C library: "glibc 2.36" */
    uint64_t base;    /* where its loader begins; 0: that is the program, or there is none */
    cJSON *build_ids; /* by where in `maps` the object begins, in hexadecimal */
};

void tb_glimpse_finish(struct tb_glimpse *glimpse);

/* From the sidecar's "process". */
struct tb_glimpse tb_glimpse_told(const cJSON *process);

/* Of the process, `pid` or a descendant of it, that has the file `path` open: it may be one that a
 * launcher has started. Nothing where there is none any more. */
struct tb_glimpse tb_glimpse_take(pid_t pid, const char *path);

#endif
