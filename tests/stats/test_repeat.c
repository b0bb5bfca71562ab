/* Counts: which are the same, and the verdicts on those that differ. */
#include "stats/repeat.h"

#include "check.h"

static enum tb_verdict judge(const double *old, size_t old_count, const double *new,
                             size_t new_count, double margin)
{
    struct tb_effect effect = tb_effect_of_counts(old, old_count, new, new_count, margin);
    enum tb_verdict verdict;

    tb_judge(&effect, 1, &(struct tb_rule){margin, 1e-3}, &verdict);
    return verdict;
}

static enum tb_verdict judge_one(double old, double new, double margin)
{
    return judge(&old, 1, &new, 1, margin);
}

static void counts_repeat_within_two_thousandths_or_a_fiftieth_of_one(void **state)
{
    (void)state;
    assert_false(tb_counts_repeat(NULL, 0, TB_COUNT_SHARE));
    assert_true(tb_counts_repeat((double[]){0}, 1, TB_COUNT_SHARE));
    assert_true(tb_counts_repeat((double[]){2000, 2001.9, 2000.5}, 3, TB_COUNT_SHARE));
    assert_false(tb_counts_repeat((double[]){2000, 2005, 2000}, 3, TB_COUNT_SHARE));
    assert_true(tb_counts_repeat((double[]){0, 0.019}, 2, TB_COUNT_SHARE));
    assert_false(tb_counts_repeat((double[]){0, 0.03}, 2, TB_COUNT_SHARE));
    assert_true(tb_counts_repeat((double[]){2000, 2009}, 2, 0.005));
    assert_false(tb_counts_repeat((double[]){2000, 2011}, 2, 0.005));
    assert_near(tb_counts_spread((double[]){90, 100, 95}, 3), 0.1);
    assert_near(tb_counts_spread((double[]){0, 0}, 2), 0);
}

static void a_single_count_decides_beyond_the_margin(void **state)
{
    static const struct {
        double old, new, margin;
        enum tb_verdict verdict;
    } known[] = {
        {2000, 2000, 0.005, TB_SAME},   {2000, 2020, 0.005, TB_SLOWER},
        {2000, 1980, 0.005, TB_FASTER}, {2000, 2020, 0.02, TB_SAME},
        {2000, 2001, 0, TB_SAME},       {2000, 2006, 0, TB_SLOWER},
        {9, 10, 0.02, TB_SLOWER},       {0, 0, 0.02, TB_SAME},
        {0, 0.004, 0.02, TB_SAME},      {0, 1, 0.02, TB_SLOWER},
        {1, 0, 0.02, TB_FASTER},        {9.001, 9.005, 0, TB_SAME},
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(judge_one(known[i].old, known[i].new, known[i].margin), known[i].verdict);
}

/* All ratios count: where some are within the margin and some beyond, nothing is shown. */
static void what_straddles_the_margin_is_inconclusive(void **state)
{
    static const double old[] = {2000, 2001.5}, new[] = {2040.5, 2042};

    (void)state;
    assert_int_equal(judge(old, 2, new, 2, 0.02), TB_INCONCLUSIVE);
    assert_int_equal(judge(old, 2, new, 2, 0.01), TB_SLOWER);
    assert_int_equal(judge(old, 2, new, 2, 0.03), TB_SAME);
    assert_int_equal(judge(new, 2, old, 2, 0.01), TB_FASTER);
}

/* Nothing is left to chance: a family, however large, takes nothing from it. */
static void a_family_of_counts_is_decided_whole(void **state)
{
    enum { many = 1000 };
    static struct tb_effect effects[many];
    static enum tb_verdict verdicts[many];
    const double old = 1000, same = 1000, more = 1100;

    (void)state;
    for (size_t i = 0; i < many; i++)
        effects[i] = tb_effect_of_counts(&old, 1, i % 2 ? &more : &same, 1, 0.02);
    tb_judge(effects, many, &(struct tb_rule){0.02, 1e-9}, verdicts);
    for (size_t i = 0; i < many; i++)
        assert_int_equal(verdicts[i], i % 2 ? TB_SLOWER : TB_SAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_repeat_within_two_thousandths_or_a_fiftieth_of_one),
        cmocka_unit_test(a_single_count_decides_beyond_the_margin),
        cmocka_unit_test(what_straddles_the_margin_is_inconclusive),
        cmocka_unit_test(a_family_of_counts_is_decided_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
