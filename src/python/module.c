/* threadbench-python: the suite inside an interpreter, which loads this module with ctypes.PyDLL
 * and calls threadbench_main. The calling thread is attached all the while. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "suite/program.h"

int threadbench_main(int argc, char **argv);

/* What claims about versions depend on: `gil_enabled` is what holds now, not what was built. */
static const char identity[] =
    "import json, platform, sys, sysconfig\n"
    "get = sysconfig.get_config_var\n"
    "inherits = getattr(sys.flags, 'thread_inherit_context', None)\n"
    "about = json.dumps({'python': {\n"
    "    'version': platform.python_version(),\n"
    "    'implementation': platform.python_implementation(),\n"
    "    'free_threaded': bool(get('Py_GIL_DISABLED')),\n"
    "    'gil_enabled': getattr(sys, '_is_gil_enabled', lambda: True)(),\n"
    "    'compiler': platform.python_compiler(),\n"
    "    'flags': get('PY_CFLAGS') or get('CFLAGS') or '',\n"
    "    'configured': get('CONFIG_ARGS') or '',\n"
    "    'debug': hasattr(sys, 'gettotalrefcount'),\n"
    "    'thread_inherit_context': None if inherits is None else bool(inherits),\n"
    "}})\n";

/* The caller's to free. NULL: an exception, which is then forgotten, or no memory. */
static char *describe(void)
{
    struct tb_object *dict = tb_py.PyDict_New(), *done = NULL, *about = NULL;
    const char *text = NULL;
    char *copy;

    if (dict)
        done = tb_py.PyRun_String(identity, TB_RUN_FILE, dict, dict);
    if (done) {
        about = tb_py.PyDict_GetItemString(dict, "about");
        tb_py.Py_DecRef(done);
    }
    if (about)
        text = tb_py.PyUnicode_AsUTF8(about);
    copy = text ? strdup(text) : NULL;
    if (dict)
        tb_py.Py_DecRef(dict);
    tb_py.PyErr_Clear();
    return copy;
}

/* An interrupt ends the process at once, as it does elsewhere: the interpreter would only note it
 * until Python code is run again. One that is ignored stays so. */
static int take_interrupts(struct sigaction *ret_before)
{
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    int err = sigaction(SIGINT, NULL, ret_before);

    return err || ret_before->sa_handler == SIG_IGN ? err : sigaction(SIGINT, &usual, NULL);
}

__attribute__((visibility("default"))) int threadbench_main(int argc, char **argv)
{
    const char *missing = tb_python_find();
    struct sigaction before;
    char *about;
    int status;

    if (missing) {
        (void)fprintf(stderr,
                      "threadbench-python: this interpreter has no %s: take Python 3.9 or later\n",
                      missing);
        return 1;
    }
    if (take_interrupts(&before)) {
        perror("threadbench-python: sigaction");
        return 1;
    }
    about = describe();
    status = tb_program(argc, argv, about);
    free(about);
    (void)sigaction(SIGINT, &before, NULL); /* what it was a moment ago */
    return status;
}
