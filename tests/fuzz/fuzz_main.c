/*
 * A target without libFuzzer, as a test: takes the files in the folders that are its arguments,
 * each as it is and cut short at some places.
 */
#include <assert.h>
#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "util/file.h"
#include "util/memory.h"

enum { most_bytes = 1 << 20, most_cuts = 64 };

static void take(const char *bytes, size_t size)
{
    char *text = tb_alloc_text(size + 1);

    memcpy(text, bytes, size);
    text[size] = '\0';
    TARGET(text, size);
    free(text);
}

static void take_file(const char *path)
{
    tb_autofree char *bytes = NULL;
    size_t size, step;
    int err = tb_file_read(path, most_bytes, &bytes, &size);

    assert(!err);
    step = size / most_cuts + 1;
    for (size_t left = 0; left < size; left += step)
        take(bytes, left);
    take(bytes, size);
}

static size_t take_folder(const char *folder)
{
    DIR *all = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;

    assert(all);
    while ((entry = readdir(all)) != NULL) {
        tb_autofree char *path = tb_print("%s/%s", folder, entry->d_name);

        if (*entry->d_name == '.')
            continue;
        take_file(path);
        count++;
    }
    (void)closedir(all); /* only read from */
    return count;
}

int main(int argc, char **argv)
{
    FILE *nowhere = freopen("/dev/null", "w", stdout); /* pages of help are printed */

    assert(nowhere && setlocale(LC_CTYPE, "C.UTF-8"));
    tb_memory_init();
    for (int i = 1; i < argc; i++)
        assert(take_folder(argv[i]));
    return argc < 2;
}
