#include <math.h>
#include <stdio.h>

#include "document/counts.h"
#include "document/summary.h"
#include "document/write.h"
#include "util/csv.h"
#include "util/memory.h"

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
                             record->samples ? (double)record->samples : NAN,
                             tb_count_value(record, TB_INSTRUCTIONS),
                             tb_count_value(record, TB_SYSCALLS),
                             tb_count_value(record, TB_FAULTS)};

    tb_csv_put_text(out, result->subject->label);
    (void)fputc(',', out);
    tb_csv_put_text(out, record->spec->name);
    (void)fprintf(out, ",%s,%s,", tb_role_names[record->role], tb_record_outcome(record));
    tb_csv_put_text(out, record->reason);
    (void)fputc(',', out);
    tb_csv_put_text(out, summary.statistic);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        (void)fputc(',', out); /* all writing is into memory */
        tb_csv_put_number(out, values[i]);
    }
    (void)fputc('\n', out);
}

char *tb_csv(const struct tb_result *results, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)fputs("subject,case,role,outcome,reason,statistic,value_ns,low_ns,high_ns,cv,p99_ns,"
                "switches,floor_ratio,processes,samples,instructions,syscalls,faults\n",
                out);
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < results[k].count; i++)
            put_line(out, &results[k], &results[k].records[i]);
    }
    (void)fclose(out);
    return text;
}
