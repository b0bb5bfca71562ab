/*
 * What a made-up subject reports of itself: cases with their floors, overheads and parts, some of
 * which it does not have, and one that is there twice.
 */
#ifndef TB_TESTS_LISTING_H
#define TB_TESTS_LISTING_H

#include "check.h"
#include "document/catalog.h"

#define HEAD "{\"schema\":\"threadbench-sidecar\",\"version\":1,"

/* clang-format off */
static const char listing[] = HEAD "\"cases\":["
    "{\"name\":\"a/posix/manual\","
        "\"case\":\"a/posix\",\"core\":true,\"floor\":\"a/clone\",\"overhead\":\"a/null\",\"primary_statistic\":\"p10\"},"
    "{\"name\":\"a/clone/manual\","
        "\"case\":\"a/clone\",\"overhead\":\"a/null\"},"
    "{\"name\":\"a/null/manual\","
        "\"case\":\"a/null\"},"
    "{\"name\":\"b/posix/manual\","
        "\"case\":\"b/posix\",\"alternatives\":true,\"card\":\"b\",\"parts\":[{\"case\":\"b/null\"},{\"case\":\"gone\"},{}],\"floor\":\"b/clone\",\"overhead\":\"b/null\"},"
    "{\"name\":\"b/clone/manual\","
        "\"case\":\"b/clone\",\"standard\":false,\"floor\":\"c/posix\"},"
    "{\"name\":\"b/null/manual\","
        "\"case\":\"b/null\"},"
    "{\"name\":\"c/posix/manual\","
        "\"case\":\"c/posix\",\"core\":true,\"standard\":true,\"floor\":\"gone\",\"max_samples\":50},"
    "{\"name\":\"a/posix/manual\","
        "\"case\":\"a/posix\"}]}";
/* clang-format on */

static inline struct tb_catalogue catalogue_of(const char *text)
{
    struct tb_catalogue catalogue;
    struct tb_error error;

    assert_int_equal(tb_catalogue_read(text, strlen(text), &catalogue, &error), 0);
    return catalogue;
}

#endif
