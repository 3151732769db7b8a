#ifndef ADJOINT_MATMUL_H
#define ADJOINT_MATMUL_H

#include <stdbool.h>
#include "types.h"

/// C[b] = op(A[b]) op(B[b]) (+ bias) (+ C[b] when `accumulate`), for b in 0 ..< batch.
///
/// op(A) is [rows, inner], op(B) is [inner, columns], C is [rows, columns]. A is stored [rows, inner], or
/// [inner, rows] when `transpose_left`; B is stored [inner, columns], or [columns, inner] when `transpose_right`. All
/// are dense; batch strides are in elements and may be 0 for A and B. `bias` is null or [columns], added to every row.
/// inner = 0 gives zeros (or the bias, or C itself).
void adjoint_matmul(adjoint_dtype dtype, bool transpose_left, bool transpose_right, ptrdiff_t batch, ptrdiff_t rows,
                    ptrdiff_t columns, ptrdiff_t inner, const void *left, ptrdiff_t left_batch_stride,
                    const void *right, ptrdiff_t right_batch_stride, void *result, const void *bias, bool accumulate);

#endif
