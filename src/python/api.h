/* The interpreter that this module was loaded into, through its C API. Every function is looked up
 * by name in the process, so that one module fits all versions, and none of their headers or
 * libraries is needed. Only functions and named objects are used, never a struct's members. */
#ifndef TB_PYTHON_API_H
#define TB_PYTHON_API_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tb_object PyObject; /* what these functions give and take; never looked into */

/* A function of ours that Python code can call: its layout is the same in all versions. */
struct tb_method {
    const char *name;
    PyObject *(*call)(PyObject *self, PyObject *nothing);
    int flags;
    const char *doc;
};

enum { TB_NO_ARGUMENTS = 4 };

/* Named as in the interpreter's manual. Functions that return an object give a new reference,
 * unless they are said to borrow; NULL is an exception that is set. */
struct tb_api {
    void (*Py_IncRef)(PyObject *object);
    void (*Py_DecRef)(PyObject *object);
    PyObject *(*PyImport_AddModule)(const char *name);                  /* borrowed */
    PyObject *(*PyModule_GetDict)(PyObject *module);                    /* borrowed */
    PyObject *(*PyDict_GetItemString)(PyObject *dict, const char *key); /* borrowed; no exception */
    int (*PyDict_SetItemString)(PyObject *dict, const char *key, PyObject *value);
    PyObject *(*PyDict_New)(void);
    PyObject *(*PyLong_FromSize_t)(size_t value);
    const char *(*PyUnicode_AsUTF8)(PyObject *text); /* the object's; NULL: an exception */
    PyObject *(*PyRun_String)(const char *source, int start, PyObject *globals, PyObject *locals);
    PyObject *(*PyObject_CallObject)(PyObject *callable, PyObject *arguments);
    PyObject *(*PyObject_CallMethodObjArgs)(PyObject *object, PyObject *name, ...);
    PyObject *(*PyUnicode_FromString)(const char *text);
    PyObject *(*PyObject_Str)(PyObject *object);
    PyObject *(*PyCFunction_NewEx)(struct tb_method *method, PyObject *self, PyObject *module);
    int (*PyErr_ExceptionMatches)(PyObject *exception);
    void (*PyErr_Fetch)(PyObject **type, PyObject **value, PyObject **traceback);
    void (*PyErr_Clear)(void);
    void *(*PyInterpreterState_Get)(void);
    void *(*PyThreadState_New)(void *interpreter);
    void (*PyThreadState_Clear)(void *state);
    void (*PyThreadState_Delete)(void *state);
    int (*PyGILState_Ensure)(void);
    void (*PyGILState_Release)(int state);
    void *(*PyEval_SaveThread)(void);
    void (*PyEval_RestoreThread)(void *state);
    void *(*PyThread_tss_alloc)(void);
    void (*PyThread_tss_free)(void *key);
    int (*PyThread_tss_create)(void *key);
    void (*PyThread_tss_delete)(void *key);
    int (*PyThread_tss_set)(void *key, void *value);
    PyObject *none;           /* borrowed */
    PyObject **StopIteration; /* the variable that holds it */
};

extern struct tb_api tb_py;

enum { TB_RUN_FILE = 257, TB_RUN_EVAL = 258 }; /* PyRun_String's `start` */

/* Looks everything up. NULL, or the name of what this process does not have. */
const char *tb_python_find(void);

#endif
