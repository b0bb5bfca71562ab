/* Which cases there are: the benchmarks of the registry, crossed with the runtimes, one axis swept
 * at a time from the base point. */
#ifndef TB_SUITE_CASES_H
#define TB_SUITE_CASES_H

#include <threadbench/bench.h>

struct tb_bench_case {
    const struct tb_family *family;
    const struct tb_bench *bench;
    const struct tb_runtime *runtime; /* NULL: makes no thread */
    int64_t values[TB_MAX_AXES];      /* in the order of bench->sweeps */
    char name[128];                   /* family/measure/axis:value…/runtime */
    bool core;
    bool standard;                        /* the benchmark's base point, or of the core set */
    const char *card;                     /* its line in the cost card, or NULL */
    const struct tb_phase_part *parts;    /* what explains its phases, or NULL */
    const struct tb_bench_case *floor;    /* the same on the floor runtime, or NULL */
    const struct tb_bench_case *overhead; /* the same on the overhead runtime, or NULL */
    const struct tb_bench_case *thread;   /* the same by a thread for each task, or NULL: also where
                                             its runtime makes one */
    const struct tb_bench_case *empty;    /* with a thread the same, its task of length 0 */
    bool alternatives;                    /* of the set of that name */
};

/* The cases of the registry, in its order; free() them. `name` is NULL, for all, or a case's name:
 * then those of its benchmark, or none. 0, ENOMEM, or ENAMETOOLONG. */
int tb_bench_cases_create(const char *name, struct tb_bench_case **ret_cases, size_t *ret_count);

/* The value of an axis, 0 where the case's benchmark does not have it. */
int64_t tb_bench_case_value(const struct tb_bench_case *c, const struct tb_axis *axis);

/* How many samples a process can give; 0: any number. */
int64_t tb_bench_case_max_samples(const struct tb_bench_case *c);

/* Whether it wants a process that has made no thread before: for an axis, or for its runtime. */
bool tb_bench_case_fresh(const struct tb_bench_case *c);

/* Whether a series of it leaves the process changed. */
bool tb_bench_case_lasts(const struct tb_bench_case *c);

/* The name that Google Benchmark gives the case, with its own suffixes, into `name`. */
void tb_bench_case_registered_name(const struct tb_bench_case *c, char *name, size_t size);

/* How many phases a sample of the benchmark is divided into; 0: it is not. */
size_t tb_bench_phases(const struct tb_bench *bench);

/* The statistic that a comparison of the case goes by. */
const char *tb_bench_case_statistic(const struct tb_bench_case *c);

/* The module the process must have been started with, or NULL; `name` is room for it. */
const char *tb_bench_case_preload(const struct tb_bench_case *c, char *name, size_t size);

/* Why the case cannot run here: an ability that its runtime lacks, or the runtime's own reason.
 * Into `reason`. False: it can. */
bool tb_bench_case_unavailable(const struct tb_bench_case *c, char *reason, size_t size);

#endif
