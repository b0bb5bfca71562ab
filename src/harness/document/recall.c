#include "document/recall.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static cJSON *copy_of(const cJSON *object, const char *path)
{
    return cJSON_Duplicate(tb_json_find(object, path), true); /* NULL for NULL */
}

/* Copies the members that are there and not null. */
static void take(cJSON *to, const cJSON *from, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, keys[i]);

        if (item && !cJSON_IsNull(item))
            tb_json_set(to, keys[i], cJSON_Duplicate(item, true));
    }
}

static enum tb_stop stop_of(const cJSON *ours)
{
    const char *name = tb_json_text(ours, "stopped_by");
    enum tb_stop stop = TB_STOP_ROUNDS;

    while (name && stop < TB_STOP_RUNNING && strcmp(name, tb_stop_names[stop]) != 0)
        stop++;
    return stop;
}

static int signal_of(const cJSON *ours)
{
    const char *name = tb_json_text(ours, "signal");
    int signal = name ? 1 : 0;

    while (name && signal < NSIG && !tb_same(sigabbrev_np(signal), name))
        signal++;
    return signal < NSIG ? signal : 0;
}

/* The parts of a case's phases are in its breakdown, once it has one. */
static void recall_parts(cJSON *item, const cJSON *phases)
{
    const cJSON *phase, *part;
    cJSON *parts = tb_json_set_array(item, "parts");

    tb_json_each(phase, phases) {
        tb_json_each(part, tb_json_find(phase, "parts")) {
            const char *name = tb_json_text(phase, "name");
            cJSON *copy = cJSON_IsObject(part) ? cJSON_Duplicate(part, true) : NULL;

            if (copy && name && !tb_json_text(copy, "phase"))
                tb_json_set_text(copy, "phase", name);
            tb_json_add(parts, copy);
        }
    }
}

/* A document has its phases' figures where a subject names them alone. */
static void recall_case(cJSON *item)
{
    const cJSON *listed = tb_json_find(item, "phases"), *phase;
    cJSON *names = cJSON_CreateArray();

    tb_json_each(phase, listed) {
        const char *name = tb_json_text(phase, "name");

        tb_json_add(names, cJSON_CreateString(name ? name : ""));
    }
    tb_json_set(item, "phases", names);
    recall_parts(item, tb_json_find(item, "breakdown.phases"));
}

static void recall_subject(struct tb_subject *subject, const cJSON *ours)
{
    static const char *const seen[] = {"loaded", "stderr", "without_effect"};
    static const char *const reported[] = {"clock",  "build",    "stacks_guarded_by",
                                           "python", "runtimes", "axes"};
    cJSON *item;

    subject->seen = cJSON_CreateObject();
    take(subject->seen, tb_json_find(ours, "subject"), seen, sizeof seen / sizeof *seen);
    take(subject->catalogue.root, ours, reported, sizeof reported / sizeof *reported);
    tb_json_each(item, tb_json_find(subject->catalogue.root, "cases"))
        recall_case(item);
}

/* What Google Benchmark tells of the machine, where nothing else does. */
static cJSON *host_of(const cJSON *context)
{
    cJSON *host = cJSON_CreateObject();

    tb_json_set_text(host, "name", tb_json_text(context, "host_name"));
    if (tb_json_find(context, "num_cpus"))
        tb_json_set_number(tb_json_set_object(host, "topology"), "pus",
                           tb_json_number(context, "num_cpus", 0));
    return host;
}

/* Documents of ab did not always say what was asked for: then it was the usual. */
static void recall_demand(struct tb_settings *settings, const cJSON *ours)
{
    settings->forced = tb_json_flag(ours, "forced");
    settings->metric = tb_metric_of(tb_json_text(ours, "metric"));
    if (!tb_json_find(ours, "alarm_alpha") && settings->look_share > 0 && settings->precision == 0)
        settings->alarm_alpha = TB_USUAL_ALPHA;
}

void tb_document_recall(struct tb_document *document)
{
    const cJSON *ours = tb_json_find(document->context, "threadbench");
    struct tb_result *result = &document->result;

    result->context = cJSON_Duplicate(document->context, true);
    result->host = ours ? copy_of(ours, "host") : host_of(document->context);
    if (!ours)
        return;
    result->before = copy_of(ours, "before");
    result->after = copy_of(ours, "after");
    result->stop = stop_of(ours);
    result->signal = signal_of(ours);
    document->settings.other_run = tb_json_text(ours, "other_run");
    document->settings.other_run_unknown = tb_json_text(ours, "other_run_unknown");
    recall_demand(&document->settings, ours);
    recall_subject(&document->subject, ours);
}
