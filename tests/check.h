/*
 * What every test of a pure stage includes: cmocka, and a few values.
 */
#ifndef TB_TESTS_CHECK_H
#define TB_TESTS_CHECK_H

/* cmocka's header needs these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifdef NDEBUG
#error "tests are nothing without assertions"
#endif

static inline bool tb_is_near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

#define assert_near(a, b)           assert_true(tb_is_near(a, b))
#define assert_contains(text, part) assert_non_null(strstr(text, part))

#endif
