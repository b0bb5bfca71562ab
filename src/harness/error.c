#include "error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

int tb_error_set(struct tb_error *error, int code, const char *format, ...)
{
    va_list list;
    char *at;

    va_start(list, format);
    if (vsnprintf(error->text, sizeof error->text, format, list) < 0)
        error->text[0] = '\0';
    va_end(list);
    for (at = error->text; *at; at++) {
        if (iscntrl((unsigned char)*at))
            *at = ' ';
    }
    return code;
}
