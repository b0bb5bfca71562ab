/* A runtime is a way to make threads, or to have a task done without making one. Each one is a
 * const table of functions in a file of its own, listed in the meson.build beside it: the threads
 * under src/runtime/, the rest under src/alternatives/. Nothing else knows its name.
 *
 * The lifecycle of a thread, and which of its steps a benchmark may time:
 *
 *     prepare    allocates what the caller of this runtime has to supply       never timed
 *     create     is the creating call and nothing else                         may be timed
 *                the new thread runs task.run(&task)
 *     join       waits until the thread has ended                              may be timed
 *     release    gives back what prepare allocated                             never timed
 *
 *     static int create(struct tb_thread *thread)
 *     {
 *         struct posix_thread *own = thread->own;  // from prepare
 *
 *         return pthread_create(&own->id, NULL, start, &thread->task);
 *     }
 *
 * tests/suite/test_runtime.c holds every runtime to what this header demands. src/runtime/posix.c
 * is the model.
 */
#ifndef THREADBENCH_RUNTIME_H
#define THREADBENCH_RUNTIME_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- tasks: what a thread does ---- */

/* The functions tb_task_… below suit every runtime: they call no libc function and touch no
 * thread-local storage. A task of a benchmark's own may do both if the benchmark needs
 * TB_RUNS_LIBC, and must do neither if it does not.
 *
 * The child writes the stamps and the CPUs. The parent reads them after the join, which orders the
 * two. `tid` and `armed` are read while the other side may be running: store them with release,
 * load them with acquire. Times are nanoseconds of tb_clock_ns(). */
struct tb_task {
    void (*run)(struct tb_task *task);
    int64_t first_ns;    /* the task's first instruction */
    int64_t last_ns;     /* its last one */
    int cpu;             /* where its first instruction ran; -1: not known */
    int last_cpu;        /* where its last instruction ran; -1: not known */
    _Atomic(pid_t) tid;  /* in parentheses also C++23 has it */
    int64_t sleep_ns;    /* tb_task_sleep: for how long */
    int parent_state_fd; /* tb_task_exit_when_joined: of the parent, from tb_proc_open_state() */
    atomic_int armed;    /* set by the parent when the child may end */
    int64_t spins;       /* tb_task_spin: how many, from tb_spins() */
    void *arg;           /* for a benchmark's own task */
};

void tb_task_noop(struct tb_task *task);        /* writes cpu */
void tb_task_stamp_first(struct tb_task *task); /* writes first_ns and cpu */
void tb_task_stamp_both(struct tb_task *task);  /* writes first_ns, cpu, last_ns and last_cpu */
void tb_task_note_tid(struct tb_task *task);    /* writes cpu, last_ns, last_cpu and tid */
void tb_task_sleep(struct tb_task *task);       /* writes cpu, sleeps sleep_ns, writes last_cpu */
void tb_task_spin(struct tb_task *task);        /* writes first_ns and cpu, and spins */

/* Writes cpu and tid, waits until `armed` is set, and writes last_ns and last_cpu. */
void tb_task_exit_when_armed(struct tb_task *task);

/* Writes first_ns and cpu, waits until the parent has set `armed` and then sleeps in its join, and
 * writes last_ns and last_cpu. After 10 s without that it ends and leaves them as they were. */
void tb_task_exit_when_joined(struct tb_task *task);

/* How many spins of tb_task_spin take `ns` nanoseconds on this machine. It times the caller for
 * about 10 ms and counts by the fastest stretch. 0 for 0, at once. */
int64_t tb_spins(int64_t ns);

/* ---- what a runtime can do ---- */

/* What a runtime can do, and what a benchmark may need of one. A case whose runtime lacks an
 * ability is skipped with that reason. */
enum tb_ability {
    TB_RUNS = 1 << 0,             /* another thread runs the task, at the same time as the parent */
    TB_RUNS_LIBC = 1 << 1,        /* the task may call libc and use thread-local storage */
    TB_STACK_SIZE = 1 << 2,       /* `prepare` obeys stack_bytes */
    TB_OWN_STACK = 1 << 3,        /* `create` finds or makes the stack */
    TB_KEYS = 1 << 4,             /* `keys` is set */
    TB_DETACHES = 1 << 5,         /* `detach` is set */
    TB_ATTRIBUTES = 1 << 6,       /* `prepare` obeys guard, policy and CPUs of tb_attributes */
    TB_CREATES_DETACHED = 1 << 7, /* `prepare` obeys tb_attributes.detached */
    TB_RUNS_ON_CALLER = 1 << 8,   /* the joining thread runs the task, within `join` */
    TB_SWITCHES = 1 << 9,         /* `switching` is set */
    TB_GIVEN_STACK = 1 << 10,     /* `prepare` obeys tb_attributes.given_stack */
};

/* What a runtime makes for a task. A benchmark is crossed with the kinds that it names. */
enum tb_kind {
    TB_THREADS = 1 << 0,   /* a thread; 0 stands for this, too */
    TB_POOLS = 1 << 1,     /* nothing: threads that exist already take the task */
    TB_LOOPS = 1 << 2,     /* nothing: the caller's own event loop calls the task */
    TB_FIBRES = 1 << 3,    /* a stack of its own on the caller's thread */
    TB_PROCESSES = 1 << 4, /* a process, in which the task does not run */
    TB_WRAPPED = 1 << 5,   /* a thread of the C library, by another library on top of it */
};

enum tb_runtime_role {
    TB_ROLE_ORDINARY,
    TB_ROLE_FLOOR,    /* the least that a thread can cost: others show their ratio to it */
    TB_ROLE_OVERHEAD, /* makes nothing: its samples show what measuring adds */
};

struct tb_runtime;

/* How a thread is to be created. All zero: as the runtime creates it by default. A runtime is given
 * only those members whose ability is in its `can`; it can ignore the others. */
struct tb_attributes {
    bool detached;      /* TB_CREATES_DETACHED: it ends as after `detach`, and is not joined */
    bool given_stack;   /* TB_GIVEN_STACK: on a stack that `prepare` has made and touched */
    bool unguarded;     /* TB_ATTRIBUTES: without a guard, its page being one more of the stack */
    size_t guard_bytes; /* TB_ATTRIBUTES: size of the guard; 0: the default */
    int policy;         /* TB_ATTRIBUTES: SCHED_FIFO or SCHED_RR; 0: inherited */
    int priority;       /* of that policy */
    const cpu_set_t *cpus; /* TB_ATTRIBUTES: where it may run; the caller's; NULL: inherited */
};

/* A thread, from prepare to release. The engine sets all members but `own`. */
struct tb_thread {
    const struct tb_runtime *runtime;
    size_t stack_bytes; /* 0: the runtime's default */
    struct tb_attributes attributes;
    void *own; /* the runtime's, from prepare to release; NULL otherwise */
    struct tb_task task;
};

/* Keys for thread-local storage. The functions return 0 or an errno value. A new key has the value
 * NULL in every thread. `ended`, which may be NULL, is called with the value of a thread that ends,
 * if that is not NULL; `destroy` does not call it. */
struct tb_keys {
    int (*create)(unsigned *ret_key, void (*ended)(void *value));
    int (*destroy)(unsigned key);
    int (*set)(unsigned key, void *value);
    void *(*get)(unsigned key);
};

/* Switches between the thread that joins and its fibre's task, and between two fibres. */
struct tb_switching {
    /* As `create`, of a task that is left whenever it is resumed, and ends when it is resumed with
     * `armed` 0. create_passing: before that it hands over to the other one, which is made
     * likewise, as often as `spins` says, which it counts down. They set what else of the task they
     * use. */
    int (*create_leaving)(struct tb_thread *fibre);
    int (*create_passing)(struct tb_thread *fibre, struct tb_thread *other);

    void (*resume)(struct tb_thread *fibre); /* called by the thread; returns when it is left */

    /* Called by any task of such a fibre; return when it is resumed, or handed over to. NULL: only
     * a runtime's own tasks can do it. */
    void (*leave)(struct tb_thread *fibre);
    void (*pass)(struct tb_thread *fibre, struct tb_thread *to);
};

/* Where the functions of a runtime are that needs a library: in a shared module, which is loaded
 * when a case wants it. */
struct tb_module {
    const char *file;  /* beside the suite's other modules; NULL: no module */
    const char *table; /* the name of its struct tb_runtime */
};

/* ---- a runtime ---- */

struct tb_runtime {
    const char *name;
    const char *doc; /* one line: which calls create and join */
    enum tb_runtime_role role;
    enum tb_kind kind;
    unsigned can; /* of enum tb_ability */

    /* What it makes stays for the rest of the process, bound to the CPUs of the first series: each
     * case wants a process of its own. */
    bool lasting;

    /* Why it cannot be used on this machine, or NULL. No function: it always can. Called before any
     * other function; makes no thread. */
    const char *(*unavailable)(void);

    /* The members up to here are known before a runtime's module is loaded, and also of a runtime
     * that this build does not have. So their initialisers use names of this header only. The rest
     * is in the module's own table, or missing. */
    struct tb_module module;

    /* How many threads it makes for its pool, with stacks of the default size, in `enter`, `within`
     * or for the first task. NULL: none. Called in the thread that calls `enter`, just before: the
     * case is skipped where the machine has no room for them. */
    int64_t (*threads)(void);

    /* Before the first thread of a series is prepared, and after the last one is released, in the
     * thread that creates them. Both or neither. `enter` returns 0 or an errno value. Together they
     * leave the process as it was, its signal mask for example. */
    int (*enter)(void);
    void (*leave)(void);

    /* Calls body(argument) where its tasks can be created and joined. NULL: they can anywhere. */
    void (*within)(void (*body)(void *argument), void *argument);

    /* All but `release` return 0 or an errno value.
     *
     * prepare   Sets `own`. ENOTSUP if stack_bytes is not 0 and the runtime has no TB_STACK_SIZE. A
     *           size that no stack can have is an error here or, at the latest, in `create`.
     * create    Begins the task. After each join it may be called again, with the same task or
     *           another. EAGAIN: a limit on threads is reached. After an error there is nothing to
     *           join. A runtime with neither TB_RUNS nor TB_RUNS_ON_CALLER leaves the task alone.
     * join      Returns when the task has ended, with all that it wrote visible; of a process, when
     *           the child has been waited for. Sleeps until then, if this makes a thread: a task
     *           can see in its parent's state that it is being joined. Called once for each create
     *           that succeeded.
     * release   Also accepts a thread that was never prepared, whose prepare failed, or that is
     *           released already. Never called between create and join. */
    int (*prepare)(struct tb_thread *thread);
    int (*create)(struct tb_thread *thread);
    int (*join)(struct tb_thread *thread);
    void (*release)(struct tb_thread *thread);

    /* Set if the runtime has TB_DETACHES: is called instead of join, returns 0 or an errno value.
     * Whoever calls it waits until the kernel has let the thread go (tb_await_exit) before the
     * thread is created again or released. */
    int (*detach)(struct tb_thread *thread);

    const struct tb_keys *keys;           /* set if the runtime has TB_KEYS */
    const struct tb_switching *switching; /* set if it has TB_SWITCHES */
};

/* Every runtime, in the order of the meson.build files; a null pointer ends it. */
extern const struct tb_runtime *const tb_runtimes[];

static inline bool tb_runtime_can(const struct tb_runtime *runtime, unsigned abilities)
{
    return (runtime->can & abilities) == abilities;
}

#endif
