// Functions of elements and of pairs of elements, flat and broadcast, against libm and plain C.
#include "check.h"

static double unary_reference(adjoint_unary_operation operation, double x) {
  switch (operation) {
    case ADJOINT_NEGATE: return -x;
    case ADJOINT_ABSOLUTE: return fabs(x);
    case ADJOINT_SIGN: return x > 0 ? 1 : x < 0 ? -1 : x;
    case ADJOINT_STEP: return x > 0;
    case ADJOINT_RELU: return x <= 0 ? 0 : x;
    case ADJOINT_SQUARE: return x * x;
    case ADJOINT_SQRT: return sqrt(x);
    case ADJOINT_RECIPROCAL: return 1 / x;
    case ADJOINT_FLOOR: return floor(x);
    case ADJOINT_CEIL: return ceil(x);
    case ADJOINT_ROUND: return rint(x);
    case ADJOINT_RSQRT: return 1 / sqrt(x);
    case ADJOINT_EXP: return exp(x);
    case ADJOINT_LOG: return log(x);
    case ADJOINT_TANH: return tanh(x);
    case ADJOINT_SIGMOID: return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
    case ADJOINT_EXPM1: return expm1(x);
    case ADJOINT_LOG1P: return log1p(x);
    case ADJOINT_LOG2: return log2(x);
    case ADJOINT_SIN: return sin(x);
    case ADJOINT_COS: return cos(x);
    case ADJOINT_TAN: return tan(x);
    case ADJOINT_ASIN: return asin(x);
    case ADJOINT_ACOS: return acos(x);
    case ADJOINT_ATAN: return atan(x);
    case ADJOINT_SINH: return sinh(x);
    case ADJOINT_COSH: return cosh(x);
    case ADJOINT_ASINH: return asinh(x);
    case ADJOINT_ACOSH: return acosh(x);
    case ADJOINT_ATANH: return atanh(x);
    case ADJOINT_ERF: return erf(x);
    case ADJOINT_SOFTPLUS: return fmax(x, 0) + (isnan(x) ? x : log1p(exp(-fabs(x))));
    case ADJOINT_SILU: return x == -INFINITY ? 0 : x < 0 ? x * exp(x) / (1 + exp(x)) : x / (1 + exp(-x));
    case ADJOINT_GELU: return x == -INFINITY ? 0 : 0.5 * x * erfc(x * -0.70710678118654752440);
    default: return NAN;
  }
}

// The cancellation in 1 + erf leaves gelu fewer digits below 0.
static bool close_single(adjoint_unary_operation operation, adjoint_dtype dtype, double got, double x) {
  double expected = unary_reference(operation, x);
  if (operation == ADJOINT_GELU && fabs(got - expected) <= 2 * epsilon(dtype) * fabs(x)) return true;
  return agrees(dtype, got, expected, operation >= ADJOINT_RSQRT ? 4 : 1);
}

static double remainder_reference(double a, double b) {
  double r = fmod(a, b);
  if (r == 0) return copysign(0, b);
  return (r < 0) != (b < 0) ? r + b : r;
}

static double binary_reference(adjoint_binary_operation operation, double a, double b) {
  switch (operation) {
    case ADJOINT_ADD: return a + b;
    case ADJOINT_SUBTRACT: return a - b;
    case ADJOINT_MULTIPLY: return a * b;
    case ADJOINT_DIVIDE: return a / b;
    case ADJOINT_MAXIMUM: return isnan(a) || isnan(b) ? NAN : a > b ? a : b;
    case ADJOINT_MINIMUM: return isnan(a) || isnan(b) ? NAN : a < b ? a : b;
    case ADJOINT_GREATER: return a > b;
    case ADJOINT_EQUAL: return a == b;
    case ADJOINT_MAXIMUM_SHARE: return a > b ? 1 : a == b ? 0.5 : 0;
    case ADJOINT_MINIMUM_SHARE: return a < b ? 1 : a == b ? 0.5 : 0;
    case ADJOINT_RELU_PULLBACK: return b > 0 ? a : 0;
    case ADJOINT_TANH_PULLBACK: return a * (1 - b * b);
    case ADJOINT_SIGMOID_PULLBACK: return a * (b * (1 - b));
    case ADJOINT_MULTIPLY_OR_ZERO: return a == 0 ? 0 : a * b;
    case ADJOINT_DIVIDE_OR_ZERO: return a == 0 ? 0 : a / b;
    case ADJOINT_POW: return pow(a, b);
    case ADJOINT_ATAN2: return atan2(a, b);
    case ADJOINT_REMAINDER: return remainder_reference(a, b);
    case ADJOINT_LEAKY_RELU: return a > 0 ? a : b * a;
    case ADJOINT_LEAKY_RELU_SLOPE: return a > 0 ? 1 : b;
    case ADJOINT_ELU: return a > 0 ? a : b * expm1(a);
    case ADJOINT_ELU_SLOPE: return a > 0 ? 1 : b * exp(a);
    case ADJOINT_SILU_PULLBACK: {
      double x = fmin(fmax(b, -1000), 1000), s = 1 / (1 + exp(-x));
      return isnan(b) ? NAN : a * (s * (1 + x * (1 - s)));
    }
    case ADJOINT_GELU_PULLBACK: {
      double x = fmin(fmax(b, -40), 40);
      return isnan(b) ? NAN : a * (0.5 * erfc(x * -0.70710678118654752440) + x * exp(-0.5 * x * x) * 0.39894228040143267794);
    }
    default: return NAN;
  }
}

// The cancellation in 1 − y² leaves fewer digits. The saved result y of tanh or the logistic function is at most 1.
static bool close_pair(adjoint_binary_operation operation, adjoint_dtype dtype, double got, double a, double b) {
  double expected = binary_reference(operation, a, b);
  if (operation == ADJOINT_TANH_PULLBACK || operation == ADJOINT_SIGMOID_PULLBACK) {
    if (fabs(b) > 8) return true;
    if (fabs(got - expected) <= 4 * epsilon(dtype) * fabs(a) * (1 + b * b)) return true;
  }
  if (operation == ADJOINT_SILU_PULLBACK || operation == ADJOINT_GELU_PULLBACK) {
    // Two terms that cancel where the slope is 0, and below −1 where it is small.
    if (fabs(got - expected) <= 8 * epsilon(dtype) * fabs(a)) return true;
  }
  return agrees(dtype, got, expected, operation >= ADJOINT_POW ? 5 : 1.5);
}

// Every element of a short array; of a long one some, and the last ones.
static ptrdiff_t next_checked(ptrdiff_t i, ptrdiff_t count) {
  return count > 2000 && i > 100 && i < count - 100 ? i + 37 : i + 1;
}

static void check_unary(adjoint_dtype dtype, ptrdiff_t count) {
  for (int operation = 0; operation < ADJOINT_UNARY_COUNT; operation++) {
    void *x = special_numbers(dtype, count), *y = fresh(count * size_of(dtype));
    FOR_EACH_THREAD_COUNT(y, count * size_of(dtype), "unary", adjoint_unary(operation, dtype, y, x, count))
    for (ptrdiff_t i = 0; i < count; i = next_checked(i, count)) {
      check(close_single(operation, dtype, get(dtype, y, i), get(dtype, x, i)),
            "unary %d of %.17g (%td of %td): %.17g, not %.17g", operation, get(dtype, x, i), i, count,
            get(dtype, y, i), unary_reference(operation, get(dtype, x, i)));
    }
    // The same value alone, in a masked vector, has the same bits; and so has the result in place.
    for (ptrdiff_t i = 0; i < count; i += 1 + count / 50) {
      double alone;
      adjoint_unary(operation, dtype, &alone, (char *)x + i * size_of(dtype), 1);
      check(memcmp(&alone, (char *)y + i * size_of(dtype), (size_t)size_of(dtype)) == 0,
            "unary %d depends on the place of the element", operation);
    }
    adjoint_unary(operation, dtype, x, x, count);
    check(count == 0 || memcmp(x, y, (size_t)(count * size_of(dtype))) == 0, "unary %d in place", operation);
    free(x);
    free(y);
  }
}

static void check_binary(adjoint_dtype dtype, ptrdiff_t count) {
  const size_t bytes = (size_t)(count * size_of(dtype));
  for (int operation = 0; operation < ADJOINT_BINARY_COUNT; operation++) {
    void *a = special_numbers(dtype, count), *b = special_numbers(dtype, count), *y = fresh((ptrdiff_t)bytes);
    FOR_EACH_THREAD_COUNT(y, (ptrdiff_t)bytes, "binary", adjoint_binary(operation, dtype, y, a, b, count))
    for (ptrdiff_t i = 0; i < count; i = next_checked(i, count)) {
      check(close_pair(operation, dtype, get(dtype, y, i), get(dtype, a, i), get(dtype, b, i)),
            "binary %d of %.17g, %.17g: %.17g", operation, get(dtype, a, i), get(dtype, b, i), get(dtype, y, i));
    }
    void *copy = fresh((ptrdiff_t)bytes);
    if (bytes > 0) memcpy(copy, a, bytes);
    adjoint_binary(operation, dtype, copy, copy, b, count);
    check(bytes == 0 || memcmp(copy, y, bytes) == 0, "binary %d onto its left operand", operation);
    adjoint_binary(operation, dtype, b, a, b, count);
    check(bytes == 0 || memcmp(b, y, bytes) == 0, "binary %d onto its right operand", operation);
    free(a);
    free(b);
    free(y);
    free(copy);
  }
}

// An operand's strides for a broadcast along the axes in `mask`, and how many elements it has.
static ptrdiff_t lay_out(int rank, const ptrdiff_t *extents, unsigned mask, ptrdiff_t *strides) {
  ptrdiff_t count = 1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    strides[axis] = mask >> axis & 1 ? 0 : count;
    if (!(mask >> axis & 1)) count *= extents[axis];
  }
  return count;
}

static void check_broadcast(adjoint_dtype dtype, int rank, const ptrdiff_t *extents, unsigned left_mask,
                            unsigned right_mask) {
  adjoint_broadcast layout = {.rank = rank};
  ptrdiff_t count = 1;
  for (int axis = 0; axis < rank; axis++) count *= layout.extents[axis] = extents[axis];
  void *a = special_numbers(dtype, lay_out(rank, extents, left_mask, layout.left_strides));
  void *b = special_numbers(dtype, lay_out(rank, extents, right_mask, layout.right_strides));
  void *y = fresh(count * size_of(dtype));
  for (int operation = 0; operation < ADJOINT_BINARY_COUNT; operation += 1 + (count > 1000)) {
    FOR_EACH_THREAD_COUNT(y, count * size_of(dtype), "broadcast",
                          adjoint_binary_broadcast(operation, dtype, y, a, b, &layout))
    for (ptrdiff_t i = 0; i < count; i = next_checked(i, count)) {
      ptrdiff_t left = 0, right = 0, rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        left += rest % extents[axis] * layout.left_strides[axis];
        right += rest % extents[axis] * layout.right_strides[axis];
        rest /= extents[axis];
      }
      check(close_pair(operation, dtype, get(dtype, y, i), get(dtype, a, left), get(dtype, b, right)),
            "broadcast of rank %d, operation %d, element %td", rank, operation, i);
    }
  }
  free(a);
  free(b);
  free(y);
}

static void check_broadcasts(adjoint_dtype dtype) {
  static const struct { int rank; ptrdiff_t extents[8]; unsigned left, right; } cases[] = {
      {0, {0}, 0, 0}, {1, {1}, 0, 0}, {1, {33}, 1, 0}, {1, {33}, 0, 1}, {1, {33}, 1, 1}, {1, {40001}, 0, 1},
      {1, {40001}, 1, 0}, {2, {5, 7}, 1, 0}, {2, {5, 7}, 0, 1}, {2, {5, 7}, 2, 0}, {2, {5, 7}, 0, 2},
      {2, {5, 7}, 1, 2}, {2, {5, 7}, 2, 1}, {2, {5, 7}, 3, 0}, {2, {700, 40}, 0, 1}, {2, {700, 40}, 0, 2},
      {2, {3, 33333}, 0, 1}, {2, {3, 33333}, 2, 0}, {2, {0, 7}, 0, 1}, {2, {5, 0}, 0, 2}, {3, {4, 5, 6}, 2, 0},
      {3, {4, 5, 6}, 2, 5}, {3, {4, 5, 6}, 5, 2}, {3, {4, 5, 6}, 4, 4}, {4, {3, 2, 5, 4}, 5, 10},
      {5, {2, 3, 2, 3, 65}, 0x15, 0x0a}, {8, {2, 2, 2, 3, 2, 2, 2, 3}, 0x55, 0xaa}, {3, {9, 1, 1}, 0, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    check_broadcast(dtype, cases[i].rank, cases[i].extents, cases[i].left, cases[i].right);
  }
}

static void check_add_scaled(adjoint_dtype dtype, ptrdiff_t count) {
  void *x = uniform_numbers(dtype, count, -1, 1), *start = uniform_numbers(dtype, count, -1, 1);
  void *y = fresh(count * size_of(dtype));
  FOR_EACH_THREAD_COUNT(y, count * size_of(dtype), "add_scaled", {
    if (count > 0) memcpy(y, start, (size_t)(count * size_of(dtype)));
    adjoint_add_scaled(dtype, y, x, -0.75, count);
  })
  for (ptrdiff_t i = 0; i < count; i++) {
    double expected = get(dtype, start, i) - 0.75 * get(dtype, x, i);
    check(fabs(get(dtype, y, i) - expected) <= 2 * epsilon(dtype), "add_scaled");
  }
  free(x);
  free(y);
  free(start);
}

// Long results go past the caches where they are aligned to a vector. They are what they are in short pieces.
static void check_streaming(adjoint_dtype dtype, ptrdiff_t offset) {
  const ptrdiff_t size = size_of(dtype), columns = 64, rows = (33 << 20) / size / columns, count = rows * columns + 21;
  void *x = uniform_numbers(dtype, count, -1, 1), *expected = fresh(count * size), *memory = NULL;
  if (posix_memalign(&memory, 64, (size_t)((count + offset) * size)) != 0) abort();
  char *y = (char *)memory + offset * size;
  const adjoint_broadcast layout = {.rank = 2, .extents = {rows, columns}, .left_strides = {columns, 1},
                                    .right_strides = {0, 1}};
  adjoint_set_thread_count(2);
  for (int what = 0; what < 3; what++) {
    memset(y, 0xff, (size_t)(count * size));
    memset(expected, 0xff, (size_t)(count * size));
    if (what == 0) adjoint_unary(ADJOINT_EXP, dtype, y, x, count);
    if (what == 1) adjoint_binary(ADJOINT_MULTIPLY, dtype, y, x, x, count);
    if (what == 2) adjoint_binary_broadcast(ADJOINT_ADD, dtype, y, x, x, &layout);
    for (ptrdiff_t i = 0; i < count; i += 4096) {
      const ptrdiff_t part = count - i < 4096 ? count - i : 4096;
      const void *from = (char *)x + i * size;
      void *to = (char *)expected + i * size;
      if (what == 0) adjoint_unary(ADJOINT_EXP, dtype, to, from, part);
      if (what == 1) adjoint_binary(ADJOINT_MULTIPLY, dtype, to, from, from, part);
    }
    if (what == 2) {
      for (ptrdiff_t r = 0; r < rows; r++) {
        const ptrdiff_t start = r * columns * size;
        adjoint_binary(ADJOINT_ADD, dtype, (char *)expected + start, (char *)x + start, x, columns);
      }
    }
    check(memcmp(y, expected, (size_t)(count * size)) == 0, "streaming %d at offset %td", what, offset);
  }
  free(x);
  free(expected);
  free(memory);
}

int main(void) {
  for (int d = 0; d < 2; d++) {
    for (int s = 0; s < SIZE_COUNT; s++) {
      check_unary(dtypes[d], sizes[s]);
      check_binary(dtypes[d], sizes[s]);
      check_add_scaled(dtypes[d], sizes[s]);
    }
    check_broadcasts(dtypes[d]);
    for (ptrdiff_t offset = 0; offset < 3; offset += 2) check_streaming(dtypes[d], offset);
  }
  check(adjoint_fma_peak(10) > 0, "fma_peak");
  return finish("elementwise");
}
