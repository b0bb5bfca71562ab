#include <threadbench/bench.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beside the file, as in a build tree, or where they are installed; of a module of ours that
 * another program has loaded, the build tree's folder is another one. */
static bool find_near(const char *file, const char *module, char *path, size_t size)
{
    static const char *const places[] = {"", TB_MODULES_FROM_PROGRAM "/", "../suite/"};
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
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    Dl_info own;

    program[length < 0 ? 0 : length] = '\0';
    return find_near(program, module, path, size) ||
           (dladdr(&here, &own) && find_near(own.dli_fname, module, path, size));
}
