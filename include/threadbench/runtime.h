/* A runtime is a way to make threads, or to have a task done without making one. Each one is a
 * const table of functions in a file of its own, listed in the meson.build beside it: the threads
 * under src/runtime/, the rest under src/alternatives/. Nothing else knows its name.
 *
 * One thread's life, and who is timed:
 *
 *     prepare    allocate what the caller of this runtime has to supply        never timed
 *     create     the creating call, nothing else                               may be timed
 *                the new thread runs task.run(&task)
 *     join       wait until it has ended                                       may be timed
 *     release    give back what prepare took                                   never timed
 *
 * A thread that was prepared can be created and joined any number of times before its release.
 */
#ifndef THREADBENCH_RUNTIME_H
#define THREADBENCH_RUNTIME_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a thread does. The functions tb_task_… below are such as every runtime can run: they call no
 * libc function and touch no thread-local storage. A task of a benchmark's own may do both where
 * the benchmark needs TB_RUNS_LIBC, and must do neither where it does not.
 *
 * The child writes the stamps, the parent reads them after the join, which orders the two. `tid`
 * and `armed` are read while the other side may be running: stored with release, loaded with
 * acquire. */
struct tb_task {
    void (*run)(struct tb_task *task);
    int64_t first_ns; /* the task's first instruction */
    int64_t last_ns;  /* its last one */
    int cpu;          /* where its first instruction ran; -1: not known */
    int last_cpu;     /* where its last instruction ran; -1: not known */
    _Atomic pid_t tid;
    int64_t sleep_ns;   /* tb_task_sleep: for how long */
    int parent_stat_fd; /* tb_task_exit_when_joined: the parent's /proc/…/stat, open for reading */
    atomic_int armed;   /* set by the parent as it goes into its join (tb_task_exit_when_joined), or
                           begins to   ask whether the thread is there (tb_task_exit_when_armed) */
    int64_t spins;      /* tb_task_spin: how many, see tb_spins() */
    void *arg;          /* for a benchmark's own task */
};

void tb_task_noop(struct tb_task *task);        /* notes the CPU, and that is all */
void tb_task_stamp_first(struct tb_task *task); /* notes clock and CPU of its first instruction */
void tb_task_stamp_both(struct tb_task *task);  /* stamps its first and its last instruction */
void tb_task_note_tid(
    struct tb_task *task); /* notes its thread id, and stamps its last instruction */
void tb_task_exit_when_armed(
    struct tb_task *task);                /* notes its thread id, waits to be armed, stamps */
void tb_task_sleep(struct tb_task *task); /* sleeps for sleep_ns */
void tb_task_exit_when_joined(
    struct tb_task *task);               /* waits until the parent sleeps in its join, stamps */
void tb_task_spin(struct tb_task *task); /* stamps, and keeps the CPU busy for so many spins */

/* How many spins take `ns` here: by the fastest of many stretches, timed in the caller for some 10
 * ms. 0 for 0, at once. */
int64_t tb_spins(int64_t ns);

/* What a runtime can do, and what a benchmark may need of one. */
enum tb_ability {
    TB_RUNS = 1 << 0,             /* the task is really run, at the same time as the parent */
    TB_RUNS_LIBC = 1 << 1,        /* the task may call libc and use thread-local storage */
    TB_STACK_SIZE = 1 << 2,       /* the caller chooses the stack's size */
    TB_OWN_STACK = 1 << 3,        /* the runtime finds the stack by itself, within create */
    TB_KEYS = 1 << 4,             /* it has keys for thread-local storage: `keys` is set */
    TB_DETACHES = 1 << 5,         /* a thread can be let go of: `detach` is set */
    TB_ATTRIBUTES = 1 << 6,       /* the caller chooses guard, policy and CPUs */
    TB_CREATES_DETACHED = 1 << 7, /* a thread can be created detached */
    TB_RUNS_ON_CALLER = 1 << 8,   /* the task is run by the thread that joins, while it does */
    TB_SWITCHES = 1 << 9,         /* a task can be left and resumed: `switching` is set */
    TB_GIVEN_STACK = 1 << 10,     /* `prepare` makes the stack, ready for create to use */
};

/* What a runtime makes. A row is crossed with the kinds that it names. */
enum tb_kind {
    TB_THREADS = 1 << 0,   /* a thread for a task; also what 0 stands for */
    TB_POOLS = 1 << 1,     /* nothing: threads that are there take the task */
    TB_LOOPS = 1 << 2,     /* nothing: the caller's own loop calls the task */
    TB_FIBRES = 1 << 3,    /* a stack of its own, on the caller's thread */
    TB_PROCESSES = 1 << 4, /* a process, in which the task does not run */
};

struct tb_runtime;

/* What else a thread is to be from its creation on; zeroed: as the runtime makes it by itself. One
 * that cannot set one does not say so in `can`, and is not asked. */
struct tb_attributes {
    bool detached;         /* TB_CREATES_DETACHED: not joined; see `detach` */
    bool given_stack;      /* TB_GIVEN_STACK: on a stack that was made and touched beforehand */
    bool unguarded;        /* TB_ATTRIBUTES: no guard, */
    size_t guard_bytes;    /* or one of so many bytes */
    int policy;            /* TB_ATTRIBUTES: SCHED_FIFO or SCHED_RR, */
    int priority;          /* and the priority */
    const cpu_set_t *cpus; /* TB_ATTRIBUTES: where it may run; the caller's */
};

struct tb_thread {
    const struct tb_runtime *runtime;
    size_t stack_bytes; /* 0: what the runtime takes by default */
    struct tb_attributes attributes;
    void *own; /* the runtime's, from prepare to release */
    struct tb_task task;
};

/* Keys for thread-local storage. All return 0 or an errno value. */
struct tb_keys {
    int (*create)(unsigned *ret_key, void (*ended)(void *value)); /* `ended` may be NULL */
    int (*destroy)(unsigned key);
    int (*set)(unsigned key, void *value);
    void *(*get)(unsigned key);
};

/* To a fibre and back, between the thread that joins and its fibre's task. */
struct tb_switching {
    void (*resume)(struct tb_thread *fibre); /* called by the thread; returns when it is left */
    void (*leave)(struct tb_thread *fibre);  /* called by the task; returns when it is resumed */
};

enum tb_runtime_role {
    TB_ROLE_ORDINARY,
    TB_ROLE_FLOOR,    /* the least a thread can cost: others show their ratio to it */
    TB_ROLE_OVERHEAD, /* makes nothing: what it shows is what measuring adds to a sample */
};

/* Where the functions of a runtime are that needs a library: in a shared module, which is loaded
 * when a case wants it. */
struct tb_module {
    const char *file;  /* beside the suite's other modules; NULL: no module */
    const char *table; /* the name of its struct tb_runtime */
};

struct tb_runtime {
    const char *name;
    const char *doc;
    enum tb_runtime_role role;
    enum tb_kind kind;
    unsigned can; /* of enum tb_ability */

    /* What it makes stays for the rest of the process, bound to the CPUs of the first series: each
     * case wants a process of its own. */
    bool lasting;

    /* Why it cannot be used on this machine, or NULL. No function: it always can. */
    const char *(*unavailable)(void);

    /* What stands up to here is known of a runtime with a module before that is loaded, and of one
     * that this build does not have: it is written with this header's names only. The rest is in
     * the module's own table, or missing. */
    struct tb_module module;

    /* Around all threads of one series, in the thread that makes them. Optional. */
    int (*enter)(void);
    void (*leave)(void);

    /* Calls body(argument) where its tasks can be created and joined. Optional: anywhere. */
    void (*within)(void (*body)(void *argument), void *argument);

    /* All return 0 or an errno value. `release` accepts a thread that was never prepared. */
    int (*prepare)(struct tb_thread *thread);
    int (*create)(struct tb_thread *thread);
    int (*join)(struct tb_thread *thread);
    void (*release)(struct tb_thread *thread);

    /* Instead of join; its end is to be seen through the kernel before it is created again. */
    int (*detach)(struct tb_thread *thread);

    const struct tb_keys *keys;
    const struct tb_switching *switching;
};

/* Every runtime, in the order of the meson.build files; a null pointer ends it. */
extern const struct tb_runtime *const tb_runtimes[];

static inline bool tb_runtime_can(const struct tb_runtime *runtime, unsigned abilities)
{
    return (runtime->can & abilities) == abilities;
}

#endif
