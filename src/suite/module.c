#include <threadbench/bench.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beside the program, as in a build tree, or where they are installed. */
bool tb_module_path(const char *module, char *path, size_t size)
{
    static const char *const places[] = {"", TB_MODULES_FROM_PROGRAM "/"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    program[length < 0 ? 0 : length] = '\0';
    slash = strrchr(program, '/');
    for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
        int used =
            snprintf(path, size, "%.*s/%s%s", (int)(slash - program), program, places[i], module);

        if (used > 0 && (size_t)used < size && !access(path, R_OK))
            return true;
    }
    return false;
}
