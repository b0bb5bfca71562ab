/*
 * How a cost grows along an axis: what was measured at three of its values or more. Pure.
 */
#ifndef TB_HARNESS_GROWTH_H
#define TB_HARNESS_GROWTH_H

#include "result.h"

/*
 * A list as docs/result.md describes it, the caller's: for each row, runtime and axis whose values
 * are numbers the points and the law that is nearest to them, all else being equal. What the value
 * 0 amounts to is said by the subject; where that is not known the point is left out.
 */
cJSON *tb_growth(const struct tb_result *result);

#endif
