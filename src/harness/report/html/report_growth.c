#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/scaling.h"
#include "report/html/report_parts.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* A scaling fit, and the case that it begins with. */
struct growth {
    const cJSON *item;
    const char *name, *axis, *runtime, *unit;
    const char *axis_unit; /* "" where it has none */
    char *point; /* the case without the runtime and the axis's value: what is swept; owned */
    struct tb_point *points; /* owned */
    size_t count;
};

struct growths {
    struct growth *each;
    size_t count;
};

static void growths_finish(struct growths *growths)
{
    for (size_t i = 0; i < growths->count; i++) {
        free(growths->each[i].point);
        free(growths->each[i].points);
    }
    free(growths->each);
}

/* "lifecycle/batch/alive:*\/cpu:free" of "lifecycle/batch/alive:10/cpu:free/posix" along alive. */
static char *point_of(const struct tb_case *spec, const char *axis)
{
    tb_autofree char *kept = tb_report_point_name(spec), *start = tb_print("/%s:", axis);
    const char *value = strstr(kept, start);

    if (!value)
        return tb_copy(kept);
    value += strlen(start);
    return tb_print("%.*s*%s", (int)(value - kept), kept, value + strcspn(value, "/"));
}

/* What the subject says that the axis's values are; "" where it does not. */
static const char *unit_of_axis(const struct tb_result *result, const char *name)
{
    const cJSON *axis;

    tb_json_each(axis, tb_json_find(result->subject->catalogue.root, "axes")) {
        const char *unit = tb_json_text(axis, "unit");

        if (tb_same(tb_json_text(axis, "name"), name) && unit)
            return unit;
    }
    return "";
}

static void add(struct growths *growths, const struct tb_result *result, const cJSON *item)
{
    const char *name = tb_json_text(item, "case"), *axis = tb_json_text(item, "axis");
    const struct tb_record *record = tb_result_find(result, name);
    struct growth *growth;
    const cJSON *points = tb_json_find(item, "points"), *point;

    if (!record || !axis)
        return;
    growths->each = tb_grow(growths->each, growths->count + 1, sizeof *growths->each);
    growth = &growths->each[growths->count++];
    *growth = (struct growth){
        .item = item,
        .name = name,
        .axis = axis,
        .runtime = record->spec->runtime,
        .unit = record->spec->unit,
        .axis_unit = unit_of_axis(result, axis),
        .point = point_of(record->spec, axis),
        .points = tb_alloc((size_t)cJSON_GetArraySize(points), sizeof *growth->points),
    };
    tb_json_each(point, points)
        growth->points[growth->count++] = (struct tb_point){tb_json_number(point, "x", NAN),
                                                            tb_json_number(point, "value_ns", NAN)};
}

/* What the formula gives at x; NaN where there is none. */
static double fitted(const cJSON *item, double x)
{
    const char *formula = tb_json_text(item, "formula");
    double a = tb_json_number(item, "a", NAN), b = tb_json_number(item, "b", NAN);

    if (tb_same(formula, "a"))
        return a;
    if (tb_same(formula, "a + b*x"))
        return a + b * x;
    if (tb_same(formula, "a + b*log2(1+x)"))
        return a + b * log2(1 + x);
    return tb_same(formula, "a*x^b") ? a * pow(x, b) : NAN;
}

enum { SMOOTH = 48 };

/* The axes of a figure. Along x there is a place for 0 besides, where the axis is of logarithms. */
struct axes {
    struct tb_ruler x, y;
    double zero; /* NaN: it has none */
};

static double placed(const struct axes *axes, double x)
{
    return x == 0 && isfinite(axes->zero) ? axes->zero : x;
}

/* The fit between the first point and the last; returns how many points. */
static size_t trace(const struct growth *growth, const struct axes *axes,
                    struct tb_point *ret_points)
{
    double first = placed(axes, growth->points[0].x);
    double last = growth->points[growth->count - 1].x;
    size_t count = 0;

    for (size_t i = 0; i < SMOOTH; i++) {
        double place = (double)i / (SMOOTH - 1);
        double x = axes->x.log ? first * pow(last / first, place) : first + (last - first) * place;
        double y = fitted(growth->item, x == axes->zero ? 0 : x);

        if (y > 0) /* the axis is of logarithms */
            ret_points[count++] = (struct tb_point){x, y};
    }
    return count;
}

/* Some growths that differ in their runtimes alone. */
struct sweep {
    const struct growth *each[TB_HUES];
    size_t count;
    bool continued; /* another has the first ones */
};

static bool is_along(const struct growth *a, const struct growth *b)
{
    return !strcmp(a->point, b->point) && !strcmp(a->axis, b->axis) && !strcmp(a->unit, b->unit);
}

/* Those with the one at `first`, as many as there are hues; none where an earlier sweep has it. */
static struct sweep sweep_of(const struct growths *growths, size_t first)
{
    struct sweep sweep = {.count = 0};
    size_t before = 0;

    for (size_t i = 0; i < first; i++)
        before += is_along(&growths->each[i], &growths->each[first]);
    sweep.continued = before > 0;
    for (size_t i = first; before % TB_HUES == 0 && i < growths->count; i++) {
        if (is_along(&growths->each[i], &growths->each[first]) && sweep.count < TB_HUES)
            sweep.each[sweep.count++] = &growths->each[i];
    }
    return sweep;
}

/* How far the points of a sweep reach. */
struct reach {
    double least, most, least_positive; /* of x */
    double low, high;                   /* of y */
};

static struct reach reach_of(const struct sweep *sweep)
{
    struct reach reach = {INFINITY, -INFINITY, INFINITY, INFINITY, -INFINITY};

    for (size_t i = 0; i < sweep->count; i++) {
        for (size_t k = 0; k < sweep->each[i]->count; k++) {
            const struct tb_point *point = &sweep->each[i]->points[k];

            reach.least = fmin(reach.least, point->x);
            reach.most = fmax(reach.most, point->x);
            reach.low = fmin(reach.low, point->y);
            reach.high = fmax(reach.high, point->y);
            if (point->x > 0)
                reach.least_positive = fmin(reach.least_positive, point->x);
        }
    }
    return reach;
}

/* Its tick takes the place of those below the least value, of which there is one at least. */
static void set_zero(struct axes *axes, double least)
{
    struct tb_ruler *x = &axes->x;
    size_t below = 0;

    while (below < x->count && x->ticks[below].at < least)
        below++;
    if (!below)
        below = 1; /* rather than none */
    x->count -= below - 1;
    memmove(&x->ticks[1], &x->ticks[below], (x->count - 1) * sizeof *x->ticks);
    x->ticks[0] = (struct tb_tick){axes->zero, "0"};
}

/* 0 stands a step to the left of what a logarithm can show. */
static struct axes axes_of(const struct sweep *sweep)
{
    const struct reach reach = reach_of(sweep);
    bool zero = reach.least == 0 && reach.least_positive < reach.most;
    struct axes axes = {.zero = zero ? reach.least_positive / 4 : NAN};

    if (zero || reach.least > 0)
        axes.x = tb_ruler((zero ? axes.zero : reach.least) / 1.2, reach.most * 1.2, true);
    else
        axes.x = tb_ruler(reach.least, reach.most + 0.05 * (reach.most - reach.least), false);
    axes.y = tb_ruler(reach.low / 1.25, reach.high * 1.25, true);
    tb_ruler_name(&axes.x, sweep->each[0]->axis_unit);
    tb_ruler_name(&axes.y, sweep->each[0]->unit);
    if (!zero || !axes.x.count)
        return axes;
    set_zero(&axes, reach.least_positive);
    return axes;
}

static size_t points_of(const struct sweep *sweep)
{
    size_t count = 0;

    for (size_t i = 0; i < sweep->count; i++)
        count += sweep->each[i]->count;
    return count;
}

static void put_plot(struct tb_writing *writing, const struct sweep *sweep)
{
    struct tb_point traced[TB_HUES][SMOOTH];
    struct tb_curve curves[2 * TB_HUES];
    const struct growth *first = sweep->each[0];
    const struct axes axes = axes_of(sweep);
    tb_autofree struct tb_point *dots = tb_alloc(points_of(sweep), sizeof *dots);
    struct tb_point *next = dots;
    tb_autofree char *file = tb_report_file_name("scaling", first->point);
    tb_autofree char *title = tb_print("%s along %s", first->point, first->axis);
    tb_autofree char *caption =
        tb_print("along %s, %s logarithmic; lines: the nearest curve, broken where none fits",
                 first->axis, axes.x.log ? "both axes" : "the upright axis");

    if (!axes.x.count || !axes.y.count)
        return;
    for (size_t i = 0; i < sweep->count; i++) {
        const struct growth *growth = sweep->each[i];
        bool fits = tb_json_flag(growth->item, "fits");

        curves[2 * i] = (struct tb_curve){next, growth->count, i, TB_STROKE_POINTS};
        for (size_t k = 0; k < growth->count; k++)
            *next++ = (struct tb_point){placed(&axes, growth->points[k].x), growth->points[k].y};
        curves[2 * i + 1] = (struct tb_curve){traced[i], trace(growth, &axes, traced[i]), i,
                                              fits ? TB_STROKE_LINE : TB_STROKE_DASHED};
    }
    tb_plots_add(writing->plots, writing->html->out,
                 &(struct tb_plot){.name = file,
                                   .title = title,
                                   .caption = caption,
                                   .x = axes.x,
                                   .y = axes.y,
                                   .curves = curves,
                                   .count = 2 * sweep->count});
}

static const char *label_of(const struct growth *growth)
{
    return growth->runtime ? growth->runtime : "all";
}

static void put_legend(struct tb_writing *writing, const struct sweep *sweep)
{
    tb_html_put(writing->html, "<ul class=\"legend\">");
    for (size_t i = 0; i < sweep->count; i++)
        tb_html_put(writing->html, "<li><i class=\"h%zu\"></i> %s</li>", i + 1,
                    label_of(sweep->each[i]));
    tb_html_put(writing->html, "</ul>\n");
}

/* "no curve fits: the largest step is 3-fold, after 64"; the caller's. */
static char *remark_of(const cJSON *item)
{
    if (tb_json_flag(item, "fits"))
        return tb_copy("");
    return tb_print("no curve fits; the largest step is %.3g-fold, after %g",
                    tb_json_number(item, "step_ratio", NAN),
                    tb_json_number(item, "step_after", NAN));
}

static void put_fits(struct tb_writing *writing, const struct sweep *sweep)
{
    static const struct tb_html_column columns[] = {{"runtime"}, {"nearest curve"}, {"a", true},
                                                    {"b", true}, {"off by", true},  {"remark"}};

    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < sweep->count; i++) {
        const cJSON *item = sweep->each[i]->item;
        double a = tb_json_number(item, "a", NAN), b = tb_json_number(item, "b", NAN);
        double off = tb_json_number(item, "residual", NAN);
        tb_autofree char *remark = remark_of(item);
        const char *formula = tb_json_text(item, "formula");

        tb_html_row(writing->html, sweep->each[i]->name, TB_HTML_PLAIN);
        tb_html_row_name(writing->html, "%s", label_of(sweep->each[i]));
        tb_html_cell(writing->html, "<code>%s</code>", formula ? formula : "none");
        tb_html_number(writing->html, a, "%s", tb_text_print(isfinite(a), "%.4g", a).text);
        tb_html_number(writing->html, b, "%s", tb_text_print(isfinite(b), "%.3g", b).text);
        tb_html_number(writing->html, off, "%s", tb_text_percent(off).text);
        tb_html_cell(writing->html, "<small>%s</small>", remark);
    }
    tb_html_table_end(writing->html);
}

static void put_points(struct tb_writing *writing, const struct sweep *sweep)
{
    const struct tb_html_column columns[] = {
        {"runtime"}, {sweep->each[0]->axis, true}, {"value", true}, {"curve", true}};

    tb_html_details(writing->html, "Points");
    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < sweep->count; i++) {
        const struct growth *growth = sweep->each[i];

        for (size_t k = 0; k < growth->count; k++) {
            double x = growth->points[k].x, y = growth->points[k].y, fit = fitted(growth->item, x);

            tb_html_row(writing->html, NULL, TB_HTML_PLAIN);
            tb_html_row_name(writing->html, "%s", label_of(growth));
            tb_html_number(writing->html, x, "%s", tb_text_print(true, "%.7g", x).text);
            tb_html_number(writing->html, y, "%s",
                           tb_text_value(&writing->text, growth->unit, y).text);
            tb_html_number(writing->html, fit, "%s",
                           tb_text_value(&writing->text, growth->unit, fit).text);
        }
    }
    tb_html_table_end(writing->html);
    tb_html_details_end(writing->html);
}

static void put_sweep(struct tb_writing *writing, const struct sweep *sweep, const char *label)
{
    const struct growth *first = sweep->each[0];

    tb_html_block(writing->html, first->name, TB_HTML_PLAIN);
    tb_html_put(writing->html, "<h3>%s along %s%s%s%s</h3>\n", first->point, first->axis,
                label ? ", " : "", label, sweep->continued ? ", continued" : "");
    put_legend(writing, sweep);
    tb_html_put(writing->html, "<div class=\"figures\">");
    put_plot(writing, sweep);
    tb_html_put(writing->html, "<div class=\"beside\">\n");
    put_fits(writing, sweep);
    put_points(writing, sweep);
    tb_html_put(writing->html, "</div></div>\n");
    tb_html_block_end(writing->html);
}

enum { few = 12 }; /* fits, which are all open */

/* Whether both are of one family: what a name begins with. */
static bool is_kin(const char *name, const char *other)
{
    size_t size = strcspn(name, "/");

    return size == strcspn(other, "/") && !strncmp(name, other, size);
}

/* Family by family, where there are more than a few. */
static void put_sweeps(struct tb_writing *writing, const struct growths *growths, const char *label)
{
    const char *last = NULL;

    for (size_t i = 0; i < growths->count; i++) {
        const struct sweep sweep = sweep_of(growths, i);
        const char *name = growths->each[i].name;

        if (!sweep.count)
            continue;
        if (growths->count > few && (!last || !is_kin(last, name))) {
            tb_autofree char *family = tb_copy_part(name, strcspn(name, "/"));

            if (last)
                tb_html_group_end(writing->html);
            tb_html_group(writing->html, false, family, label);
            last = name;
        }
        put_sweep(writing, &sweep, label);
    }
    if (last)
        tb_html_group_end(writing->html);
}

static void put_result(struct tb_writing *writing, const struct tb_result *result, bool *begun)
{
    tb_autojson cJSON *list = tb_scaling(result);
    tb_auto(growths_finish) struct growths growths = {0};
    const cJSON *item;

    tb_json_each(item, list)
        add(&growths, result, item);
    if (growths.count && !*begun)
        tb_report_section(writing, "growth", "How costs grow");
    *begun |= growths.count > 0;
    put_sweeps(writing, &growths, result->subject->label);
}

void tb_report_growth(struct tb_writing *writing)
{
    bool begun = false;

    for (size_t i = 0; i < writing->view->count; i++) {
        const struct tb_side *side = &writing->view->sides[i];

        if (side->count == 1)
            put_result(writing, side->results[0], &begun);
    }
}
