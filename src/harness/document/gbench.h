/*
 * What Google Benchmark wrote about one case: an entry, or the reason why there is none. Pure.
 */
#ifndef TB_DOCUMENT_GBENCH_H
#define TB_DOCUMENT_GBENCH_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum tb_outcome {
    TB_OK,
    TB_SKIPPED,
    TB_FAILED,
};

extern const char *const tb_outcome_names[]; /* "ok", "skipped", "failed" */

struct tb_reading {
    enum tb_outcome outcome;
    char *reason;   /* owned; NULL for TB_OK */
    cJSON *entry;   /* owned; NULL but for TB_OK; real_time and cpu_time in ns, all finite */
    cJSON *context; /* owned; NULL where the file has none */
};

void tb_reading_finish(struct tb_reading *reading);

/* An outcome other than TB_OK, with its reason printed as by printf. */
struct tb_reading tb_reading_of(enum tb_outcome outcome, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What an entry of a result file says; of a name that it has twice the first counts. Texts are the
 * tree's, NULL where there is none; so are numbers NaN. */
struct tb_entry {
    cJSON *tree;
    size_t members;
    const char *name, *run_name;
    bool is_typed; /* it says which of them it is; before 1.5 none does */
    bool is_aggregate;
    const char *aggregate; /* "median" */
    bool failed, skipped;
    const char *error, *why; /* it failed or was skipped */
    double unit_ns, real_ns, cpu_ns;
    bool has_mean; /* the rest is for documents of ours */
    double mean_ns, round;
};

struct tb_entry tb_entry_of(cJSON *tree);

/* Its outcome; if that is TB_OK its tree's times are in ns from now on. */
struct tb_reading tb_entry_read(const struct tb_entry *entry);

/*
 * Reads the text of a result file and picks the case its library calls `name`. Where the program
 * repeated the case by itself, that is the repetition of median real_time, or, where it kept only
 * aggregates, their median. Versions from 1.7 on; a skip is told from an error in each of them:
 * before 1.8 a skip is an error whose message begins with "skipped: ".
 */
struct tb_reading tb_gbench_read(const char *text, size_t size, const char *name);

#endif
