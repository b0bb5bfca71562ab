#include "api.h"

#include <dlfcn.h>

struct tb_api tb_py;

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
#define FUNCTION(name)                                                                             \
    {                                                                                              \
#name, offsetof(struct tb_api, name)                                                       \
    }
    FUNCTION(Py_IncRef),
    FUNCTION(Py_DecRef),
    FUNCTION(PyImport_AddModule),
    FUNCTION(PyModule_GetDict),
    FUNCTION(PyDict_GetItemString),
    FUNCTION(PyDict_SetItemString),
    FUNCTION(PyDict_New),
    FUNCTION(PyLong_FromSize_t),
    FUNCTION(PyLong_AsLongLong),
    FUNCTION(PyUnicode_AsUTF8),
    FUNCTION(PyRun_String),
    FUNCTION(PyObject_CallObject),
    FUNCTION(PyObject_CallMethodObjArgs),
    FUNCTION(PyUnicode_FromString),
    FUNCTION(PyObject_Str),
    FUNCTION(PyCFunction_NewEx),
    FUNCTION(PyErr_ExceptionMatches),
    FUNCTION(PyErr_Fetch),
    FUNCTION(PyErr_SetString),
    FUNCTION(PyErr_Clear),
    FUNCTION(PyInterpreterState_Get),
    FUNCTION(PyThreadState_New),
    FUNCTION(PyThreadState_Clear),
    FUNCTION(PyThreadState_Delete),
    FUNCTION(PyGILState_Ensure),
    FUNCTION(PyGILState_Release),
    FUNCTION(PyEval_SaveThread),
    FUNCTION(PyEval_RestoreThread),
    FUNCTION(PyThread_tss_alloc),
    FUNCTION(PyThread_tss_free),
    FUNCTION(PyThread_tss_create),
    FUNCTION(PyThread_tss_delete),
    FUNCTION(PyThread_tss_set),
    FUNCTION(PyObject_Malloc),
    FUNCTION(PyObject_Free),
#undef FUNCTION
    {"_Py_NoneStruct", offsetof(struct tb_api, none)},
    {"PyExc_StopIteration", offsetof(struct tb_api, StopIteration)},
    {"PyExc_LookupError", offsetof(struct tb_api, LookupError)},
    {"PyExc_MemoryError", offsetof(struct tb_api, MemoryError)},
};

const char *tb_python_find(void)
{
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *found = dlsym(RTLD_DEFAULT, symbols[i].name);

        if (!found)
            return symbols[i].name;
        *(void **)((char *)&tb_py + symbols[i].offset) = found; /* as POSIX has it for dlsym */
    }
    return NULL;
}
