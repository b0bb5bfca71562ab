#include "util/csv.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "util/memory.h"
#include "util/sanitize.h"

void tb_csv_put_text(FILE *out, const char *text)
{
    tb_autofree char *clean = tb_copy(text ? text : "");
    bool quoted = strpbrk(clean, ",\"") != NULL;

    tb_sanitize_line(clean);
    (void)fputs(quoted ? "\"" : "", out); /* whether it is written is the caller's to ask */
    (void)fputs(*clean && strchr("=+-@", *clean) ? "'" : "", out);
    for (const char *at = clean; *at; at++)
        (void)fprintf(out, *at == '"' ? "\"\"" : "%c", *at);
    (void)fputs(quoted ? "\"" : "", out);
}

void tb_csv_put_number(FILE *out, double number)
{
    if (isfinite(number))
        (void)fprintf(out, "%.9g", number); /* as above */
}
