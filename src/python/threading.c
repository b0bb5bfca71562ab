/* What threads cost in Python. A benchmark is Python source: sample() is a generator that makes
 * ready, yields the call that is timed, gets its result, and cleans up. The call is made from C, so
 * that a sample is the operation and one call of it, and no timing in Python code.
 *
 * `noop` is a function in C that does nothing: what a thread runs costs nothing. `alive` and
 * `stack` are the axes' values. Where the benchmark has a unit, the call's result is the sample. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include "api.h"
#include "suite/engine.h"

/* A figure in /proc, in KiB. */
struct gauge {
    const char *path, *key;
};

/* What is kept of a benchmark's source from one sample to the next. */
struct script {
    struct tb_object *globals;
    struct tb_object *send;    /* the name of the generators' method */
    const struct gauge *gauge; /* what `figure` reads, or NULL */
};

static struct script script;

static struct tb_object *do_nothing(struct tb_object *self, struct tb_object *nothing)
{
    (void)self;
    (void)nothing;
    tb_py.Py_IncRef(tb_py.none);
    return tb_py.none;
}

static struct tb_object *read_gauge(struct tb_object *self, struct tb_object *nothing)
{
    int64_t kib;

    (void)self;
    (void)nothing;
    if (tb_proc_number(script.gauge->path, script.gauge->key, &kib)) {
        tb_py.PyErr_SetString(*tb_py.LookupError, script.gauge->path);
        return NULL;
    }
    return tb_py.PyLong_FromSize_t((size_t)kib * 1024);
}

static struct tb_method gauge_method = {"figure", read_gauge, TB_NO_ARGUMENTS, NULL};
static struct tb_method noop = {"noop", do_nothing, TB_NO_ARGUMENTS, NULL};

/* The exception that is set, as the reason of the status: a LookupError means that the interpreter
 * does not have what the benchmark is about. */
static enum tb_status raised(struct tb_run *run)
{
    struct tb_object *type = NULL, *value = NULL, *trace = NULL, *text;
    bool missing = tb_py.PyErr_ExceptionMatches(*tb_py.LookupError);
    const char *why;

    tb_py.PyErr_Fetch(&type, &value, &trace);
    text = value ? tb_py.PyObject_Str(value) : NULL;
    why = text ? tb_py.PyUnicode_AsUTF8(text) : NULL;
    (void)tb_skip(run, "%s", why ? why : "an exception without a text");
    tb_py.PyErr_Clear(); /* of the text itself */
    if (text)
        tb_py.Py_DecRef(text);
    return run->engine->status = missing ? TB_SKIP : TB_FAIL;
}

static void set(const char *name, struct tb_object *value)
{
    if (value && !tb_py.PyDict_SetItemString(script.globals, name, value))
        tb_py.Py_DecRef(value);
}

/* Runs the source. False: an exception is set. */
static bool load(struct tb_run *run, const char *source)
{
    struct tb_object *done;
    struct tb_object *builtins = tb_py.PyImport_AddModule("builtins");

    script.globals = tb_py.PyDict_New();
    script.send = tb_py.PyUnicode_FromString("send");
    if (!builtins || !script.globals || !script.send)
        return false;
    tb_py.Py_IncRef(builtins);
    set("__builtins__", builtins);
    script.gauge = run->bench->data;
    set("figure", tb_py.PyCFunction_NewEx(&gauge_method, NULL, NULL));
    set("noop", tb_py.PyCFunction_NewEx(&noop, NULL, NULL));
    set("alive", tb_py.PyLong_FromSize_t((size_t)tb_value(run, &tb_axis_alive)));
    set("stack", tb_py.PyLong_FromSize_t((size_t)tb_value(run, &tb_axis_stack)));
    done = tb_py.PyRun_String(source, TB_RUN_FILE, script.globals, script.globals);
    if (done)
        tb_py.Py_DecRef(done);
    return done;
}

/* Goes on to the generator's end. False: another exception than that is set. */
static bool end(struct tb_object *samples, struct tb_object *result)
{
    struct tb_object *more = tb_py.PyObject_CallMethodObjArgs(samples, script.send, result, NULL);

    if (more || !tb_py.PyErr_ExceptionMatches(*tb_py.StopIteration))
        return false;
    tb_py.PyErr_Clear();
    return true;
}

/* A new reference; NULL: an exception is set. */
static struct tb_object *call(struct tb_run *run, struct tb_object *timed)
{
    struct tb_object *result;

    tb_start(run);
    result = tb_py.PyObject_CallObject(timed, NULL);
    tb_stop(run);
    return result;
}

static struct tb_object *ask(struct tb_run *run, struct tb_object *figure)
{
    struct tb_object *result = tb_py.PyObject_CallObject(figure, NULL);

    if (result)
        tb_record_stamps(run, tb_py.PyLong_AsLongLong(result), tb_clock_cpu(), -1);
    return result;
}

/* False: an exception is set. */
static bool take(struct tb_run *run, struct tb_object *sample)
{
    struct tb_object *samples = tb_py.PyObject_CallObject(sample, NULL), *timed = NULL,
                     *result = NULL;
    bool fine;

    if (samples)
        timed = tb_py.PyObject_CallMethodObjArgs(samples, script.send, tb_py.none, NULL);
    if (timed)
        result = run->bench->unit ? ask(run, timed) : call(run, timed);
    fine = result && end(samples, result);
    if (result)
        tb_py.Py_DecRef(result);
    if (timed)
        tb_py.Py_DecRef(timed);
    if (samples)
        tb_py.Py_DecRef(samples);
    return fine;
}

static enum tb_status measure(struct tb_run *run, const char *source)
{
    struct tb_object *sample;

    tb_engine_makes_threads();
    if (!load(run, source))
        return raised(run);
    sample = tb_py.PyDict_GetItemString(script.globals, "sample");
    while (tb_next(run))
        if (!take(run, sample))
            return raised(run);
    return TB_DONE;
}

#define SCRIPT(id, text)                                                                           \
    static enum tb_status id(struct tb_run *run)                                                   \
    {                                                                                              \
        return measure(run, "import threading, time\n"                                             \
                            "from functools import partial\n"                                      \
                            "threading.stack_size(stack)\n" text);                                 \
    }

SCRIPT(object, "def sample():\n"
               "    yield partial(threading.Thread, None, noop)\n")
SCRIPT(start, "def sample():\n"
              "    t = threading.Thread(None, noop)\n"
              "    yield t.start\n"
              "    t.join()\n")
SCRIPT(start_joinable, "import _thread\n"
                       "if not hasattr(_thread, 'start_joinable_thread'):\n"
                       "    raise LookupError('_thread.start_joinable_thread: since Python 3.13')\n"
                       "def sample():\n"
                       "    handle = yield partial(_thread.start_joinable_thread, noop)\n"
                       "    handle.join()\n")
/* No event but the join that is to be measured shows that a thread has ended: these two ask,
 * and leave the interpreter to it in between. */
SCRIPT(join_finished, "def sample():\n"
                      "    t = threading.Thread(None, noop)\n"
                      "    t.start()\n"
                      "    while t.is_alive():\n"
                      "        time.sleep(0)\n"
                      "    yield t.join\n")
SCRIPT(join_last, "def sample():\n"
                  "    ts = [threading.Thread(None, noop) for _ in range(alive)]\n"
                  "    for t in ts: t.start()\n"
                  "    while any(t.is_alive() for t in ts):\n"
                  "        time.sleep(0)\n"
                  "    def join():\n"
                  "        for t in ts: t.join()\n"
                  "    yield join\n")
SCRIPT(join_running, "def sample():\n"
                     "    go = threading.Lock()\n"
                     "    go.acquire()\n"
                     "    t = threading.Thread(None, go.acquire)\n"
                     "    t.start()\n"
                     "    def join():\n"
                     "        go.release()\n"
                     "        t.join()\n"
                     "    yield join\n")
SCRIPT(serial, "def cycle():\n"
               "    t = threading.Thread(None, noop)\n"
               "    t.start()\n"
               "    t.join()\n"
               "def sample():\n"
               "    yield cycle\n")
/* The study's script, to the letter but for its own clock. */
SCRIPT(batch, "num_threads = alive\n"
              "def no_op_worker():\n"
              "    time.sleep(0.001)\n"
              "def main():\n"
              "    threads = []\n"
              "    for _ in range(num_threads):\n"
              "        thread = threading.Thread(target=no_op_worker)\n"
              "        threads.append(thread)\n"
              "        thread.start()\n"
              "    for thread in threads:\n"
              "        thread.join()\n"
              "def sample():\n"
              "    yield main\n")
SCRIPT(local, "def sample():\n"
              "    yield partial(setattr, threading.local(), 'x', 1)\n")
SCRIPT(lock, "lock = threading.Lock()\n"
             "def sample():\n"
             "    yield lock.acquire\n"
             "    lock.release()\n")
SCRIPT(handover, "a, b = threading.Lock(), threading.Lock()\n"
                 "def sample():\n"
                 "    a.acquire(); b.acquire()\n"
                 "    def other():\n"
                 "        a.acquire()\n"
                 "        b.release()\n"
                 "    t = threading.Thread(None, other)\n"
                 "    t.start()\n"
                 "    def handed():\n"
                 "        a.release()\n"
                 "        b.acquire()\n"
                 "    yield handed\n"
                 "    t.join(); a.release(); b.release()\n")
SCRIPT(submit, "from concurrent.futures import ThreadPoolExecutor\n"
               "pool = ThreadPoolExecutor(1)\n"
               "def sample():\n"
               "    future = yield partial(pool.submit, noop)\n"
               "    future.result()\n")
SCRIPT(task, "import asyncio\n"
             "loop = asyncio.new_event_loop()\n"
             "async def nothing(): pass\n"
             "def sample():\n"
             "    async def one():\n"
             "        await loop.create_task(nothing())\n"
             "    yield partial(loop.run_until_complete, one())\n")
SCRIPT(scaling, "def count():\n"
                "    n = 0\n"
                "    for i in range(100000): n += i\n"
                "def run():\n"
                "    ts = [threading.Thread(None, count) for _ in range(alive)]\n"
                "    for t in ts: t.start()\n"
                "    for t in ts: t.join()\n"
                "def sample():\n"
                "    yield run\n")
SCRIPT(contended, "lock = threading.Lock()\n"
                  "def take():\n"
                  "    for _ in range(10000):\n"
                  "        with lock: pass\n"
                  "def run():\n"
                  "    ts = [threading.Thread(None, take) for _ in range(alive)]\n"
                  "    for t in ts: t.start()\n"
                  "    for t in ts: t.join()\n"
                  "def sample():\n"
                  "    yield run\n")

/* What a figure of the process grows by when `alive` threads are made, divided by their number. */
SCRIPT(held, "def sample():\n"
             "    go, arrived, ts = threading.Lock(), threading.Semaphore(0), []\n"
             "    def wait():\n"
             "        arrived.release()\n"
             "        with go: pass\n"
             "    before = figure()\n"
             "    with go:\n"
             "        for _ in range(alive):\n"
             "            ts.append(threading.Thread(None, wait))\n"
             "            ts[-1].start()\n"
             "        for t in ts: arrived.acquire()\n"
             "        grown = (figure() - before) // alive\n"
             "    for t in ts: t.join()\n"
             "    yield partial(int, grown)\n")

/* Nothing of one series is left for the next. */
static void forget(struct tb_run *run)
{
    (void)run;
    if (script.globals)
        tb_py.Py_DecRef(script.globals);
    if (script.send)
        tb_py.Py_DecRef(script.send);
    script = (struct script){0};
}

#define PLACED                                                                                     \
    .threadless = true, .statistic = "p10", .teardown = forget,                                    \
    .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(stack, 0, 65536, 1048576),        \
               TB_SWEEP(warm, TB_WARM, TB_COLD)}
#define UNPLACED                                                                                   \
    .threadless = true, .statistic = "p10", .teardown = forget,                                    \
    .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)}
#define BATCH(...)                                                                                 \
    .threadless = true, .warmup = 1, .statistic = "mean", .teardown = forget,                      \
    .sweeps = {TB_SWEEP(alive, __VA_ARGS__), TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME)}

#define MEMORY(file, line)                                                                         \
    .threadless = true, .unit = "bytes", .warmup = 1, .statistic = "mean", .teardown = forget,     \
    .tunables = "glibc.pthread.stack_cache_size=0", .data = &(const struct gauge){file, line},     \
    .sweeps = {TB_SWEEP(alive, 1000, 256), TB_SWEEP(stack, 0, 65536, 1048576)}

const struct tb_bench tb_bench_threading[] = {
    {.name = "python/object",
     .doc = "threading.Thread(...), not started",
     UNPLACED,
     .run = object,
     .core = {"cpu:same"},
     .card = "creation",
     .card_cases = {"cpu:same"}},
    {.name = "python/start",
     .doc = "Thread.start() until it returns",
     PLACED,
     .run = start,
     .core = {"cpu:same", "cpu:free"},
     .card = "start",
     .card_cases = {"cpu:same", "cpu:free"}},
    {.name = "python/start-joinable",
     .doc = "_thread.start_joinable_thread() until it returns",
     PLACED,
     .run = start_joinable,
     .core = {"cpu:same"},
     .card = "start, joinable",
     .card_cases = {"cpu:same"}},
    {.name = "python/join-finished",
     .doc = "Thread.join() of a thread that has ended",
     UNPLACED,
     .run = join_finished,
     .core = {"cpu:same"},
     .card = "join, ended",
     .card_cases = {"cpu:same"}},
    {.name = "python/join-last",
     .doc = "join of threads that have all ended; the whole batch",
     BATCH(100, 1, 8, 1000),
     .run = join_last},
    {.name = "python/join-running",
     .doc = "releasing a thread that waits, until it is joined",
     UNPLACED,
     .run = join_running,
     .core = {"cpu:same"},
     .card = "join, running",
     .card_cases = {"cpu:same"}},
    {.name = "python/local",
     .doc = "the first attribute set on a new threading.local()",
     UNPLACED,
     .run = local,
     .core = {"cpu:same"},
     .card = "TLS setup",
     .card_cases = {"cpu:same"}},
    {.name = "python/serial",
     .doc = "Thread(...), start and join of a thread that does nothing",
     PLACED,
     .run = serial,
     .core = {"cpu:same"},
     .card = "all three",
     .card_cases = {"cpu:same"}},
    {.name = "python/batch",
     .doc = "the study's script: threads that sleep 1 ms, all then joined",
     .threadless = true,
     .warmup = 1,
     .statistic = "mean",
     .teardown = forget,
     .sweeps = {TB_SWEEP(alive, 1000, 1, 8, 100), TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME),
                TB_SWEEP(stack, 0, 65536, 1048576)},
     .run = batch,
     .core = {"alive:1000/cpu:free"},
     .card = "the study's script",
     .card_cases = {"alive:1000/cpu:free"}},
    {.name = "python/lock", .doc = "Lock.acquire() of a free lock", UNPLACED, .run = lock},
    {.name = "python/lock-handed",
     .doc = "a lock released to a waiting thread that releases another",
     UNPLACED,
     .run = handover},
    {.name = "python/submit",
     .doc = "ThreadPoolExecutor.submit() with one worker",
     UNPLACED,
     .run = submit},
    {.name = "python/task",
     .doc = "an asyncio task made and awaited, in a loop started for it",
     UNPLACED,
     .run = task},
    {.name = "python/scaling",
     .doc = "threads that each count to 100000; until all are joined",
     BATCH(1, 2, 4, 8),
     .run = scaling},
    {.name = "python/lock-contended",
     .doc = "threads that each take one lock 10000 times; until all are joined",
     BATCH(1, 2, 4, 8),
     .run = contended},
    {.name = "python/memory-resident",
     .doc = "memory that a live thread has touched; bytes",
     MEMORY("/proc/self/smaps_rollup", "Rss:"),
     .run = held},
    {.name = "python/memory-address-space",
     .doc = "address space that a live thread takes; bytes",
     MEMORY("/proc/self/status", "VmSize:"),
     .run = held},
    {0},
};
