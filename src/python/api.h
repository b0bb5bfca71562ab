/* The interpreter that this module was loaded into, through its C API. Every function is looked up
 * by name in the process, so that one module fits all versions, and none of their headers or
 * libraries is needed. Only functions and named objects are used, never a struct's members. */
#ifndef TB_PYTHON_API_H
#define TB_PYTHON_API_H

#include <stdbool.h>
#include <stddef.h>

struct tb_object; /* what these functions give and take; never looked into */

/* A function of ours that Python code can call: its layout is the same in all versions. */
struct tb_method {
    const char *name;
    struct tb_object *(*call)(struct tb_object *self, struct tb_object *nothing);
    int flags;
    const char *doc;
};

enum { TB_NO_ARGUMENTS = 4 };

/* Named as in the interpreter's manual. Functions that return an object give a new reference,
 * unless marked as borrowed; NULL is an exception that is set. */
struct tb_api {
    void (*Py_IncRef)(struct tb_object *object);
    void (*Py_DecRef)(struct tb_object *object);
    struct tb_object *(*PyImport_AddModule)(const char *name);       /* borrowed */
    struct tb_object *(*PyModule_GetDict)(struct tb_object *module); /* borrowed */
    struct tb_object *(*PyDict_GetItemString)(struct tb_object *dict,
                                              const char *key); /* borrowed; no exception */
    int (*PyDict_SetItemString)(struct tb_object *dict, const char *key, struct tb_object *value);
    struct tb_object *(*PyDict_New)(void);
    struct tb_object *(*PyLong_FromSize_t)(size_t value);
    long long (*PyLong_AsLongLong)(struct tb_object *number); /* -1: perhaps an exception */
    const char *(*PyUnicode_AsUTF8)(struct tb_object *text);  /* the object's; NULL: an exception */
    struct tb_object *(*PyRun_String)(const char *source, int start, struct tb_object *globals,
                                      struct tb_object *locals);
    struct tb_object *(*PyObject_CallObject)(struct tb_object *callable,
                                             struct tb_object *arguments);
    struct tb_object *(*PyObject_CallMethodObjArgs)(struct tb_object *object,
                                                    struct tb_object *name, ...);
    struct tb_object *(*PyUnicode_FromString)(const char *text);
    struct tb_object *(*PyObject_Str)(struct tb_object *object);
    struct tb_object *(*PyCFunction_NewEx)(struct tb_method *method, struct tb_object *self,
                                           struct tb_object *module);
    int (*PyErr_ExceptionMatches)(struct tb_object *exception);
    void (*PyErr_Fetch)(struct tb_object **type, struct tb_object **value,
                        struct tb_object **traceback); /* new references; NULL: none */
    void (*PyErr_SetString)(struct tb_object *exception, const char *text);
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
    void *(*PyObject_Malloc)(size_t bytes);
    void (*PyObject_Free)(void *block);
    struct tb_object *none;           /* borrowed */
    struct tb_object **StopIteration; /* the variable that holds it, as the next */
    struct tb_object **LookupError;
    struct tb_object **MemoryError;
};

extern struct tb_api tb_py;

enum { TB_RUN_FILE = 257, TB_RUN_EVAL = 258 }; /* PyRun_String's `start` */

/* Looks everything up. NULL, or the name of what this process does not have. */
const char *tb_python_find(void);

#endif
