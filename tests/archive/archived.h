/* A small archive with an index, and what a reading of it comes to. */
#ifndef TB_TESTS_ARCHIVED_H
#define TB_TESTS_ARCHIVED_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/index.h"

enum { DOCUMENTS = 5 }; /* of which each has the value of its number: 15 in all */

extern char *folder, *cache; /* of the archive, and of its index */

/* cmocka's, of each test: an archive without an index. */
int set_up(void **state);
int tear_down(void **state);

/* Adds the document of a number, whose only case took so many nanoseconds. Its path is the
 * caller's. */
char *put(unsigned number);

/* What a reading came to. */
struct outcome {
    size_t there, read, damaged;
    double sum; /* of all values */
    bool obstacle;
};

struct outcome read_with(struct tb_digests (*reader)(const struct tb_archive *, const bool *));

/* Reads so many documents of so many, without an obstacle. */
void expect(size_t there, size_t read, double sum);

/* All are read, and the next time none. */
void expect_anew(void);

/* tb_index_peek() as a reader. */
struct tb_digests peek(const struct tb_archive *archive, const bool *wanted);

/* The only file in the cache; the caller's. */
char *index_file(void);

/* Changes the index. */
void run_sql(const char *sql);

#endif
