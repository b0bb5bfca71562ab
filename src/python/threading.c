/* What threads cost in Python. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include "script.h"

TB_SCRIPT(object, "def sample():\n"
                  "    yield partial(threading.Thread, None, noop)\n")
TB_SCRIPT(start, "def sample():\n"
                 "    t = threading.Thread(None, noop)\n"
                 "    yield t.start\n"
                 "    t.join()\n")
TB_SCRIPT(start_joinable,
          "import _thread\n"
          "if not hasattr(_thread, 'start_joinable_thread'):\n"
          "    raise LookupError('_thread.start_joinable_thread: since Python 3.13')\n"
          "def sample():\n"
          "    handle = yield partial(_thread.start_joinable_thread, noop)\n"
          "    handle.join()\n")
/* Only the kernel shows that a thread has ended without taking a part of the join: from 3.14 on
 * is_alive() joins a thread that has. */
#define AWAIT_END                                                                                  \
    "import os\n"                                                                                  \
    "def await_end(t):\n"                                                                          \
    "    while os.access(f'/proc/self/task/{t.native_id}', os.F_OK):\n"                            \
    "        time.sleep(0)\n"
TB_SCRIPT(join_finished, AWAIT_END "def sample():\n"
                                   "    t = threading.Thread(None, noop)\n"
                                   "    t.start()\n"
                                   "    await_end(t)\n"
                                   "    yield t.join\n")
TB_SCRIPT(join_last, AWAIT_END "def sample():\n"
                               "    ts = [threading.Thread(None, noop) for _ in range(alive)]\n"
                               "    for t in ts: t.start()\n"
                               "    for t in ts: await_end(t)\n"
                               "    def join():\n"
                               "        for t in ts: t.join()\n"
                               "    yield join\n")
TB_SCRIPT(join_running, "def sample():\n"
                        "    go = threading.Lock()\n"
                        "    go.acquire()\n"
                        "    t = threading.Thread(None, go.acquire)\n"
                        "    t.start()\n"
                        "    def join():\n"
                        "        go.release()\n"
                        "        t.join()\n"
                        "    yield join\n")
TB_SCRIPT(serial, "def cycle():\n"
                  "    t = threading.Thread(None, noop)\n"
                  "    t.start()\n"
                  "    t.join()\n"
                  "def sample():\n"
                  "    yield cycle\n")
/* The study's script, to the letter but for its own clock. */
TB_SCRIPT(batch, "num_threads = alive\n"
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
TB_SCRIPT(local, "def sample():\n"
                 "    yield partial(setattr, threading.local(), 'x', 1)\n")
TB_SCRIPT(lock, "lock = threading.Lock()\n"
                "def sample():\n"
                "    yield lock.acquire\n"
                "    lock.release()\n")
TB_SCRIPT(handover, "a, b = threading.Lock(), threading.Lock()\n"
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
#define IN_CONTEXT                                                                                 \
    "import sys\n"                                                                                 \
    "if sys.version_info < (3, 14):\n"                                                             \
    "    raise LookupError('Thread(context=...): since Python 3.14')\n"                            \
    "from contextvars import Context, ContextVar, copy_context\n"                                  \
    "ContextVar('variable').set(1)\n"                                                              \
    "def sample():\n"                                                                              \
    "    t = yield begin\n"                                                                        \
    "    t.join()\n"                                                                               \
    "def begin():\n"
TB_SCRIPT(empty, IN_CONTEXT "    t = threading.Thread(None, noop, context=Context())\n"
                            "    t.start()\n"
                            "    return t\n")
TB_SCRIPT(inherit, IN_CONTEXT "    t = threading.Thread(None, noop, context=copy_context())\n"
                              "    t.start()\n"
                              "    return t\n")
TB_SCRIPT(task, "import asyncio\n"
                "loop = asyncio.new_event_loop()\n"
                "async def nothing(): pass\n"
                "def sample():\n"
                "    async def one():\n"
                "        await loop.create_task(nothing())\n"
                "    yield partial(loop.run_until_complete, one())\n")
TB_SCRIPT(scaling, "def count():\n"
                   "    n = 0\n"
                   "    for i in range(100000): n += i\n"
                   "def run():\n"
                   "    ts = [threading.Thread(None, count) for _ in range(alive)]\n"
                   "    for t in ts: t.start()\n"
                   "    for t in ts: t.join()\n"
                   "def sample():\n"
                   "    yield run\n")
TB_SCRIPT(contended, "lock = threading.Lock()\n"
                     "def take():\n"
                     "    for _ in range(10000):\n"
                     "        with lock: pass\n"
                     "def run():\n"
                     "    ts = [threading.Thread(None, take) for _ in range(alive)]\n"
                     "    for t in ts: t.start()\n"
                     "    for t in ts: t.join()\n"
                     "def sample():\n"
                     "    yield run\n")

/* A figure in /proc, in KiB. */
struct gauge {
    const char *path, *key;
};

static const struct gauge *gauge; /* what `figure` reads */

static struct tb_object *read_gauge(struct tb_object *self, struct tb_object *nothing)
{
    int64_t kib;

    (void)self;
    (void)nothing;
    if (tb_proc_number(gauge->path, gauge->key, &kib)) {
        tb_py.PyErr_SetString(*tb_py.LookupError, gauge->path);
        return NULL;
    }
    return tb_py.PyLong_FromSize_t((size_t)kib * 1024);
}

static struct tb_method gauge_methods[] = {{"figure", read_gauge, TB_NO_ARGUMENTS, NULL}, {0}};

/* What a figure of the process grows by when `alive` threads are made, divided by their number. */
static enum tb_status held(struct tb_run *run)
{
    gauge = run->bench->data;
    return tb_python_ask(run,
                         "def sample():\n"
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
                         "    yield partial(int, grown)\n",
                         gauge_methods);
}

#define PLACED                                                                                     \
    TB_SCRIPTED, .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),                               \
                            TB_SWEEP(stack, 0, 65536, 1048576), TB_SWEEP(warm, TB_WARM, TB_COLD)}
#define BATCH(...)                                                                                 \
    .threadless = true, .warmup = 1, .statistic = "mean", .teardown = tb_python_forget,            \
    .sweeps = {TB_SWEEP(alive, __VA_ARGS__), TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME)}

#define MEMORY(file, line)                                                                         \
    .threadless = true, .unit = "bytes", .warmup = 1, .statistic = "mean",                         \
    .teardown = tb_python_forget, .tunables = "glibc.pthread.stack_cache_size=0",                  \
    .data = &(const struct gauge){file, line},                                                     \
    .sweeps = {TB_SWEEP(alive, 1000, 256), TB_SWEEP(stack, 0, 65536, 1048576)}

const struct tb_bench tb_bench_threading[] = {
    {.name = "python/object",
     .doc = "threading.Thread(...), not started",
     TB_UNPLACED,
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
     TB_UNPLACED,
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
     TB_UNPLACED,
     .run = join_running,
     .core = {"cpu:same"},
     .card = "join, running",
     .card_cases = {"cpu:same"}},
    {.name = "python/local",
     .doc = "the first attribute set on a new threading.local()",
     TB_UNPLACED,
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
     .teardown = tb_python_forget,
     .sweeps = {TB_SWEEP(alive, 1000, 1, 8, 100), TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME),
                TB_SWEEP(stack, 0, 65536, 1048576)},
     .run = batch,
     .core = {"alive:1000/cpu:free"},
     .card = "the study's script",
     .card_cases = {"alive:1000/cpu:free"}},
    {.name = "python/lock", .doc = "Lock.acquire() of a free lock", TB_UNPLACED, .run = lock},
    {.name = "python/lock-handed",
     .doc = "a lock released to a waiting thread that releases another",
     TB_UNPLACED,
     .run = handover},
    {.name = "python/start-empty",
     .doc = "Thread(..., context=Context()) and its start",
     TB_UNPLACED,
     .run = empty},
    {.name = "python/start-inherit",
     .doc = "Thread(..., context=copy_context()) and its start",
     TB_UNPLACED,
     .run = inherit},
    {.name = "python/task",
     .doc = "an asyncio task made and awaited, in a loop started for it",
     TB_UNPLACED,
     .run = task},
    {.name = "python/scaling",
     .doc = "threads that each count to 100000; until all are joined",
     BATCH(1, 2, 4, 8),
     .standard = {"alive:2/cpu:free"},
     .run = scaling},
    {.name = "python/lock-contended",
     .doc = "threads that each take one lock 10000 times; until all are joined",
     BATCH(1, 2, 4, 8),
     .standard = {"alive:2/cpu:free"},
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
