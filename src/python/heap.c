/* What memory costs a thread that takes it from the interpreter's allocator of objects. In a
 * free-threaded build each thread has heaps of its own; the first block makes one get memory. With
 * the GIL on there is one heap for all.
 *
 * python/alloc-first is a thread's first such block, with one reading of the clock, as it cannot be
 * had twice. Since 3.13 the thread runs nothing before it; before that Python code of `threading`
 * does. python/alloc-next is a later block of this thread, while it keeps those before; mean over
 * 64. The benchmarks alloc/first and alloc/next are what malloc takes in the same process. */
#include "script.h"

enum { BLOCK = 64, BYTES = 64 };

static int64_t first_ns, next_ns; /* of the last thread, which has been joined */

/* Whether the allocator has given all of them. */
static bool allocate_all(void **blocks, int count)
{
    bool all = true;

    for (int i = 0; i < count; i++) {
        blocks[i] = tb_py.PyObject_Malloc(BYTES);
        all &= blocks[i] != NULL;
    }
    return all;
}

static struct tb_object *allocate(struct tb_object *self, struct tb_object *nothing)
{
    void *blocks[1 + BLOCK] = {NULL};
    int64_t before_ns = tb_clock_ns(), between_ns, after_ns;
    bool all;

    (void)self;
    (void)nothing;
    all = allocate_all(blocks, 1);
    between_ns = tb_clock_ns();
    all &= allocate_all(blocks + 1, BLOCK);
    after_ns = tb_clock_ns();
    for (int i = 0; i < 1 + BLOCK; i++)
        tb_py.PyObject_Free(blocks[i]);
    first_ns = all ? between_ns - before_ns : -1;
    next_ns = all ? after_ns - between_ns : -1;
    tb_py.Py_IncRef(tb_py.none);
    return tb_py.none;
}

static struct tb_object *tell(int64_t ns)
{
    if (ns >= 0)
        return tb_py.PyLong_FromSize_t((size_t)ns);
    tb_py.PyErr_SetString(*tb_py.MemoryError, "PyObject_Malloc: no memory");
    return NULL;
}

static struct tb_object *tell_first(struct tb_object *self, struct tb_object *nothing)
{
    (void)self;
    (void)nothing;
    return tell(first_ns);
}

static struct tb_object *tell_next(struct tb_object *self, struct tb_object *nothing)
{
    (void)self;
    (void)nothing;
    return tell(next_ns);
}

static struct tb_method methods[] = {
    {"allocate", allocate, TB_NO_ARGUMENTS, NULL},
    {"first", tell_first, TB_NO_ARGUMENTS, NULL},
    {"later", tell_next, TB_NO_ARGUMENTS, NULL},
    {0},
};

#define IN_A_THREAD                                                                                \
    "import _thread\n"                                                                             \
    "start = getattr(_thread, 'start_joinable_thread', None)\n"                                    \
    "def run():\n"                                                                                 \
    "    if start: return start(allocate)\n"                                                       \
    "    t = threading.Thread(None, allocate)\n"                                                   \
    "    t.start()\n"                                                                              \
    "    return t\n"                                                                               \
    "def sample():\n"                                                                              \
    "    run().join()\n"

static enum tb_status first(struct tb_run *run)
{
    return tb_python_ask(run, IN_A_THREAD "    yield first\n", methods);
}

static enum tb_status next(struct tb_run *run)
{
    return tb_python_ask(run, IN_A_THREAD "    yield later\n", methods);
}

const struct tb_bench tb_bench_heap[] = {
    {.name = "python/alloc-first",
     .doc = "a thread's first block of 64 bytes from the allocator of objects",
     TB_SCRIPTED,
     .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(warm, TB_WARM, TB_COLD)},
     .standard = {"cpu:same/warm:cold"},
     .run = first},
    {.name = "python/alloc-next",
     .doc = "the next blocks of this thread; mean over 64",
     TB_UNPLACED,
     .block = BLOCK,
     .run = next},
    {0},
};
