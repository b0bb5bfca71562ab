/* What is noted of a process's maps. */
#include "run/loaded.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "util/json.h"
#include "util/memory.h"

/* The list, "ROLE PATH VERSION" each, of a process with these maps; the caller's. */
static char *noted(const struct tb_glimpse *glimpse)
{
    tb_autojson cJSON *seen = cJSON_CreateObject();
    const cJSON *item;
    char *text = tb_copy("");

    tb_loaded_note(&(struct tb_subject){.seen = seen}, glimpse);
    assert_true(cJSON_IsArray(tb_json_find(seen, "loaded")));
    cJSON_ArrayForEach(item, tb_json_find(seen, "loaded")) {
        const char *version = tb_json_text(item, "version");
        char *more = tb_print("%s%s %s %s\n", text, tb_json_text(item, "role"),
                              tb_json_text(item, "path"), version ? version : "-");

        free(text);
        text = more;
    }
    return text;
}

static void assert_noted(const struct tb_glimpse *glimpse, const char *expected)
{
    tb_autofree char *text = noted(glimpse);

    assert_string_equal(text, expected);
}

#define PROGRAM "400000-401000 r-xp 0 00:1 7   /nonexistent/program\n"
#define LIBC    "700000-701000 r-xp 0 00:1 8   /nonexistent/libc.so.6\n"
#define LOADER  "800000-801000 r-xp 0 00:1 9   /nonexistent/ld-linux.so.2\n"
#define OTHER   "900000-901000 r-xp 0 00:1 10  /nonexistent/another\n"

static void the_loader_is_the_one_that_the_program_names(void **state)
{
    char maps[] = PROGRAM LIBC OTHER, exe[] = "/nonexistent/program";

    (void)state;
    assert_noted(&(struct tb_glimpse){.maps = maps, .exe = exe, .base = 0x900000},
                 "libc /nonexistent/libc.so.6 -\nloader /nonexistent/another -\n");
}

static void a_loader_that_was_given_a_program_is_itself(void **state)
{
    char maps[] = OTHER PROGRAM LIBC, exe[] = "/nonexistent/another";

    (void)state;
    assert_noted(&(struct tb_glimpse){.maps = maps, .exe = exe},
                 "libc /nonexistent/libc.so.6 -\nloader /nonexistent/another -\n");
}

static void a_static_program_is_no_loader(void **state)
{
    char alone[] = PROGRAM, later[] = PROGRAM LIBC LOADER, exe[] = "/nonexistent/program";

    (void)state;
    assert_noted(&(struct tb_glimpse){.maps = alone, .exe = exe}, "");
    assert_noted(&(struct tb_glimpse){.maps = later, .exe = exe},
                 "libc /nonexistent/libc.so.6 -\nloader /nonexistent/ld-linux.so.2 -\n");
}

/* Both files have the text in which a C library tells its version. */
static void what_is_preloaded_has_no_version(void **state)
{
    static const char text[] = "any stable release version 9.9.\n";
    char libc[] = "libc.so-XXXXXX", extra[] = "extra-XXXXXX";
    int first = mkstemp(libc), second = mkstemp(extra);
    tb_autofree char *folder = get_current_dir_name();
    tb_autofree char *maps =
        tb_print("1000-2000 r-xp 0 00:1 7 %s/%s\n3000-4000 r-xp 0 00:1 8 %s/%s\n", folder, libc,
                 folder, extra);
    tb_autofree char *expected =
        tb_print("libc %s/%s glibc 9.9\npreloaded %s/%s -\n", folder, libc, folder, extra);

    (void)state;
    assert_true(write(first, text, sizeof text) > 0 && write(second, text, sizeof text) > 0);
    assert_noted(&(struct tb_glimpse){.maps = maps, .preload = extra, .visible = true}, expected);
    (void)close(first); /* what came of it was asserted */
    (void)close(second);
    assert_int_equal(unlink(libc) + unlink(extra), 0);
}

static void after_some_looks_in_vain_nobody_looks_any_more(void **state)
{
    tb_autojson cJSON *seen = cJSON_CreateObject();
    const struct tb_subject subject = {.seen = seen};

    (void)state;
    for (size_t i = 0; i < 20; i++)
        tb_loaded_note(&subject, &(struct tb_glimpse){0}); /* nobody has looked */
    for (size_t i = 0; i < 9; i++)
        tb_loaded_note(&subject, &(struct tb_glimpse){.tried = true});
    assert_null(tb_json_find(seen, "loaded"));
    tb_loaded_note(&subject, &(struct tb_glimpse){.tried = true});
    assert_true(cJSON_IsNull(tb_json_find(seen, "loaded")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loader_is_the_one_that_the_program_names),
        cmocka_unit_test(a_loader_that_was_given_a_program_is_itself),
        cmocka_unit_test(a_static_program_is_no_loader),
        cmocka_unit_test(what_is_preloaded_has_no_version),
        cmocka_unit_test(after_some_looks_in_vain_nobody_looks_any_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
