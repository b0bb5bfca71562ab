#include "cli/exit_code.h"

int tb_lasting(const struct tb_options *options, int code)
{
    return options->bisect && code == TB_FAILURE ? TB_USAGE : code;
}

/* Whether every case is. No verdict, for whatever reason, is no good news. */
static bool is_decided(const struct tb_comparisons *comparisons,
                       const struct tb_verdict_counts *counts)
{
    for (size_t i = 0; i < comparisons->count; i++) {
        if (!comparisons->each[i].count)
            return false;
    }
    return counts->decided == counts->listed;
}

/* Git tells of no reason, and a log of a bisection shows this beside its revision. */
static int code_for_git(const struct tb_verdict_counts *counts, bool decided)
{
    size_t inconclusive = counts->of[TB_ROW_INCONCLUSIVE] + counts->of[TB_ROW_UNCOMPARED];

    if (counts->of[TB_ROW_SLOWER])
        return TB_BISECT_SLOWER;
    if (counts->old_failed) { /* as it does for each revision */
        tb_notice("--bisect: %zu of %zu cases failed on the old side: git stops (%d)",
                  counts->old_failed, counts->listed, TB_BISECT_STOP);
        return TB_BISECT_STOP;
    }
    if (decided)
        return 0;
    tb_notice("--bisect: of %zu cases %zu inconclusive, %zu failed, %zu missing: git skips this "
              "revision (%d)",
              counts->listed, inconclusive, counts->of[TB_ROW_FAILED], counts->of[TB_ROW_MISSING],
              TB_BISECT_SKIP);
    return TB_BISECT_SKIP;
}

int tb_exit_code(const struct tb_options *options, const struct tb_comparisons *comparisons,
                 struct tb_error *error)
{
    struct tb_verdict_counts counts = tb_verdict_counts(comparisons);
    bool decided = is_decided(comparisons, &counts);

    if (!counts.compared) {
        int code = tb_failure(error, "there is no case that could be compared");

        return counts.old_failed ? tb_lasting(options, code) : code;
    }
    if (options->bisect)
        return code_for_git(&counts, decided);
    if (counts.of[TB_ROW_SLOWER])
        return TB_EXIT_REGRESSION;
    if (counts.of[TB_ROW_FAILED])
        return TB_FAILURE;
    return !counts.decided || (!decided && options->strict) ? TB_EXIT_INCONCLUSIVE : 0;
}

int tb_exit_code_of_error(const struct tb_options *options, int code, const struct tb_error *error)
{
    if (!options->bisect || !error->text[0] || code > TB_BISECT_STOP) /* interrupted */
        return code;
    return code == TB_USAGE ? TB_BISECT_STOP : TB_BISECT_SKIP;
}
