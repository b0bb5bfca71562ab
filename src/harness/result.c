#include "result.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

void tb_result_init(struct tb_result *result, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles)
{
    *result = (struct tb_result){.catalogue = catalogue};
    result->records = tb_alloc(catalogue->count, sizeof *result->records);
    for (size_t i = 0; i < catalogue->count; i++) {
        if (roles[i] != TB_LEFT_OUT)
            result->records[result->count++] =
                (struct tb_record){.spec = &catalogue->cases[i], .role = roles[i]};
    }
}

static void record_finish(struct tb_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        cJSON_Delete(record->repetitions[i].entry);
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_finish(&record->pooled[i]);
    free(record->repetitions);
    free(record->reason);
}

void tb_result_finish(struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        record_finish(&result->records[i]);
    free(result->records);
    cJSON_Delete(result->host);
    cJSON_Delete(result->before);
    cJSON_Delete(result->after);
    cJSON_Delete(result->context);
    *result = (struct tb_result){0};
}

void tb_record_add(struct tb_record *record, const struct tb_repetition *repetition,
                   const struct tb_series *series)
{
    record->repetitions =
        tb_grow(record->repetitions, record->count + 1, sizeof *record->repetitions);
    record->repetitions[record->count++] = *repetition;
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_add(&record->pooled[i], &series->histograms[i]);
}

void tb_record_end(struct tb_record *record, enum tb_outcome outcome, const char *reason)
{
    record->outcome = outcome;
    free(record->reason);
    record->reason = tb_copy(reason);
}

const struct tb_record *tb_result_find(const struct tb_result *result, const char *name)
{
    for (size_t i = 0; name && i < result->count; i++) {
        if (!strcmp(result->records[i].spec->name, name))
            return &result->records[i];
    }
    return NULL;
}

bool tb_result_failed(const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (result->records[i].outcome == TB_FAILED)
            return true;
    }
    return false;
}
