#include <math.h>
#include <stdio.h>
#include <string.h>

#include "document/summary.h"
#include "document/write.h"
#include "util/memory.h"
#include "util/sanitize.h"

/* RFC 4180: quoted where it must be, quotes doubled. All writing is into memory. */
static void put_text(FILE *out, const char *text)
{
    if (!text)
        text = "";
    if (!strpbrk(text, ",\"\r\n")) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void put_value(FILE *out, double value)
{
    if (isfinite(value))
        (void)fprintf(out, ",%.9g", value);
    else
        (void)fputc(',', out);
}

static void put_line(FILE *out, const struct tb_result *result, const struct tb_record *record)
{
    struct tb_summary summary = tb_summarise(result, record);

    put_text(out, result->subject->label);
    (void)fputc(',', out);
    put_text(out, record->spec->name);
    (void)fprintf(out, ",%s,%s,", tb_role_names[record->role], tb_record_outcome(record));
    put_text(out, record->reason);
    (void)fputc(',', out);
    put_text(out, summary.statistic);
    put_value(out, summary.value.median);
    put_value(out, summary.value.low);
    put_value(out, summary.value.high);
    put_value(out, summary.value.cv);
    put_value(out, summary.p99);
    put_value(out, summary.switches);
    put_value(out, summary.floor_ratio);
    (void)fprintf(out, ",%zu", summary.value.count);
    put_value(out, record->samples ? (double)record->samples : NAN);
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
