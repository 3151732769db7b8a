#ifndef ADJOINT_ELEMENTWISE_H
#define ADJOINT_ELEMENTWISE_H

#include "types.h"

/// Functions of one number. `step` is 1 where x > 0, else 0. `relu` is 0 at 0 and keeps NaN.
typedef enum adjoint_unary_operation {
  ADJOINT_NEGATE, ADJOINT_ABSOLUTE, ADJOINT_SIGN, ADJOINT_STEP, ADJOINT_RELU, ADJOINT_SQUARE, ADJOINT_SQRT,
  ADJOINT_RECIPROCAL, ADJOINT_EXP, ADJOINT_LOG, ADJOINT_TANH, ADJOINT_SIGMOID,
  ADJOINT_UNARY_COUNT
} adjoint_unary_operation;

/// Functions of two numbers. Maximum and minimum give NaN if either operand is NaN. Comparisons give 1 or 0.
/// `maximum_share(a, b)` is the part of the gradient of max(a, b) that belongs to a: 1 if a > b, ½ if a = b, else 0;
/// `minimum_share` likewise. The pullbacks take (upstream, saved):
/// relu (dy, y) → y > 0 ? dy : 0, tanh (dy, y) → dy (1 − y²), sigmoid (dy, y) → dy y (1 − y).
/// `multiply_or_zero(a, b)` is a · b, and 0 where a is exactly 0, whatever b is.
typedef enum adjoint_binary_operation {
  ADJOINT_ADD, ADJOINT_SUBTRACT, ADJOINT_MULTIPLY, ADJOINT_DIVIDE, ADJOINT_MAXIMUM, ADJOINT_MINIMUM,
  ADJOINT_GREATER, ADJOINT_EQUAL, ADJOINT_MAXIMUM_SHARE, ADJOINT_MINIMUM_SHARE, ADJOINT_RELU_PULLBACK,
  ADJOINT_TANH_PULLBACK, ADJOINT_SIGMOID_PULLBACK, ADJOINT_MULTIPLY_OR_ZERO,
  ADJOINT_BINARY_COUNT
} adjoint_binary_operation;

/// How two operands are laid over a common index space. Strides are in elements, 0 along a broadcast axis; the result
/// is dense. Axes are merged by the caller where possible, so that the last one is as long as it can be.
typedef struct adjoint_broadcast {
  int rank;
  ptrdiff_t extents[ADJOINT_MAX_RANK];
  ptrdiff_t left_strides[ADJOINT_MAX_RANK];
  ptrdiff_t right_strides[ADJOINT_MAX_RANK];
} adjoint_broadcast;

/// result[i] = f(x[i]) for i in 0 ..< count. `result` may be `x` itself.
void adjoint_unary(adjoint_unary_operation operation, adjoint_dtype dtype, void *result, const void *x,
                   ptrdiff_t count);

/// result[i] = f(left[i], right[i]) for i in 0 ..< count. `result` may be either operand.
void adjoint_binary(adjoint_binary_operation operation, adjoint_dtype dtype, void *result, const void *left,
                    const void *right, ptrdiff_t count);

/// result = f(left, right) over a broadcast index space; the strides of the last axis are 0 or 1. `result` may be an
/// operand that is not broadcast.
void adjoint_binary_broadcast(adjoint_binary_operation operation, adjoint_dtype dtype, void *result, const void *left,
                              const void *right, const adjoint_broadcast *layout);

/// y[i] += scale · x[i].
void adjoint_add_scaled(adjoint_dtype dtype, void *y, const void *x, double scale, ptrdiff_t count);

#endif
