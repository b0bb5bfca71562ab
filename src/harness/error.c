#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#include "clean.h"

int tb_error_set(struct tb_error *error, int code, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    if (vsnprintf(error->text, sizeof error->text, format, list) < 0)
        error->text[0] = '\0';
    va_end(list);
    tb_clean_line(error->text); /* it may quote another's, and have been cut in a character */
    return code;
}
