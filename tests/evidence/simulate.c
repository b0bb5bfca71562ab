/*
 * How often verdicts are wrong, and what they can see, by simulation: the very functions that the
 * commands use, on pairs of which the truth is known. docs/evidence/verdicts.md quotes it.
 *
 * usage: simulate [coverage | alarms | power | tail]    each takes less than a minute
 *
 * A session is that of `threadbench ab`: twelve cases, looks as run/stopping.h plans them for a
 * budget of 120 rounds, a case with a verdict is measured no further.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/stopping.h"
#include "stats/shuffle.h"
#include "stats/verdict.h"

enum { CASES = 12, MOST = 120, SHOWN = 5 };

/* Rounds after which it is told what was found. */
static const size_t shown[SHOWN] = {20, 27, 41, 74, MOST};

/* Of alpha, a thousandth: without the tails' share. */
static const double alpha = 0.0008;

static uint64_t state = 1;

/* Between 0 and 1, neither included. */
static double uniform(void)
{
    return ((double)(tb_random(&state) >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* What the logarithms of the ratios are drawn from; the median of each is 0. */
static double lognormal(void)
{
    return exp(normal()) - 1;
}

static double pareto(void)
{
    return pow(uniform(), -1 / 1.5) - pow(0.5, -1 / 1.5);
}

static double cauchy(void)
{
    return tan(M_PI * (uniform() - 0.5));
}

/* How often another process disturbs one side or the other of a pair, and by how much. */
struct noise {
    const char *name;
    double share, off;
};

static const struct noise noises[] = {
    {"none", 0, 0}, {"1 in 50, 30 %", 0.02, 0.3}, {"1 in 5, 20 %", 0.2, 0.2}};

static double disturbed(const struct noise *noise, double deviation)
{
    double off = uniform() < noise->share ? log1p(noise->off) : 0;

    return deviation * normal() + (uniform() < 0.5 ? off : -off);
}

/* Values whose neighbours correlate by r, as the rounds of a machine that changes slowly. */
static void draw_chain(double *new, size_t count, double r)
{
    double last = normal();

    for (size_t i = 0; i < count; i++) {
        new[i] = exp(0.03 * last);
        last = r * last + sqrt(1 - r * r) * normal();
    }
}

static void fill(double *values, size_t count, double value)
{
    for (size_t i = 0; i < count; i++)
        values[i] = value;
}

/* The share of 95 % intervals that hold the truth; r is NaN for independent ones of `draw`. */
static double coverage(double (*draw)(void), double r, size_t count)
{
    enum { trials = 20000 };
    double old[MOST], new[MOST];
    size_t covered = 0;

    fill(old, MOST, 1);
    for (size_t t = 0; t < trials; t++) {
        struct tb_effect effect;

        if (draw)
            for (size_t i = 0; i < count; i++)
                new[i] = exp(0.01 * draw());
        else
            draw_chain(new, count, r);
        effect = tb_effect_of_pairs(old, new, count, 0);
        covered += effect.low <= 1 && 1 <= effect.high;
    }
    return 100.0 * (double)covered / trials;
}

static const double chains[] = {0, 0.1, 0.2, 0.3, 0.5};

static void simulate_coverage(void)
{
    static const struct {
        const char *name;
        double (*draw)(void);
    } shapes[] = {
        {"normal", normal}, {"lognormal", lognormal}, {"Pareto, 1.5", pareto}, {"Cauchy", cauchy}};
    static const size_t counts[] = {15, 30, 74};

    puts("coverage of the 95 % interval, per cent of 20,000; pairs:   15     30     74");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        printf("  %-53s", shapes[i].name);
        for (size_t k = 0; k < 3; k++)
            printf("%7.2f", coverage(shapes[i].draw, NAN, counts[k]));
        putchar('\n');
    }
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        printf("  rounds that correlate by %.1f                          ", chains[i]);
        for (size_t k = 0; k < 3; k++)
            printf("%7.2f", coverage(NULL, chains[i], counts[k]));
        putchar('\n');
    }
}

/* A session's pairs and what became of them. */
struct session {
    size_t count; /* of cases */
    double old[MOST], new[CASES][MOST];
    size_t pairs[CASES]; /* measured so far */
    struct tb_effect effects[CASES];
    enum tb_verdict verdicts[CASES];
    struct tb_looks looks;
};

static void begin(struct session *session)
{
    memset(session->verdicts, 0, sizeof session->verdicts);
    session->looks = (struct tb_looks){.alpha = 0.001 / (double)session->count};
}

/* After a round: false where all is decided. */
static bool finish_round(struct session *session, size_t rounds, double margin)
{
    double share = tb_looks_take(&session->looks, (double)rounds / MOST, (unsigned)rounds);
    bool open = false;

    if (!(share > 0))
        return true;
    for (size_t i = 0; i < session->count; i++) {
        if (session->verdicts[i] == TB_INCONCLUSIVE)
            session->pairs[i] = rounds;
        session->effects[i] =
            tb_effect_of_pairs(session->old, session->new[i], session->pairs[i], margin);
    }
    tb_judge(session->effects, session->count, &(struct tb_rule){margin, alpha * share},
             session->verdicts);
    for (size_t i = 0; i < session->count; i++)
        open |= session->verdicts[i] == TB_INCONCLUSIVE;
    return open;
}

/* Alarms of sessions, per cent, where each case's ratio is exp(shift) times 1. */
static void simulate_chain(size_t count, size_t chained, double r, double margin, double shift)
{
    enum { trials = 5000 };
    static struct session session;
    size_t alarms = 0, same = 0, late = 0;

    session.count = count;
    fill(session.old, MOST, exp(-shift));
    for (size_t t = 0; t < trials; t++) {
        size_t alarm = 0;

        begin(&session);
        for (size_t i = 0; i < count; i++)
            draw_chain(session.new[i], MOST, i < chained ? r : 0);
        for (size_t round = 1; round <= MOST && finish_round(&session, round, margin);)
            round++;
        for (size_t i = 0; i < count; i++) {
            alarm |= session.verdicts[i] >= TB_SLOWER;
            same += session.verdicts[i] == TB_SAME;
        }
        alarms += alarm;
        late += session.effects[0].correlation > 0;
    }
    printf("  %.1f %8zu %8.0f %% %+8.0f %% %17.2f %13.2f %15.1f\n", r, chained, 100 * margin,
           100 * expm1(shift), 100.0 * (double)alarms / trials,
           100.0 * (double)same / (double)(trials * count), 100.0 * (double)late / trials);
}

static void simulate_alarms(void)
{
    puts("alarms, per cent of 5,000 sessions of which the aim is at most 0.08; and correlation");
    puts("    r   in cases   margin   change   sessions with any   cases 'same'   found");
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        simulate_chain(CASES, CASES, chains[i], 0, 0);
        simulate_chain(CASES, CASES, chains[i], 0.02, 0);
        simulate_chain(CASES, CASES, chains[i], 0.02, log1p(0.02));
        simulate_chain(CASES, 1, chains[i], 0, 0);
    }
    puts("  of a single case");
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++)
        simulate_chain(1, 1, chains[i], 0, 0);
}

/* How many sessions have found one changed case of twelve after so many rounds, per cent. */
static void simulate_change(double change, double deviation, const struct noise *noise)
{
    enum { trials = 2000 };
    static struct session session;
    size_t found[SHOWN] = {0};

    session.count = CASES;
    fill(session.old, MOST, 1);
    for (size_t t = 0; t < trials; t++) {
        begin(&session);
        for (size_t i = 0; i < CASES; i++) {
            for (size_t k = 0; k < MOST; k++)
                session.new[i][k] = (i ? 1 : 1 + change) * exp(disturbed(noise, deviation));
        }
        for (size_t round = 1, k = 0; round <= MOST; round++) {
            (void)finish_round(&session, round, 0); /* goes on for the others */
            if (round == shown[k])
                found[k++] += session.verdicts[0] == TB_SLOWER;
        }
    }
    printf("  %+.0f %%   %.1f %%   %-14s", 100 * change, 100 * deviation, noise->name);
    for (size_t k = 0; k < SHOWN; k++)
        printf("%8.1f", 100.0 * (double)found[k] / trials);
    putchar('\n');
}

static void simulate_power(void)
{
    static const double changes[] = {0.01, 0.02}, deviations[] = {0.01, 0.017, 0.03};

    puts("one changed case of twelve, margin 0: found, per cent of 2,000 sessions");
    puts("  change  noise   disturbed     by pair 20      27      41      74     120");
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 3; k++) {
            for (size_t n = 0; n < sizeof noises / sizeof *noises; n++)
                simulate_change(changes[i], deviations[k], &noises[n]);
        }
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* A process of 2,000 samples, its p10 and its p99; one sample in 500 is slow anyway. */
static void measure(double slow, double *ret_p10, double *ret_p99)
{
    enum { samples = 2000 };
    double values[samples], own = 0.01 * normal();

    for (size_t i = 0; i < samples; i++)
        values[i] = exp(own + 0.05 * normal()) * (uniform() < 0.002  ? 5
                                                  : uniform() < slow ? 10
                                                                     : 1);
    qsort(values, samples, sizeof *values, ascending);
    *ret_p10 = values[samples / 10 - 1];
    *ret_p99 = values[samples * 99 / 100 - 1];
}

static int is_slower(const double *old, const double *new, size_t count, double margin,
                     double level)
{
    struct tb_effect effects[CASES] = {tb_effect_of_pairs(old, new, count, margin)};
    enum tb_verdict verdicts[CASES];

    for (size_t i = 1; i < CASES; i++)
        effects[i] = (struct tb_effect){.p_slower = 1, .p_faster = 1, .p_same = 1};
    tb_judge(effects, CASES, &(struct tb_rule){margin, level}, verdicts);
    return verdicts[0] == TB_SLOWER;
}

/* One in so many operations is ten times slower: which of the two tests says so at a look after so
 * many rounds that has a fifth of alpha, per cent. */
static void simulate_slow(double slow)
{
    enum { trials = 300, pairs = 41, looks = 3 };
    double old10[pairs], old99[pairs], new10[pairs], new99[pairs];
    int tails[looks] = {0}, heads[looks] = {0};

    for (size_t t = 0; t < trials; t++) {
        for (size_t i = 0; i < pairs; i++) {
            measure(0, &old10[i], &old99[i]);
            measure(slow, &new10[i], &new99[i]);
        }
        for (size_t k = 0; k < looks; k++) {
            tails[k] += is_slower(old99, new99, shown[k], 0.05, 0.0002 / 5);
            heads[k] += is_slower(old10, new10, shown[k], 0.02, 0.0008 / 5);
        }
    }
    printf("  1 in %-4.0f ", 1 / slow);
    for (size_t k = 0; k < looks; k++)
        printf("%10.1f %6.1f", 100.0 * tails[k] / trials, 100.0 * heads[k] / trials);
    putchar('\n');
}

static void simulate_tail(void)
{
    puts(
        "operations ten times slower, 2,000 samples a process, per cent of 300 sessions: the tail");
    puts("is called slower (p99), or the case (p10)");
    puts("  pairs           20 p99    p10    27 p99    p10    41 p99    p10");
    simulate_slow(1 / 50.0);
    simulate_slow(1 / 100.0);
    simulate_slow(1 / 200.0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*simulate)(void);
    } parts[] = {{"coverage", simulate_coverage},
                 {"alarms", simulate_alarms},
                 {"power", simulate_power},
                 {"tail", simulate_tail}};
    int known = argc == 1;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (argc > 1 && strcmp(argv[1], parts[i].name) != 0)
            continue;
        parts[i].simulate();
        known = 1;
    }
    if (!known)
        (void)fprintf(stderr, "usage: simulate [coverage | alarms | power | tail]\n"); /* no more */
    return known ? 0 : 2;
}
