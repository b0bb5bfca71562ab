#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int tb_error_set(struct tb_error *error, int code, const char *format, ...)
{
    va_list list;
    char *at;

    va_start(list, format);
    if (vsnprintf(error->text, sizeof error->text, format, list) < 0)
        error->text[0] = '\0';
    va_end(list);
    for (at = error->text; (at = strpbrk(at, "\r\n")) != NULL;)
        *at = ' ';
    return code;
}
