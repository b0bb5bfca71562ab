#include "script.h"

#include "suite/engine.h"

/* What is kept of a benchmark's source from one sample to the next. */
struct script {
    struct tb_object *globals;
    struct tb_object *send; /* the name of the generators' method */
};

static struct script script;

static struct tb_object *do_nothing(struct tb_object *self, struct tb_object *nothing)
{
    (void)self;
    (void)nothing;
    tb_py.Py_IncRef(tb_py.none);
    return tb_py.none;
}

/* Accepts NULL. */
static void drop(struct tb_object *object)
{
    if (object)
        tb_py.Py_DecRef(object);
}

static struct tb_method noop[] = {{"noop", do_nothing, TB_NO_ARGUMENTS, NULL}, {0}};

/* The exception that is set, as the reason of the status. */
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
    drop(text);
    drop(type);
    drop(value);
    drop(trace); /* it has the frames, and so the globals */
    return run->engine->status = missing ? TB_SKIP : TB_FAIL;
}

/* Takes the value over. Of this and the next three, false: an exception is set. */
static bool set(const char *name, struct tb_object *value)
{
    bool done = value && !tb_py.PyDict_SetItemString(script.globals, name, value);

    drop(value);
    return done;
}

static bool set_methods(struct tb_method *methods)
{
    struct tb_method *method = methods;

    while (method && method->name && set(method->name, tb_py.PyCFunction_NewEx(method, NULL, NULL)))
        method++;
    return !method || !method->name;
}

static bool execute(const char *source)
{
    struct tb_object *done =
        tb_py.PyRun_String(source, TB_RUN_FILE, script.globals, script.globals);

    drop(done);
    return done;
}

/* Runs the source. */
static bool load(struct tb_run *run, const char *source, struct tb_method *methods)
{
    struct tb_object *builtins = tb_py.PyImport_AddModule("builtins");

    script.globals = tb_py.PyDict_New();
    script.send = tb_py.PyUnicode_FromString("send");
    if (!builtins || !script.globals || !script.send)
        return false;
    tb_py.Py_IncRef(builtins);
    return set("__builtins__", builtins) && set_methods(noop) && set_methods(methods) &&
           set("alive", tb_py.PyLong_FromSize_t((size_t)tb_value(run, &tb_axis_alive))) &&
           set("stack", tb_py.PyLong_FromSize_t((size_t)tb_value(run, &tb_axis_stack))) &&
           execute("import threading, time\n"
                   "from functools import partial\n"
                   "threading.stack_size(stack)\n") &&
           execute(source);
}

/* Goes on to the generator's end. False: it yields once more, or another exception than that is
 * set. */
static bool end(struct tb_object *samples, struct tb_object *result)
{
    struct tb_object *more = tb_py.PyObject_CallMethodObjArgs(samples, script.send, result, NULL);

    drop(more);
    if (more || !tb_py.PyErr_ExceptionMatches(*tb_py.StopIteration))
        return false;
    tb_py.PyErr_Clear();
    return true;
}

/* These two call what is timed, or asked for a number, and record the sample. A new reference;
 * NULL: an exception is set. */
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
static bool take(struct tb_run *run, struct tb_object *sample,
                 struct tb_object *(*record)(struct tb_run *run, struct tb_object *yielded))
{
    struct tb_object *samples = tb_py.PyObject_CallObject(sample, NULL), *yielded = NULL,
                     *result = NULL;
    bool fine;

    if (samples)
        yielded = tb_py.PyObject_CallMethodObjArgs(samples, script.send, tb_py.none, NULL);
    if (yielded)
        result = record(run, yielded);
    fine = result && end(samples, result);
    drop(result);
    drop(yielded);
    drop(samples);
    return fine;
}

static enum tb_status measure(struct tb_run *run, const char *source, struct tb_method *methods,
                              struct tb_object *(*record)(struct tb_run *run,
                                                          struct tb_object *yielded))
{
    struct tb_object *sample;

    tb_engine_makes_threads();
    if (!load(run, source, methods))
        return raised(run);
    sample = tb_py.PyDict_GetItemString(script.globals, "sample");
    while (tb_next(run))
        if (!take(run, sample, record))
            return raised(run);
    return TB_DONE;
}

enum tb_status tb_python_time(struct tb_run *run, const char *source)
{
    return measure(run, source, NULL, call);
}

enum tb_status tb_python_ask(struct tb_run *run, const char *source, struct tb_method *methods)
{
    return measure(run, source, methods, ask);
}

/* What it returns, or raises, is of no interest. */
static void finish(void)
{
    struct tb_object *function = tb_py.PyDict_GetItemString(script.globals, "finish");
    struct tb_object *done = function ? tb_py.PyObject_CallObject(function, NULL) : NULL;

    drop(done);
    tb_py.PyErr_Clear();
}

void tb_python_forget(struct tb_run *run)
{
    (void)run;
    if (script.globals)
        finish();
    drop(script.globals);
    drop(script.send);
    script = (struct script){0};
}
