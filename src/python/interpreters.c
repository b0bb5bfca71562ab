/* What interpreters within the process cost beside threads: each has a lock and modules of its own,
 * so that their threads compute side by side in any build.
 *
 * A sample of python/interpreter-* is of concurrent.interpreters, or before 3.14 of the module that
 * it stands on. python/result-* and python/pool-* are of an executor with one worker and a task,
 * `int`, that is at hand in every interpreter. */
#include "script.h"

/* `create`, in 3.13 with the methods that 3.14's has. */
#define CREATE                                                                                     \
    "try:\n"                                                                                       \
    "    from concurrent.interpreters import create\n"                                             \
    "except ImportError:\n"                                                                        \
    "    try: import _interpreters\n"                                                              \
    "    except ImportError: raise LookupError('_interpreters: since Python 3.13')\n"              \
    "    class create:\n"                                                                          \
    "        def __init__(self): self.id = _interpreters.create()\n"                               \
    "        def exec(self, code): _interpreters.exec(self.id, code)\n"                            \
    "        def close(self): _interpreters.destroy(self.id)\n"

TB_SCRIPT(create, CREATE "def sample():\n"
                         "    made = yield create\n"
                         "    made.close()\n")
TB_SCRIPT(execute, CREATE "made = create()\n"
                          "finish = made.close\n"
                          "def sample():\n"
                          "    yield partial(made.exec, 'pass')\n")
TB_SCRIPT(destroy, CREATE "def sample():\n"
                          "    made = create()\n"
                          "    made.exec('pass')\n"
                          "    yield made.close\n")

#define THREADS "from concurrent.futures import ThreadPoolExecutor as Pool\n"
#define INTERPRETERS                                                                               \
    "try: from concurrent.futures import InterpreterPoolExecutor as Pool\n"                        \
    "except ImportError: raise LookupError('InterpreterPoolExecutor: since Python 3.14')\n"

#define SUBMIT                                                                                     \
    "pool = Pool(1)\n"                                                                             \
    "finish = pool.shutdown\n"                                                                     \
    "def sample():\n"                                                                              \
    "    future = yield partial(pool.submit, int)\n"                                               \
    "    future.result()\n"
#define RESULT                                                                                     \
    "pool = Pool(1)\n"                                                                             \
    "finish = pool.shutdown\n"                                                                     \
    "def sample():\n"                                                                              \
    "    yield lambda: pool.submit(int).result()\n"
#define POOL                                                                                       \
    "def cycle():\n"                                                                               \
    "    with Pool(1) as pool: pool.submit(int).result()\n"                                        \
    "def sample():\n"                                                                              \
    "    yield cycle\n"

TB_SCRIPT(submit_threads, THREADS SUBMIT)
TB_SCRIPT(submit_interpreters, INTERPRETERS SUBMIT)
TB_SCRIPT(result_threads, THREADS RESULT)
TB_SCRIPT(result_interpreters, INTERPRETERS RESULT)
TB_SCRIPT(pool_threads, THREADS POOL)
TB_SCRIPT(pool_interpreters, INTERPRETERS POOL)

const struct tb_bench tb_bench_interpreters[] = {
    {.name = "python/interpreter-create",
     .doc = "an interpreter of its own in this process, made",
     TB_UNPLACED,
     .warmup = 1,
     .run = create},
    {.name = "python/interpreter-run",
     .doc = "'pass' compiled and run in such an interpreter, by the same thread",
     TB_UNPLACED,
     .run = execute},
    {.name = "python/interpreter-destroy",
     .doc = "such an interpreter destroyed after it has run 'pass'",
     TB_UNPLACED,
     .warmup = 1,
     .run = destroy},
    {.name = "python/submit",
     .doc = "ThreadPoolExecutor.submit() with one worker",
     TB_UNPLACED,
     .run = submit_threads},
    {.name = "python/submit-interpreter",
     .doc = "InterpreterPoolExecutor.submit() with one worker",
     TB_UNPLACED,
     .run = submit_interpreters},
    {.name = "python/result",
     .doc = "ThreadPoolExecutor: a task submitted, until its result is there",
     TB_UNPLACED,
     .run = result_threads},
    {.name = "python/result-interpreter",
     .doc = "InterpreterPoolExecutor: a task submitted, until its result is there",
     TB_UNPLACED,
     .run = result_interpreters},
    {.name = "python/pool",
     .doc = "ThreadPoolExecutor of one worker: made, a task done, shut down",
     TB_UNPLACED,
     .run = pool_threads},
    {.name = "python/pool-interpreter",
     .doc = "InterpreterPoolExecutor of one worker: made, a task done, shut down",
     TB_UNPLACED,
     .warmup = 1,
     .run = pool_interpreters},
    {0},
};
