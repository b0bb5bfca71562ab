#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "document/summary.h"
#include "document/write.h"
#include "util/memory.h"
#include "util/sanitize.h"

/* RFC 4180: quoted where it must be, quotes doubled. All writing is into memory. */
static void put_text(FILE *out, const char *text)
{
    bool quoted = text && strpbrk(text, ",\"\r\n");

    (void)fputs(quoted ? "\"" : "", out);
    for (; text && *text; text++)
        (void)fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    (void)fputs(quoted ? "\"" : "", out);
}

static void put_line(FILE *out, const struct tb_result *result, const struct tb_record *record)
{
    struct tb_summary summary = tb_summarise(result, record);
    const double values[] = {summary.value.median,
                             summary.value.low,
                             summary.value.high,
                             summary.value.cv,
                             summary.p99,
                             summary.switches,
                             summary.floor_ratio,
                             (double)summary.value.count,
                             record->samples ? (double)record->samples : NAN};

    put_text(out, result->subject->label);
    (void)fputc(',', out);
    put_text(out, record->spec->name);
    (void)fprintf(out, ",%s,%s,", tb_role_names[record->role], tb_record_outcome(record));
    put_text(out, record->reason);
    (void)fputc(',', out);
    put_text(out, summary.statistic);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        (void)fputc(',', out);
        if (isfinite(values[i]))
            (void)fprintf(out, "%.9g", values[i]);
    }
    (void)fputc('\n', out);
}

char *tb_csv(const struct tb_result *results, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)fputs("subject,case,role,outcome,reason,statistic,value_ns,low_ns,high_ns,cv,p99_ns,"
                "switches,floor_ratio,processes,samples\n",
                out);
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < results[k].count; i++)
            put_line(out, &results[k], &results[k].records[i]);
    }
    (void)fclose(out);
    tb_sanitize(text, size); /* names are the program's, labels from the command line */
    return text;
}
