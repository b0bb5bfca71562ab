/*
 * What the formats of exports have in common: a run as they see it, and what each is made of. For
 * this folder alone.
 */
#ifndef TB_REPORT_EXPORT_RUN_H
#define TB_REPORT_EXPORT_RUN_H

#include <time.h>

#include "document/summary.h"
#include "report/export/export.h"

/* A case with a value. */
struct tb_export_case {
    const struct tb_record *record;
    const char *name, *unit;    /* "ns", "bytes" */
    const char *statistic;      /* that stands for a process */
    struct tb_statistics value; /* over the processes; the interval is NaN where there is none */
    double *processes;          /* owned: their values, ascending, value.count of them */
};

/* A document. Texts are its own, NULL where it has none. */
struct tb_export_run {
    const struct tb_document *document;
    const struct tb_result *result;
    const char *host, *commit, *label;
    bool dirty;
    time_t time;  /* when it began; 0: not known */
    char iso[24]; /* the same: "2026-11-23T00:51:02Z", or "" */
    const char *kernel, *machine, *cpu, *libc, *compiler, *library;
    double alpha;                 /* how often an interval of the cases misses: 0.05 */
    struct tb_export_case *cases; /* the selected ones that the filter lets through */
    size_t count;
};

/* Why something is left out: places in struct tb_export. */
enum tb_export_why {
    TB_EXPORT_SKIPPED,
    TB_EXPORT_FAILED,
    TB_EXPORT_PENDING,
    TB_EXPORT_UNFIT,      /* a case that the format has no place for: its unit, size or name */
    TB_EXPORT_INCOMPLETE, /* a case that not every run of a series has */
    TB_EXPORT_UNMARKED,   /* a run without what the reader knows it by */
    TB_EXPORT_REPLACED,   /* a run in whose place the reader has another one */
};

/* One of these for each format. `kept` is the format's own from begin to finish. */
struct tb_export_format {
    const char *name;
    enum tb_export_takes takes;
    bool is_folder;
    bool of_processes; /* it wants the processes, and finds the cases itself */
    void (*begin)(struct tb_export *export); /* NULL: nothing to do, as below */
    int (*add)(struct tb_export *export, const struct tb_export_run *run, struct tb_error *error);
    int (*end)(struct tb_export *export, struct tb_error *error);
    void (*finish)(struct tb_export *export);
};

extern const struct tb_export_format tb_export_github, tb_export_bencher, tb_export_otava,
    tb_export_perfherder, tb_export_asv, tb_export_openmetrics, tb_export_google,
    tb_export_rows_csv, tb_export_rows_ndjson;

/* The end and the finish of formats that keep a tree of JSON, so that nothing is written before it
 * is clear that there is one document. */
int tb_export_put_kept(struct tb_export *export, struct tb_error *error);
void tb_export_drop_kept(struct tb_export *export);

/* Whether the export is to have the case; if not, counts why. */
bool tb_export_wants(struct tb_export *export, const struct tb_record *record);

#endif
