#include "stats/fit.h"

#include <math.h>
#include <stdbool.h>

static double nothing(double x)
{
    (void)x; /* there is no growth */
    return 0;
}

static double itself(double x)
{
    return x;
}

static double log_above(double x)
{
    return log2(1 + x);
}

/* What a law is a line in: of some function of x, and of y or its logarithm. */
static const struct line {
    const char *formula;
    double (*of)(double x);
    bool logs;
    size_t parameters;
} lines[] = {
    {"a", nothing, false, 1},
    {"a + b*x", itself, false, 2},
    {"a + b*log2(1+x)", log_above, false, 2},
    {"a*x^b", log, true, 2},
};

/* A point as a line sees it. */
static struct tb_point seen_by(const struct line *line, const struct tb_point *point)
{
    return (struct tb_point){line->of(point->x), line->logs ? log(point->y) : point->y};
}

/* For off-by-a-share to count alike at each point; logarithms are shares already. */
static double weight_of(const struct line *line, const struct tb_point *point)
{
    return line->logs ? 1 : 1 / (point->y * point->y);
}

/* The line through the points' weighted middle that has the least squares. */
static struct tb_fit fit(const struct line *line, const struct tb_point *points, size_t count)
{
    struct tb_point middle = {0, 0};
    double weights = 0, across = 0, along = 0, slope;

    for (size_t i = 0; i < count; i++) {
        double weight = weight_of(line, &points[i]);
        struct tb_point seen = seen_by(line, &points[i]);

        weights += weight;
        middle.x += weight * seen.x;
        middle.y += weight * seen.y;
    }
    middle.x /= weights;
    middle.y /= weights;
    for (size_t i = 0; i < count; i++) {
        struct tb_point seen = seen_by(line, &points[i]);
        double off = weight_of(line, &points[i]) * (seen.x - middle.x);

        across += off * (seen.x - middle.x);
        along += off * (seen.y - middle.y);
    }
    slope = across > 0 ? along / across : 0;
    return (struct tb_fit){line->formula, middle.y - slope * middle.x, slope, NAN};
}

static double residual_of(const struct line *line, const struct tb_fit *law,
                          const struct tb_point *points, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        double y = law->a + law->b * line->of(points[i].x);
        double off = (line->logs ? exp(y) : y) / points[i].y - 1;

        sum += off * off;
    }
    return sqrt(sum / (double)(count - line->parameters));
}

struct tb_fit tb_fit(const struct tb_point *points, size_t count)
{
    struct tb_fit best = {NULL, NAN, NAN, NAN};

    for (size_t i = 0; i < count; i++) {
        if (!(points[i].y > 0))
            return best;
    }
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct tb_fit law = fit(&lines[i], points, count);

        law.residual = residual_of(&lines[i], &law, points, count);
        if (lines[i].logs)
            law.a = exp(law.a);
        if (isfinite(law.residual) && !(best.residual <= law.residual))
            best = law;
    }
    return best;
}

size_t tb_largest_step(const struct tb_point *points, size_t count)
{
    size_t largest = 0;
    double most = -1;

    for (size_t i = 0; i + 1 < count; i++) {
        double ratio = fabs(log(points[i + 1].y / points[i].y));

        if (ratio > most) {
            most = ratio;
            largest = i;
        }
    }
    return largest;
}
