/* Numbers given from outside. */
#ifndef TB_SUITE_NUMBER_H
#define TB_SUITE_NUMBER_H

#include <stdbool.h>

/* A whole number from `least` to `most`, and nothing else. False leaves *ret_number untouched. */
bool tb_parse_number(const char *text, long long least, long long most, long long *ret_number);

#endif
