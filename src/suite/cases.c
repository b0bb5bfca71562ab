#include "cases.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct tb_bench_case *cases; /* NULL: only count */
    size_t count;
    int err;
};

/* Appends at *used what fits; beyond the end it keeps counting and writes nothing. Every worker
 * writes the names of all cases before it finds its own: by snprintf that took longer than a short
 * series. */
static void append(char *text, size_t size, size_t *used, const char *what)
{
    size_t length = strlen(what);

    if (*used + length < size)
        memcpy(text + *used, what, length + 1);
    *used += length;
}

static void append_value(char *text, size_t size, size_t *used, const struct tb_axis *axis,
                         int64_t value)
{
    char number[24] = "";

    if (!axis->labels)
        (void)snprintf(number, sizeof(number), "%" PRId64, value); /* 20 characters at most */
    append(text, size, used, "/");
    append(text, size, used, axis->name);
    append(text, size, used, ":");
    append(text, size, used, axis->labels ? axis->labels[value] : number);
}

/* "/axis:value…", the part of a name between its measure and its runtime; returns its full length.
 */
static size_t write_point(const struct tb_bench_case *c, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++)
        if (c->values[i])
            append_value(text, size, &used, c->bench->sweeps[i].axis, c->values[i]);
    return used;
}

static bool picked(const char *const *picks, const char *point)
{
    for (size_t i = 0; i < TB_MAX_PICKS && picks[i]; i++)
        if (!strcmp(picks[i], point))
            return true;
    return false;
}

static unsigned kinds_of(unsigned named)
{
    return named ? named : TB_THREADS;
}

static bool is_compared(const struct tb_bench_case *c, const char *point)
{
    const struct tb_alternatives *set = &c->bench->alternatives;

    return c->runtime && set->thread && picked(set->points, point) &&
           (kinds_of(c->runtime->kind) != TB_THREADS || !strcmp(c->runtime->name, set->thread));
}

static int complete(struct tb_bench_case *c)
{
    char point[sizeof(c->name)];
    size_t length = write_point(c, point, sizeof(point));
    const char *tail = point[0] ? point + 1 : point;

    if (length < sizeof(point))
        c->alternatives = is_compared(c, tail);
    if (c->runtime) {
        append(point, sizeof(point), &length, "/");
        append(point, sizeof(point), &length, c->runtime->name);
    }
    if (strlen(c->bench->name) + length >= sizeof(c->name))
        return ENAMETOOLONG;
    (void)strcpy(stpcpy(c->name, c->bench->name), point);
    c->core = picked(c->bench->core, tail);
    if (c->bench->parts_case && !strcmp(c->bench->parts_case, tail))
        c->parts = c->bench->parts;
    c->standard |= c->core || picked(c->bench->standard, tail);
    c->card = picked(c->bench->card_cases, tail) ? c->bench->card : NULL;
    return 0;
}

static void add_case(struct list *list, struct tb_bench_case c)
{
    if (list->cases && !list->err) {
        list->err = complete(&c);
        list->cases[list->count] = c;
    }
    list->count++;
}

static void add_points(struct list *list, struct tb_bench_case base)
{
    for (size_t i = 0; i < TB_MAX_AXES && base.bench->sweeps[i].axis; i++)
        base.values[i] = base.bench->sweeps[i].values[0];
    base.standard = true;
    add_case(list, base);
    base.standard = false;
    for (size_t i = 0; i < TB_MAX_AXES && base.bench->sweeps[i].axis; i++) {
        struct tb_bench_case moved = base;

        for (int k = 1; k < base.bench->sweeps[i].count; k++) {
            moved.values[i] = base.bench->sweeps[i].values[k];
            add_case(list, moved);
        }
    }
}

static const struct tb_bench_case *counterpart(const struct list *list, size_t first,
                                               const struct tb_bench_case *c,
                                               enum tb_runtime_role role)
{
    if (!c->runtime || c->runtime->role != TB_ROLE_ORDINARY)
        return NULL;
    for (size_t i = first; i < list->count; i++) {
        const struct tb_bench_case *other = &list->cases[i];

        if (other->runtime->role == role && tb_runtime_can(other->runtime, c->bench->needs) &&
            !memcmp(other->values, c->values, sizeof(c->values)))
            return other;
    }
    return NULL;
}

/* The case of that runtime at these values, of those from `first` on. */
static const struct tb_bench_case *at_values(const struct list *list, size_t first,
                                             const char *runtime, const int64_t *values)
{
    for (size_t i = first; i < list->count; i++)
        if (!strcmp(list->cases[i].runtime->name, runtime) &&
            !memcmp(list->cases[i].values, values, sizeof(list->cases[i].values)))
            return &list->cases[i];
    return NULL;
}

/* What the case, whose runtime makes no thread, is set against. */
static void find_thread(const struct list *list, size_t first, struct tb_bench_case *c)
{
    const struct tb_alternatives *set = &c->bench->alternatives;
    int64_t values[TB_MAX_AXES];

    if (!set->thread || kinds_of(c->runtime->kind) == TB_THREADS)
        return;
    memcpy(values, c->values, sizeof(values));
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++)
        if (c->bench->sweeps[i].axis == set->length)
            values[i] = 0;
    c->thread = at_values(list, first, set->thread, c->values);
    c->empty = at_values(list, first, c->runtime->name, values);
}

/* The cases of one benchmark, which are those from `first` on. */
static void find_counterparts(struct list *list, size_t first)
{
    for (size_t i = first; list->cases && i < list->count; i++) {
        struct tb_bench_case *c = &list->cases[i];

        c->floor = counterpart(list, first, c, TB_ROLE_FLOOR);
        c->overhead = counterpart(list, first, c, TB_ROLE_OVERHEAD);
        find_thread(list, first, c);
    }
}

static void add_bench(struct list *list, const struct tb_family *family,
                      const struct tb_bench *bench)
{
    struct tb_bench_case base = {.family = family, .bench = bench};
    size_t first = list->count;

    if (bench->threadless) {
        add_points(list, base);
        return;
    }
    for (size_t i = 0; tb_runtimes[i]; i++) {
        base.runtime = tb_runtimes[i];
        if (kinds_of(bench->kinds) & kinds_of(base.runtime->kind))
            add_points(list, base);
    }
    find_counterparts(list, first);
}

static bool is_of_bench(const char *name, const char *bench)
{
    size_t length = strlen(bench);

    return !strncmp(name, bench, length) && name[length] == '/';
}

static void add_all(struct list *list, const char *name)
{
    for (const struct tb_family *family = tb_families; family->name; family++)
        for (const struct tb_bench *bench = family->benches; bench->name; bench++)
            if (!name || is_of_bench(name, bench->name))
                add_bench(list, family, bench);
}

int tb_bench_cases_create(const char *name, struct tb_bench_case **ret_cases, size_t *ret_count)
{
    struct list list = {0};
    size_t room;

    add_all(&list, name);
    room = list.count;
    list = (struct list){.cases = calloc(room ? room : 1, sizeof(*list.cases))};
    if (!list.cases)
        return ENOMEM;
    add_all(&list, name);
    if (list.err) {
        free(list.cases);
        return list.err;
    }
    *ret_cases = list.cases;
    *ret_count = list.count;
    return 0;
}

int64_t tb_bench_case_value(const struct tb_bench_case *c, const struct tb_axis *axis)
{
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++)
        if (c->bench->sweeps[i].axis == axis)
            return c->values[i];
    return 0;
}

int64_t tb_bench_case_max_samples(const struct tb_bench_case *c)
{
    int64_t least = 0;

    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;
        int64_t most = axis->max_samples ? axis->max_samples(c->values[i]) : 0;

        if (most && (!least || most < least))
            least = most;
    }
    return least;
}

bool tb_bench_case_fresh(const struct tb_bench_case *c)
{
    if (c->runtime && c->runtime->lasting)
        return true;
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->fresh && axis->fresh(c->values[i]))
            return true;
    }
    return false;
}

bool tb_bench_case_lasts(const struct tb_bench_case *c)
{
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->lasts && axis->lasts(c->values[i]))
            return true;
    }
    return false;
}

static bool is_of_a_phase(const struct tb_bench *bench)
{
    for (size_t i = 0; bench->statistic && i < TB_MAX_PHASES && bench->phases[i]; i++)
        if (!strncmp(bench->statistic, bench->phases[i], strlen(bench->phases[i])))
            return true;
    return false;
}

size_t tb_bench_phases(const struct tb_bench *bench)
{
    size_t count = 0;

    while (count < TB_MAX_PHASES && bench->phases[count])
        count++;
    return count;
}

/* An axis knows only the statistics of whole samples. */
const char *tb_bench_case_statistic(const struct tb_bench_case *c)
{
    if (is_of_a_phase(c->bench))
        return c->bench->statistic;
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->statistic && axis->statistic(c->values[i]))
            return axis->statistic(c->values[i]);
    }
    return c->bench->statistic ? c->bench->statistic : "p50";
}

void tb_bench_case_registered_name(const struct tb_bench_case *c, char *name, size_t size)
{
    int64_t most = tb_bench_case_max_samples(c);

    if (most)
        (void)snprintf(name, size, "%s/iterations:%" PRId64 "/manual_time", c->name, most);
    else
        (void)snprintf(name, size, "%s/manual_time", c->name);
}

const char *tb_bench_case_preload(const struct tb_bench_case *c, char *name, size_t size)
{
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->preload && axis->preload(c->values[i], name, size))
            return name;
    }
    return NULL;
}

static const char *missing_ability(unsigned lacking)
{
    static const struct {
        unsigned ability;
        const char *what;
    } abilities[] = {
        {TB_RUNS, "it runs no task"},
        {TB_RUNS_LIBC, "its task may not call libc"},
        {TB_STACK_SIZE, "the size of a stack cannot be chosen"},
        {TB_OWN_STACK, "it does not make the stack itself"},
        {TB_KEYS, "it has no keys for thread-local storage"},
        {TB_DETACHES, "it cannot detach a thread"},
        {TB_ATTRIBUTES, "it has no attributes to create a thread with"},
        {TB_CREATES_DETACHED, "it creates no thread detached"},
        {TB_GIVEN_STACK, "it takes no stack from its caller"},
        {TB_RUNS_ON_CALLER, "the caller does not run its task"},
        {TB_SWITCHES, "its task cannot be left and resumed"},
    };

    for (size_t i = 0; i < sizeof(abilities) / sizeof(abilities[0]); i++)
        if (lacking & abilities[i].ability)
            return abilities[i].what;
    return "an ability is missing";
}

bool tb_bench_case_unavailable(const struct tb_bench_case *c, char *reason, size_t size)
{
    const char *why = NULL;

    if (!c->runtime)
        return false;
    if (c->runtime->unavailable)
        why = c->runtime->unavailable();
    if (!why && !tb_runtime_can(c->runtime, c->bench->needs))
        why = missing_ability(c->bench->needs & ~c->runtime->can);
    if (why)
        (void)snprintf(reason, size, "%s: %s", c->runtime->name, why);
    return why != NULL;
}
