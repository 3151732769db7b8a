#ifndef ADJOINT_AFFINE_H
#define ADJOINT_AFFINE_H

#include <stdbool.h>
#include "types.h"

/// The extents of an affine map of rows, y = x W + b or y = max(x W + b, 0): x is [rows, inputs], W [inputs, outputs],
/// b [outputs], y [rows, outputs].
typedef struct adjoint_affine { ptrdiff_t rows, inputs, outputs; } adjoint_affine;

/// y = x W (+ b), or max(x W (+ b), 0) if `rectified`; the bias may be null.
void adjoint_affine_forward(adjoint_dtype dtype, const adjoint_affine *map, bool rectified, const void *x,
                            const void *weight, const void *bias, void *y);

/// Whether there are so many rows that adjoint_affine_backward is made for them.
bool adjoint_affine_is_tall(const adjoint_affine *map);

/// The gradients of a map with many rows, each block of which is read once:
///
///     z̄ = ȳ where y > 0, else 0 (z̄ = ȳ if y is null)     x̄ = z̄ Wᵀ     W̄ = xᵀ z̄     b̄ = the sums of the columns of z̄
///
/// Any of the three results may be null.
void adjoint_affine_backward(adjoint_dtype dtype, const adjoint_affine *map, const void *x, const void *weight,
                             const void *y, const void *dy, void *dx, void *d_weight, void *d_bias);

/// z̄ = ȳ where y > 0, else 0, and b̄ = the sums of its columns, for y [rows, columns], in one pass.
void adjoint_rectified_backward(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t columns, const void *y, const void *dy,
                                void *dz, void *d_bias);

#endif
