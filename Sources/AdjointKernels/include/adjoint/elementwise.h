#ifndef ADJOINT_ELEMENTWISE_H
#define ADJOINT_ELEMENTWISE_H

#include "types.h"

/// Functions of one number. `step` is 1 where x > 0, else 0. `relu` is 0 at 0 and keeps NaN. `round` goes to even at a tie.
/// `softplus` is ln(1 + eˣ), `silu` x / (1 + e⁻ˣ), `gelu` x Φ(x). At most 4 units in the last place from the exact value;
/// the last two from it relative to x.
typedef enum adjoint_unary_operation {
  ADJOINT_NEGATE, ADJOINT_ABSOLUTE, ADJOINT_SIGN, ADJOINT_STEP, ADJOINT_RELU, ADJOINT_SQUARE, ADJOINT_SQRT,
  ADJOINT_RECIPROCAL, ADJOINT_FLOOR, ADJOINT_CEIL, ADJOINT_ROUND, ADJOINT_RSQRT, ADJOINT_EXP, ADJOINT_LOG, ADJOINT_TANH,
  ADJOINT_SIGMOID, ADJOINT_EXPM1, ADJOINT_LOG1P, ADJOINT_LOG2, ADJOINT_SIN, ADJOINT_COS, ADJOINT_TAN, ADJOINT_ASIN,
  ADJOINT_ACOS, ADJOINT_ATAN, ADJOINT_SINH, ADJOINT_COSH, ADJOINT_ASINH, ADJOINT_ACOSH, ADJOINT_ATANH, ADJOINT_ERF,
  ADJOINT_SOFTPLUS, ADJOINT_SILU, ADJOINT_GELU,
  ADJOINT_UNARY_COUNT
} adjoint_unary_operation;

/// Functions of two numbers. Maximum and minimum give NaN if either operand is NaN. Comparisons give 1 or 0.
/// `maximum_share(a, b)` is the part of the gradient of max(a, b) that belongs to a: 1 if a > b, ½ if a = b, else 0;
/// `minimum_share` likewise. The pullbacks take (upstream, saved):
/// relu (dy, y) → y > 0 ? dy : 0, tanh (dy, y) → dy (1 − y²), sigmoid (dy, y) → dy y (1 − y).
/// `multiply_or_zero(a, b)` is a · b, and 0 where a is exactly 0, whatever b is; `divide_or_zero(a, b)` likewise.
/// `remainder(a, b)` has the sign of b. `leaky_relu(x, s)` is x > 0 ? x : s x and `elu(x, s)` x > 0 ? x : s (eˣ − 1);
/// their slopes are 1 where x > 0, and s and s eˣ elsewhere. silu and gelu's pullbacks take (dy, x).
typedef enum adjoint_binary_operation {
  ADJOINT_ADD, ADJOINT_SUBTRACT, ADJOINT_MULTIPLY, ADJOINT_DIVIDE, ADJOINT_MAXIMUM, ADJOINT_MINIMUM,
  ADJOINT_GREATER, ADJOINT_EQUAL, ADJOINT_MAXIMUM_SHARE, ADJOINT_MINIMUM_SHARE, ADJOINT_RELU_PULLBACK,
  ADJOINT_TANH_PULLBACK, ADJOINT_SIGMOID_PULLBACK, ADJOINT_MULTIPLY_OR_ZERO, ADJOINT_DIVIDE_OR_ZERO,
  ADJOINT_POW, ADJOINT_ATAN2, ADJOINT_REMAINDER, ADJOINT_LEAKY_RELU, ADJOINT_LEAKY_RELU_SLOPE, ADJOINT_ELU,
  ADJOINT_ELU_SLOPE, ADJOINT_SILU_PULLBACK, ADJOINT_GELU_PULLBACK,
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
