/*
 * How costs grow along the axes. Pure.
 */
#ifndef TB_DOCUMENT_SCALING_H
#define TB_DOCUMENT_SCALING_H

#include "document/result.h"

/*
 * How a cost grows along an axis, of what was measured at three of its values or more: a list as
 * docs/reference/result.md describes it, the caller's; for each row, runtime and axis whose values
 * are numbers the points and the law that is nearest to them, all else being equal. What the value
 * 0 amounts to is said by the subject; where that is not known the point is left out.
 */
cJSON *tb_scaling(const struct tb_result *result);

#endif
