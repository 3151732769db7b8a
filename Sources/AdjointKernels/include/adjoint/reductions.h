#ifndef ADJOINT_REDUCTIONS_H
#define ADJOINT_REDUCTIONS_H

#include "types.h"

/// Sum adds along a fixed tree (blocks, then pairs of blocks). Maximum and minimum give NaN if any element is NaN and
/// ∓∞ over no elements.
typedef enum adjoint_reduction { ADJOINT_SUM, ADJOINT_MAX, ADJOINT_MIN, ADJOINT_REDUCTION_COUNT } adjoint_reduction;

/// result[o, i] = reduction over m of x[o, m, i]; x is [outer, middle, inner], result is [outer, inner].
void adjoint_reduce(adjoint_reduction reduction, adjoint_dtype dtype, void *result, const void *x, ptrdiff_t outer,
                    ptrdiff_t middle, ptrdiff_t inner);

/// result[o, i] = the first m at which x[o, m, i] is largest (sign > 0) or smallest (sign < 0); a NaN wins.
/// −1 over no elements.
void adjoint_reduce_index(int sign, adjoint_dtype dtype, int32_t *result, const void *x, ptrdiff_t outer,
                          ptrdiff_t middle, ptrdiff_t inner);

#endif
