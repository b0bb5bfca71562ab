/* Runs one case: brings about its axes' values, takes the samples, and keeps how it ended. It knows
 * cases, and no benchmark, axis or runtime by name.
 *
 *     tb_engine_open       limits, axes, runtime, the benchmark's own set-up     not timed
 *     tb_engine_measure    warm-up, then the series
 *     tb_engine_close      the same backwards                                    not timed
 *
 * With a patience the series ends when that much time has passed, if there is a sample by then; it
 * ends with all samples otherwise. Each is called in this order, once, the later ones also when an
 * earlier one did not end TB_DONE. */
#ifndef TB_SUITE_ENGINE_H
#define TB_SUITE_ENGINE_H

#include <errno.h>
#include <sys/resource.h>

#include "cases.h"
#include "samples.h"
#include "usage.h"

struct tb_parked;
struct tb_contention;

struct tb_engine {
    const struct tb_bench_case *running;
    struct tb_run run;

    /* How it ended; `reason` holds for all but TB_DONE. */
    enum tb_status status;
    char reason[256];
    char note[128]; /* from tb_note; "" for nothing */

    struct tb_samples series;
    size_t misplaced;    /* samples taken besides, left out as not taken at the axes' values */
    size_t migrations;   /* seen between two stamps of one thread: at least so many there were */
    struct tb_used used; /* by the whole series */
    int64_t wall_ns;     /* of the whole series, with what is not timed */

    /* The turns of tb_next, and what was read when the first recorded one began. */
    size_t warmup_left;
    int64_t patience_ns; /* 0: without end */
    size_t turns;
    size_t planned;
    bool recording;
    int64_t begin_ns;
    struct tb_usage begin;
    int64_t marks_ns[TB_MAX_PHASES];
    bool by_child[TB_MAX_PHASES]; /* the phase ends at a stamp of the child's */
    size_t marks;

    /* Threads handed out by tb_thread_next and not joined yet. */
    struct tb_thread *threads;
    size_t *samples_of; /* the sample that each thread belongs to */
    size_t held;

    /* What axes set. */
    size_t most_held;                /* so many are held before they are joined, ≥ 1 */
    bool apart;                      /* partners on another CPU than the measuring thread, */
    int apart_cpu;                   /* on this one */
    size_t stack_bytes;              /* of each thread; 0: the runtime's default */
    struct tb_attributes attributes; /* set at creation */
    cpu_set_t cpus;                  /* of `attributes.cpus` */
    struct tb_parked *parked;
    struct tb_contention *contention;
    int *descriptors; /* so many, open */
    size_t descriptors_count;
    void *resident;                   /* memory that was written to, or NULL */
    struct rlimit descriptors_before; /* their limit; zeroed: as it was */
    bool niced;                       /* and by then had been at: */
    int nice_before;

    size_t axes_applied;
    void *own;    /* the benchmark's state, of own_bytes */
    bool entered; /* the runtime's `enter` was called */
    bool set_up;  /* the benchmark's `setup` was called */
};

enum tb_status tb_engine_open(struct tb_engine *engine, const struct tb_bench_case *c,
                              size_t samples, int64_t patience_ns);
enum tb_status tb_engine_measure(struct tb_engine *engine);
void tb_engine_close(struct tb_engine *engine);

/* Gives back what is left after tb_engine_close: the series. Accepts a zeroed engine. */
void tb_engine_finish(struct tb_engine *engine);

/* Whether this process has made a thread, or is about to; and that it is. */
bool tb_engine_has_made_threads(void);
void tb_engine_makes_threads(void);

/* tb_fail(), or a skip where the C library or the kernel lacks something. */
static inline enum tb_status tb_fail_or_lack(struct tb_run *run, const char *what, int err)
{
    return err == ENOTSUP ? tb_skip(run, "the C library or the kernel does not have it")
                          : tb_fail(run, what, err);
}

#endif
