#include "util/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "util/sanitize.h"

static void set(struct tb_error *error, const char *format, va_list list)
{
    if (vsnprintf(error->text, sizeof error->text, format, list) < 0)
        error->text[0] = '\0';
    tb_sanitize_line(
        error->text); /* it may quote a subject, and may have been cut within a character */
}

int tb_error_set(struct tb_error *error, int code, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    set(error, format, list);
    va_end(list);
    return code;
}

void tb_notice(const char *format, ...)
{
    struct tb_error line;
    va_list list;

    va_start(list, format);
    set(&line, format, list);
    va_end(list);
    (void)fprintf(stderr, "threadbench: %s\n", line.text);
}
