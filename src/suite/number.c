#include "number.h"

#include <errno.h>
#include <stdlib.h>

bool tb_parse_number(const char *text, long long least, long long most, long long *ret_number)
{
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < least || number > most)
        return false;
    *ret_number = number;
    return true;
}
