#include "prune.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "memory.h"
#include "stored.h"
#include "words.h"

void tb_kept_finish(struct tb_kept *kept)
{
    free(kept->damage);
    free(kept->program);
    tb_words_free(kept->cases);
    *kept = (struct tb_kept){0};
}

/* The first word alone may be taskset or env; other programs' files have no more. */
static char *program_of(const cJSON *context)
{
    const cJSON *argv = tb_json_find(context, "threadbench.subject.argv");

    return argv ? cJSON_PrintUnformatted(argv) : tb_copy(tb_json_text(context, "executable"));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **cases_of(const struct tb_result *result)
{
    char **cases = tb_alloc(result->count + 1, sizeof *cases);
    size_t count = 0;

    for (size_t i = 0; i < result->count; i++) {
        if (result->records[i].count)
            cases[count++] = tb_copy(result->records[i].spec->name);
    }
    qsort(cases, count, sizeof *cases, by_text);
    return cases;
}

static void examine(struct tb_kept *kept)
{
    struct tb_stored stored;
    struct tb_error why;

    if (tb_stored_verify(kept->entry->path, &stored, &why)) {
        kept->damage = tb_copy(why.text);
        return;
    }
    kept->program = program_of(stored.context);
    kept->cases = cases_of(&stored.result);
    kept->rounds = stored.result.finished_rounds;
    kept->whole = !*tb_stored_state(stored.context);
    tb_stored_finish(&stored);
}

/* By time; of one run, which may have been continued, by how far it came. */
static int newest_first(const void *left, const void *right)
{
    const struct tb_kept *a = left, *b = right;
    int order = strcmp(b->entry->time, a->entry->time);

    if (!order)
        order = (b->rounds > a->rounds) - (b->rounds < a->rounds);
    return order ? order : strcmp(b->entry->path, a->entry->path);
}

/* Whether each of `some` is among `all`; both are sorted. */
static bool has_all(char *const *all, char *const *some)
{
    for (; *some; some++, all++) {
        while (*all && strcmp(*all, *some) < 0)
            all++;
        if (!*all || strcmp(*all, *some) != 0)
            return false;
    }
    return true;
}

static bool replaces(const struct tb_kept *newer, const struct tb_kept *one)
{
    return newer->whole && tb_same(newer->entry->label, one->entry->label) &&
           tb_same(newer->program, one->program) && has_all(newer->cases, one->cases);
}

/* By those before it, which are newer and have been judged. What replaces a document replaces all
 * that it replaces itself: so what is spare may count. */
static void judge(struct tb_kept *all, size_t index, uint64_t keep)
{
    struct tb_kept *one = &all[index];
    uint64_t newer = 0;

    one->spare = !one->damage && !keep;
    for (size_t i = index; !one->damage && !one->spare && i-- > 0;) {
        if (!replaces(&all[i], one))
            continue;
        one->superseded = !strcmp(all[i].entry->run_id, one->entry->run_id);
        newer += !all[i].superseded;
        one->spare = one->superseded || newer >= keep;
    }
}

void tb_prune(struct tb_kept *all, size_t count, uint64_t keep)
{
    for (size_t i = 0; i < count; i++)
        examine(&all[i]);
    qsort(all, count, sizeof *all, newest_first);
    for (size_t i = 0; i < count; i++)
        judge(all, i, keep);
}
