#include "compare/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/era.h"
#include "stats/change_points.h"
#include "util/memory.h"
#include "util/names.h"

const char *const tb_confirmation_names[] = {"unconfirmed", "confirmed", "refuted", "inconclusive",
                                             "unbuilt"};

static int by_place(const void *left, const void *right)
{
    const struct tb_history_run *a = left, *b = right;
    int result = (a->commit > b->commit) - (a->commit < b->commit);

    if (!result)
        result = a->digest->dirty - b->digest->dirty;
    if (!result)
        result = strcmp(a->digest->started, b->digest->started);
    return result ? result : strcmp(a->path, b->path);
}

static int by_run(const void *left, const void *right)
{
    const struct tb_history_run *a = left, *b = right;
    int result = strcmp(a->digest->run_id, b->digest->run_id);

    if (!result)
        result = (a->digest->rounds < b->digest->rounds) - (a->digest->rounds > b->digest->rounds);
    return result ? result : strcmp(a->path, b->path);
}

size_t tb_history_sort(struct tb_history_run *runs, size_t count)
{
    size_t left = 0;

    if (!count)
        return 0;
    qsort(runs, count, sizeof *runs, by_run);
    for (size_t i = 0; i < count; i++) {
        const char *id = runs[i].digest->run_id;

        if (!left || !*id || strcmp(id, runs[left - 1].digest->run_id) != 0)
            runs[left++] = runs[i];
    }
    qsort(runs, left, sizeof *runs, by_place);
    return left;
}

/* Series while they are filled: found by the place of a case's name, and of its run's group. */
struct table {
    struct tb_history *history;
    const regex_t *filter; /* NULL: all */
    struct tb_names names;
    bool *chosen; /* at the places of the names */
    struct {
        const char *host, *setup;
        size_t *series; /* 1 + the place of that of a name; 0: none yet */
        size_t room;
    } * groups;
    size_t group_count;
};

static void table_finish(struct table *table)
{
    for (size_t i = 0; i < table->group_count; i++)
        free(table->groups[i].series);
    free(table->groups);
    free(table->chosen);
    tb_names_finish(&table->names);
}

/* The place of a name, which is matched once. */
static size_t name_of(struct table *table, const char *name)
{
    size_t count = table->names.count, at = tb_names_add(&table->names, name);

    if (at == count) {
        table->chosen = tb_grow(table->chosen, count + 1, sizeof *table->chosen);
        table->chosen[at] = !table->filter || regexec(table->filter, name, 0, NULL, 0) == 0;
    }
    return at;
}

/* What was run in the same way on the same host. Digests of one struct tb_texts have each text at
 * one address. */
static size_t group_of(struct table *table, const struct tb_digest *digest)
{
    size_t at = 0;

    while (at < table->group_count &&
           (table->groups[at].host != digest->host || table->groups[at].setup != digest->setup))
        at++;
    if (at == table->group_count) {
        table->groups = tb_grow(table->groups, at + 1, sizeof *table->groups);
        memset(&table->groups[at], 0, sizeof *table->groups);
        table->groups[at].host = digest->host;
        table->groups[at].setup = digest->setup;
        table->group_count++;
    }
    return at;
}

static struct tb_history_series *add_series(struct tb_history *history,
                                            const struct tb_digest *digest,
                                            const struct tb_digest_case *found)
{
    size_t count = history->count++;

    history->series = tb_room(history->series, count, sizeof *history->series);
    history->series[count] = (struct tb_history_series){
        .name = found->name,
        .unit = found->unit,
        .host = digest->host,
        .command = digest->command,
        .setup = digest->setup,
        .noise = NAN,
    };
    return &history->series[count];
}

/* NULL: the case was not chosen. */
static struct tb_history_series *series_of(struct table *table, size_t group,
                                           const struct tb_digest *digest,
                                           const struct tb_digest_case *found)
{
    size_t name = name_of(table, found->name);
    size_t room = table->groups[group].room, *places;

    if (!table->chosen[name])
        return NULL;
    if (name >= room) {
        size_t more = 2 * name + 16;

        places = tb_grow(table->groups[group].series, more, sizeof *places);
        memset(places + room, 0, (more - room) * sizeof *places);
        table->groups[group].series = places;
        table->groups[group].room = more;
    }
    places = table->groups[group].series;
    if (!places[name]) {
        (void)add_series(table->history, digest, found);
        places[name] = table->history->count;
    }
    return &table->history->series[places[name] - 1];
}

static void add_value(struct tb_history_series *series, size_t run, bool dirty,
                      const struct tb_digest_case *found)
{
    size_t count = series->count;

    if (found->outcome != TB_OK || !isfinite(found->value)) {
        series->failed++;
        return;
    }
    series->values = tb_room(series->values, count, sizeof *series->values);
    series->values[series->count++] = (struct tb_history_value){run, found};
    series->clean += !dirty;
}

static bool is_of_set(const struct tb_digest_case *found, const struct tb_history_demand *demand)
{
    return (found->core || !demand->core) && (found->standard || !demand->standard);
}

static void gather(struct tb_history *history, const struct tb_history_demand *demand)
{
    tb_auto(table_finish) struct table table = {.history = history, .filter = demand->filter};

    for (size_t i = 0; i < history->run_count; i++) {
        const struct tb_digest *digest = history->runs[i].digest;
        size_t group = group_of(&table, digest);

        for (size_t k = 0; k < digest->count; k++) {
            const struct tb_digest_case *found = &digest->cases[k];
            struct tb_history_series *series =
                is_of_set(found, demand) ? series_of(&table, group, digest, found) : NULL;

            if (series)
                add_value(series, i, digest->dirty, found);
        }
    }
}

static void add_split(struct tb_history_series *series, size_t at, const char *what)
{
    size_t count = series->split_count++;

    series->splits = tb_grow(series->splits, count + 1, sizeof *series->splits);
    series->splits[count] = (struct tb_history_split){at, what};
}

static void split(const struct tb_history *history, struct tb_history_series *series,
                  struct tb_origins *origins)
{
    struct tb_era era = {0};

    for (size_t i = 0; i < series->count; i++) {
        const struct tb_digest *digest = history->runs[series->values[i].run].digest;
        const struct tb_digest_case *found = series->values[i].found;
        const char *what = digest->dirty ? NULL : tb_era_enter(&era, origins, digest, found);

        if (!what)
            continue;
        add_split(series, i, what);
        era = (struct tb_era){0};
        (void)tb_era_enter(&era, origins, digest, found); /* into an empty one anything fits */
    }
}

bool tb_history_is_dirty(const struct tb_history *history, const struct tb_history_value *value)
{
    return history->runs[value->run].digest->dirty;
}

/* The values of a series between two splits that are looked at. */
struct part {
    struct tb_history_series *series;
    size_t *places; /* among the series' values */
    struct tb_run_value *values;
    size_t count;
};

/* Those that could show a change if all of alpha were theirs: a family, which shares it. */
struct parts {
    struct part *each;
    size_t count;
};

/* Whether a change in the midst of so many runs could be seen at all. It is the same for many. */
struct sight {
    double alpha;
    char *known; /* by the count of runs: 0: not asked yet */
    size_t room;
};

static void sight_finish(struct sight *sight)
{
    free(sight->known);
}

static bool can_see(struct sight *sight, size_t count)
{
    enum { no = 1, yes };
    size_t before = count / 2;

    if (count >= sight->room) {
        size_t room = 2 * count + 16;

        sight->known = tb_grow(sight->known, room, 1);
        memset(sight->known + sight->room, 0, room - sight->room);
        sight->room = room;
    }
    if (!sight->known[count])
        sight->known[count] =
            tb_change_points_possible(before, count - before, sight->alpha) ? yes : no;
    return sight->known[count] == yes;
}

static void part_finish(struct part *part)
{
    free(part->places);
    free(part->values);
}

static void parts_finish(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        part_finish(&parts->each[i]);
    free(parts->each);
}

static struct part part_of(const struct tb_history *history, struct tb_history_series *series,
                           size_t begin, size_t end)
{
    struct part part = {
        .series = series,
        .places = tb_alloc(end - begin, sizeof *part.places),
        .values = tb_alloc(end - begin, sizeof *part.values),
    };

    for (size_t i = begin; i < end; i++) {
        const struct tb_digest_case *found = series->values[i].found;

        if (tb_history_is_dirty(history, &series->values[i]))
            continue;
        part.places[part.count] = i;
        part.values[part.count++] =
            (struct tb_run_value){found->value, (found->high - found->low) / 2};
    }
    if (part.count > series->longest)
        series->longest = part.count;
    return part;
}

static void add_part(struct tb_history *history, struct tb_history_series *series, size_t begin,
                     size_t end, struct sight *sight, struct parts *parts)
{
    struct part part = part_of(history, series, begin, end);

    history->parts += part.count > 0;
    if (!can_see(sight, part.count)) {
        history->blind += part.count > 0;
        part_finish(&part);
        return;
    }
    parts->each = tb_room(parts->each, parts->count, sizeof *parts->each);
    parts->each[parts->count++] = part;
}

static void cut(struct tb_history *history, struct parts *parts)
{
    tb_auto(sight_finish) struct sight sight = {.alpha = history->alpha};

    for (size_t i = 0; i < history->count; i++) {
        struct tb_history_series *series = &history->series[i];
        size_t begin = 0;

        for (size_t k = 0; k < series->split_count; k++) {
            add_part(history, series, begin, series->splits[k].at, &sight, parts);
            begin = series->splits[k].at;
        }
        add_part(history, series, begin, series->count, &sight, parts);
    }
}

static size_t commit_of(const struct tb_history *history, const struct tb_history_series *series,
                        size_t value)
{
    return history->runs[series->values[value].run].commit;
}

static void add_change(const struct tb_history *history, const struct part *part,
                       const struct tb_change_point *point)
{
    struct tb_history_series *series = part->series;
    size_t count = series->change_count++, at = part->places[point->at];

    series->changes = tb_grow(series->changes, count + 1, sizeof *series->changes);
    series->changes[count] = (struct tb_history_change){
        .at = at,
        .first = part->places[point->first],
        .last = part->places[point->last],
        .ratio = point->ratio,
        .low = point->low,
        .high = point->high,
        .p = point->p,
        .old = commit_of(history, series, part->places[point->at - 1]),
        .new = commit_of(history, series, at),
        .earliest = commit_of(history, series, part->places[point->first - 1]),
        .latest = commit_of(history, series, part->places[point->last]),
        .again = NAN,
        .again_low = NAN,
        .again_high = NAN,
    };
}

static size_t needed_runs(struct sight *sight)
{
    enum { most = 1000 };
    size_t count = 1;

    while (count < most && !can_see(sight, count))
        count++;
    return count;
}

static void take_points(struct tb_history *history, const struct part *part,
                        struct tb_change_points *found)
{
    for (size_t i = 0; i < found->count; i++)
        add_change(history, part, &found->points[i]);
    history->changes += found->count;
    part->series->noise = fmax(part->series->noise, found->noise); /* which ignores a NaN */
    part->series->correlation = fmax(part->series->correlation, found->correlation);
    tb_change_points_finish(found);
}

/* What was found was seen, whatever was to be expected. If none is in the family, as long as all
 * are they share alpha. */
static void count_blind(struct tb_history *history, const struct parts *parts,
                        const struct tb_change_points *found, double share)
{
    size_t sharing = history->parts ? history->parts : 1;
    tb_auto(sight_finish) struct sight sight = {
        .alpha = parts->count ? share : history->alpha / (double)sharing};

    history->needed = needed_runs(&sight);
    for (size_t i = 0; i < parts->count; i++)
        history->blind += !found[i].count && !can_see(&sight, parts->each[i].count);
}

static void look(struct tb_history *history)
{
    tb_auto(parts_finish) struct parts parts = {0};
    tb_autofree struct tb_change_points *found = NULL;
    tb_autofree struct tb_runs *family = NULL;

    cut(history, &parts);
    found = tb_alloc(parts.count, sizeof *found);
    family = tb_alloc(parts.count, sizeof *family);
    for (size_t i = 0; i < parts.count; i++)
        family[i] = (struct tb_runs){parts.each[i].values, parts.each[i].count};
    tb_change_points_of_family(family, parts.count, history->alpha, found);
    count_blind(history, &parts, found,
                tb_change_points_share(family, parts.count, history->alpha));
    for (size_t i = 0; i < parts.count; i++)
        take_points(history, &parts.each[i], &found[i]);
}

struct tb_history tb_history_of(const struct tb_history_run *runs, size_t count,
                                const struct tb_history_demand *demand)
{
    struct tb_history history = {.runs = runs, .run_count = count, .alpha = demand->alpha};
    tb_auto(tb_origins_finish) struct tb_origins origins = {0};

    gather(&history, demand);
    for (size_t i = 0; i < history.count; i++)
        split(&history, &history.series[i], &origins);
    look(&history);
    return history;
}

void tb_history_finish(struct tb_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        struct tb_history_series *series = &history->series[i];

        for (size_t k = 0; k < series->change_count; k++)
            free(series->changes[k].remark);
        free(series->changes);
        free(series->splits);
        free(series->values);
    }
    free(history->series);
    *history = (struct tb_history){0};
}

static int by_size(const void *left, const void *right)
{
    const struct tb_history_finding *a = left, *b = right;
    double size = fabs(log(a->change->ratio)), other = fabs(log(b->change->ratio));

    if (size != other)
        return size < other ? 1 : -1;
    return strcmp(a->series->name, b->series->name);
}

struct tb_history_finding *tb_history_findings(const struct tb_history *history)
{
    struct tb_history_finding *all = tb_alloc(history->changes, sizeof *all);
    size_t count = 0;

    for (size_t i = 0; i < history->count; i++) {
        struct tb_history_series *series = &history->series[i];

        for (size_t k = 0; k < series->change_count; k++)
            all[count++] = (struct tb_history_finding){series, &series->changes[k]};
    }
    if (count)
        qsort(all, count, sizeof *all, by_size);
    return all;
}
