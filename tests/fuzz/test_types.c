/*
 * Every member of a file that others write may have any type, be there twice, or not at all: the
 * file is read all the same, or refused in one line. With an argument, a folder, writes the good
 * files there, as seeds for the fuzzers.
 */
#include "check.h"
#include "consume.h"

#include <stdlib.h>

#include "util/json.h"
#include "util/memory.h"

/* What a member becomes. */
static const char *const others[] = {
    "null",
    "true",
    "7",
    "-1",
    "0.5",
    "1e300",
    "1e999",
    "\"x\"",
    "\"\"",
    "[]",
    "{}",
    "[[7,\"x\"]]",
    "{\"x\":{\"x\":7}}",
};

enum {
    OTHERS = sizeof others / sizeof *others,
    GONE = OTHERS, /* it is not there */
    TWICE,         /* as it is */
    UNLIKE,        /* and again, as another number */
    CHANGES,
};

struct place {
    cJSON *parent, *item;
};

/* Finds the value of that number, from 1, the root being none; counts `number` down to it. Of a
 * list it goes through the first two and the last. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the files beside this one */
static struct place find(cJSON *parent, size_t *number)
{
    int size = cJSON_IsArray(parent) ? cJSON_GetArraySize(parent) : 0, index = 0;
    struct place found = {0};
    cJSON *item;

    cJSON_ArrayForEach(item, parent) {
        bool alike = index > 1 && index < size - 1; /* as the one before it */

        index++;
        if (!alike && !found.item && --*number == 0)
            found = (struct place){parent, item};
        if (!alike && !found.item)
            found = find(item, number);
    }
    return found;
}

/* Takes `item`. */
static void add(const struct place *place, cJSON *item)
{
    if (cJSON_IsArray(place->parent))
        assert_true(cJSON_AddItemToArray(place->parent, item));
    else
        assert_true(cJSON_AddItemToObject(place->parent, place->item->string, item));
}

static void replace(const struct place *place, const char *text)
{
    cJSON *item = cJSON_CreateRaw(text);

    if (place->item->string)
        item->string = tb_copy(place->item->string);
    assert_true(cJSON_ReplaceItemViaPointer(place->parent, place->item, item));
}

/* The text with one change, the caller's; NULL where it has no value of that number. */
static char *changed(const char *good, size_t number, int change)
{
    tb_autojson cJSON *root = cJSON_Parse(good);
    struct place place = find(root, &number);

    assert_non_null(root);
    if (!place.item)
        return NULL;
    if (change < OTHERS)
        replace(&place, others[change]);
    else if (change == GONE)
        cJSON_Delete(cJSON_DetachItemViaPointer(place.parent, place.item));
    else
        add(&place, change == TWICE ? cJSON_Duplicate(place.item, true) : cJSON_CreateNumber(3));
    return cJSON_PrintUnformatted(root);
}

static void consume(const struct tb_consumed *consumed, const char *text)
{
    struct tb_error error = {""};
    int code;

    if (getenv("SHOW")) /* the last one is what ends the program */
        (void)fprintf(stderr, "%s %s\n", consumed->name, text);
    code = consumed->consume(text, strlen(text), &error);
    if (getenv("SHOW"))
        (void)fprintf(stderr, "  %s\n", code ? error.text : "accepted");
    if (code) {
        assert_int_equal(code, TB_FAILURE);
        assert_true(error.text[0]);
        assert_null(strchr(error.text, '\n'));
    }
}

/* How many texts there were. */
static size_t change_all(const struct tb_consumed *consumed, const char *good)
{
    size_t count = 0;
    bool going = true;

    for (size_t number = 1; going; number++) {
        for (int change = 0; change < CHANGES; change++) {
            tb_autofree char *text = changed(good, number, change);

            going = text != NULL;
            if (text)
                consume(consumed, text);
            count += going;
        }
    }
    return count;
}

static void any_type_may_stand_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tb_consumed / sizeof *tb_consumed; i++) {
        tb_autofree char *good = tb_seed(tb_consumed[i].name);
        struct tb_error error = {""};

        assert_int_equal(tb_consumed[i].consume(good, strlen(good), &error), 0);
        assert_in_range(change_all(&tb_consumed[i], good), 100, 100000);
    }
}

/* Else its fuzzer would begin, and stay, at what is refused. */
static void the_seed_of_documents_is_good(void **state)
{
    tb_autofree char *text = tb_seed_file("document");
    struct tb_error error = {""};

    (void)state;
    assert_int_equal(tb_consume_document(text, strlen(text), &error), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed_of_documents_is_good),
        cmocka_unit_test(any_type_may_stand_anywhere),
    };

    tb_memory_init();
    if (argc == 2)
        tb_documents = fopen(argv[1], "w");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
