/*
 * What does it cost to find a character in a string? A loop of one's own against strchr and memchr,
 * over the length. Has nothing to do with threads; needs benchmark_c alone:
 *
 *     cc -O2 search.c $(pkg-config --cflags --libs benchmark_c) -o search
 *     ./search --benchmark_filter=strchr --benchmark_format=json
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <benchmark_c.h>

/* Finds `c` in `text`, which holds it within `length` characters. */
typedef const char *find_function(const char *text, int c, size_t length);

static const char *find_by_loop(const char *text, int c, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == (char)c)
            return &text[i];
    return NULL;
}

static const char *find_by_strchr(const char *text, int c, size_t length)
{
    (void)length;
    return strchr(text, c);
}

static const char *find_by_memchr(const char *text, int c, size_t length)
{
    return memchr(text, c, length);
}

/* One candidate; user data keeps three benchmarks in one body. */
struct candidate {
    const char *name;
    find_function *find;
};

/* `length` characters, the last of which is the 'x'. To be freed. */
static char *haystack(size_t length)
{
    char *text = malloc(length + 1);

    if (!text)
        return NULL;
    memset(text, '-', length);
    text[length - 1] = 'x';
    text[length] = '\0';
    return text;
}

static void search(struct bm_state *state, void *user)
{
    const struct candidate *candidate = user;
    const size_t length = (size_t)bm_arg(state, 0);
    char *text = haystack(length);

    if (!text) {
        bm_skip_with_error(state, "out of memory");
        return;
    }
    BM_LOOP(state)
    {
        bm_do_not_optimize(text); /* or the compiler could reuse the last answer */
        const char *found = candidate->find(text, 'x', length);
        BM_DO_NOT_OPTIMIZE(found);
    }
    bm_set_bytes_processed(state, bm_iterations(state) * (int64_t)length);
    bm_set_complexity_n(state, bm_arg(state, 0));
    free(text);
}

int main(int argc, char **argv)
{
    static struct candidate candidates[] = {
        {"loop", find_by_loop},
        {"strchr", find_by_strchr},
        {"memchr", find_by_memchr},
    };
    static const char *const names[] = {"length"};
    size_t matched = 0;

    for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++) {
        struct bm_benchmark *benchmark = bm_register(candidates[i].name, search, &candidates[i]);

        bm_set_arg_names(benchmark, names, 1);
        bm_add_range(benchmark, 8, 4096);
        bm_set_complexity(benchmark, BM_O_N);
    }
    bm_initialize(&argc, argv);
    if (bm_report_unrecognized_arguments(argc, argv))
        return 2;
    bm_add_context("google_benchmark", bm_library_version());
    matched = bm_run_specified();
    bm_shutdown();
    return matched == 0 || bm_failed() ? EXIT_FAILURE : EXIT_SUCCESS;
}
