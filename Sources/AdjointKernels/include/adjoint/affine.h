#ifndef ADJOINT_AFFINE_H
#define ADJOINT_AFFINE_H

#include <stdbool.h>
#include "types.h"

/// One product of an affine map, x W: x is [rows, inputs], W [inputs, outputs]. The gradients of the two go to `dx` and
/// `d_weight`, which are null where they are not wanted, and forwards.
typedef struct adjoint_affine_product {
  ptrdiff_t inputs;
  const void *x, *weight;
  void *dx, *d_weight;
} adjoint_affine_product;

/// An affine map of rows: the sum of `count` products, one or two, and a row, y = x W + b or y = x W + b + z V; or its positive
/// part. b is [outputs], y [rows, outputs].
typedef struct adjoint_affine {
  ptrdiff_t rows, outputs, count;
  adjoint_affine_product products[2];
} adjoint_affine;

/// The result, or max(y, 0) if `rectified`; the bias may be null.
void adjoint_affine_forward(adjoint_dtype dtype, const adjoint_affine *map, bool rectified, const void *bias, void *y);

/// Whether there are so many rows that adjoint_affine_backward is made for them. The extents alone decide.
bool adjoint_affine_is_tall(const adjoint_affine *map);

/// The gradients of a map with many rows, each block of which is read once:
///
///     z̄ = ȳ where y > 0, else 0 (z̄ = ȳ if y is null)     x̄ = z̄ Wᵀ     W̄ = xᵀ z̄     b̄ = the sums of the columns of z̄
///
/// of every product, into the places that it names: x may be null where W̄ is not wanted, and W where x̄ is not, as may b̄. A
/// x̄ as wide as the result may lie where dy or y does, each in a place of its own.
void adjoint_affine_backward(adjoint_dtype dtype, const adjoint_affine *map, const void *y, const void *dy,
                             void *d_bias);

/// z̄ = ȳ where y > 0, else 0, and b̄ = the sums of its columns, for y [rows, columns], in one pass.
void adjoint_rectified_backward(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t columns, const void *y, const void *dy,
                                void *dz, void *d_bias);

#endif
