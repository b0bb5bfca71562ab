#include "module.h"

#include <threadbench/proc.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beside the file, as in a build tree, or where they are installed; of a module of ours that
 * another program has loaded, and of a test, the build tree's folder is another one. */
static bool find_near(const char *file, const char *module, char *path, size_t size)
{
    static const char *const places[] = {"", TB_MODULES_FROM_PROGRAM "/", "../suite/",
                                         "../../src/suite/"};
    const char *slash = strrchr(file, '/');

    for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
        int used = snprintf(path, size, "%.*s/%s%s", (int)(slash - file), file, places[i], module);

        if (used > 0 && (size_t)used < size && !access(path, R_OK))
            return true;
    }
    return false;
}

bool tb_module_path(const char *module, char *path, size_t size)
{
    static const char here; /* in the file that this code is in */
    char program[PATH_MAX];
    Dl_info own;

    return (!tb_proc_program(program, sizeof(program)) && find_near(program, module, path, size)) ||
           (dladdr(&here, &own) && find_near(own.dli_fname, module, path, size));
}

bool tb_modules_load(void)
{
    return dlopen(NULL, RTLD_LAZY);
}

void *tb_module_symbol(const char *file, const char *symbol, char *reason, size_t size)
{
    char path[PATH_MAX];
    void *module, *found;

    if (!tb_modules_load()) {
        (void)snprintf(reason, size, "a static program loads no module");
        return NULL;
    }
    if (!tb_module_path(file, path, sizeof(path))) {
        (void)snprintf(reason, size, "%s is not installed beside the suite", file);
        return NULL;
    }
    module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    found = module ? dlsym(module, symbol) : NULL;
    if (!found)
        (void)snprintf(reason, size, "%s", dlerror());
    return found;
}

const struct tb_runtime *tb_runtime_load(const struct tb_runtime *runtime, char *reason,
                                         size_t size)
{
    const struct tb_module *module = &runtime->module;
    const char *why;

    if (module->file)
        runtime = tb_module_symbol(module->file, module->table, reason, size);
    why = runtime && runtime->unavailable ? runtime->unavailable() : NULL;
    if (why)
        (void)snprintf(reason, size, "%s", why);
    return why ? NULL : runtime;
}
