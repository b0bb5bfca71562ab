/*
 * Documents that are made up, and what an export makes of them.
 */
#ifndef TB_TESTS_REPORT_MADE_UP_H
#define TB_TESTS_REPORT_MADE_UP_H

#include "report/export/export.h"

#include <stdlib.h>

#include "check.h"
#include "util/json.h"
#include "util/memory.h"

enum { PROCESSES = 9 };

#define TIMED   "create/call/cpu:same/posix"
#define SIZED   "memory/stack/posix"
#define HOSTILE "=1+1|\\\"@all\\\"\\n" /* as JSON has it */

/* How documents differ. */
struct kind {
    const char *commit, *started, *host, *label;
    bool dirty, lacks; /* it lacks the case of bytes */
    double factor;
};

static const struct kind usual = {"0123456789abcdef0123456789abcdef01234567",
                                  "2026-11-23T00:51:02Z", "vm", NULL, .factor = 1};

static inline void put_entries(FILE *out, const char *name, double value)
{
    for (int i = 0; i < PROCESSES; i++)
        (void)fprintf(out,
                      "{\"name\":\"%s\",\"run_name\":\"%s\",\"run_type\":\"iteration\","
                      "\"round\":%d,\"real_time\":%g,\"mean\":%g,\"cpu_time\":7,"
                      "\"time_unit\":\"ns\",\"p10\":%g,\"samples\":50,\"p99.9\":9},\n",
                      name, name, i, value + i, value + i + 100, value + i);
}

static inline void put_case(FILE *out, const char *name, const char *unit, const char *outcome)
{
    (void)fprintf(out,
                  "{\"case\":\"%s\",\"name\":\"%s\",\"benchmark\":\"b\",\"runtime\":\"posix\","
                  "\"unit\":\"%s\",\"primary_statistic\":\"p10\",\"role\":\"selected\","
                  "\"outcome\":\"%s\",\"reason\":\"why\",\"version\":\"ab12\","
                  "\"axes\":{\"cpu\":\"same\",\"live\":0}},\n",
                  name, name, unit, outcome);
}

static inline void put_context(FILE *out, const struct kind *kind)
{
    (void)fprintf(out,
                  "{\"context\":{\"date\":\"%s\",\"host_name\":\"%s\",\"num_cpus\":2,\"caches\":[],"
                  "\"library_version\":\"1.7.1\",\"threadbench\":{\"schema\":"
                  "\"threadbench-result\",\"version\":2,\"run_id\":\"%s\",\"session\":\"s\","
                  "\"started_utc\":\"%s\",\"rounds_finished\":9,",
                  kind->started, kind->host, kind->started + 10, kind->started);
    (void)fprintf(out,
                  "\"subject\":{%s%s%s\"knows_threadbench\":true,\"loaded\":[{\"role\":\"libc\","
                  "\"version\":\"2.36\"}]},\"revision\":{\"commit\":\"%s\",\"dirty\":%s},"
                  "\"host\":{\"cpu\":\"AMD\",\"machine\":\"x86_64\",\"kernel\":{\"release\":"
                  "\"6.18\"}}}},",
                  kind->label ? "\"label\":\"" : "", kind->label ? kind->label : "",
                  kind->label ? "\"," : "", kind->commit, kind->dirty ? "true" : "false");
}

static inline void document_of(const struct kind *kind, struct tb_document *document)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    struct tb_error error;

    put_context(out, kind);
    (void)fputs("\"benchmarks\":[\n", out); /* in memory, as all of it */
    put_entries(out, TIMED, 5000 * kind->factor);
    put_entries(out, HOSTILE, 10);
    if (!kind->lacks)
        put_entries(out, SIZED, 4096);
    (void)fputs("{\"name\":\"x_mean\",\"run_name\":\"" TIMED "\",\"run_type\":\"aggregate\"}],\n"
                "\"threadbench_cases\":[\n",
                out);
    put_case(out, TIMED, "ns", "ok");
    put_case(out, HOSTILE, "ns", "ok");
    if (!kind->lacks)
        put_case(out, SIZED, "bytes", "ok");
    put_case(out, "absent/posix", "ns", "skipped");
    put_case(out, "late/posix", "ns", "pending");
    (void)fputs("{\"case\":\"broken/posix\",\"name\":\"broken/"
                "posix\",\"primary_statistic\":\"p10\",\"outcome\":\"failed\"}]}",
                out);
    (void)fclose(out);
    if (tb_document_parse("made up", text, size, false, document, &error))
        fail_msg("%s", error.text);
}

/* What documents of these kinds become; NULL: `error` says why not. */
static inline char *export_kinds(struct tb_export *export, const char *format,
                                 const struct kind *kinds, size_t count, struct tb_error *error)
{
    char *text = NULL;
    size_t size;
    int code;

    export->out = tb_open_text(&text, &size);
    code = tb_export_begin(export, format, error);
    for (size_t i = 0; !code && i < count; i++) {
        tb_auto(tb_document_finish) struct tb_document document;

        document_of(&kinds[i], &document);
        code = tb_export_add(export, &document, error);
    }
    if (!code)
        code = tb_export_end(export, error);
    tb_export_finish(export);
    (void)fclose(export->out);
    if (!code)
        return text;
    free(text);
    return NULL;
}

static const struct kind later = {"1123456789abcdef0123456789abcdef01234567",
                                  "2026-11-24T10:00:00Z", "vm", NULL, .factor = 2};

#endif
