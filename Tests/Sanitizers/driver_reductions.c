// Reductions, softmax and cross entropy against sums in double precision (long double for float64).
#include "check.h"

static void check_reduce(adjoint_dtype dtype, ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner, bool special) {
  const ptrdiff_t count = outer * middle * inner, results = outer * inner;
  void *x = special ? special_numbers(dtype, count) : uniform_numbers(dtype, count, -1, 3);
  void *y = fresh(results * size_of(dtype));
  int32_t *index = fresh(results * 4);
  for (int reduction = 0; reduction < ADJOINT_REDUCTION_COUNT; reduction++) {
    FOR_EACH_THREAD_COUNT(y, results * size_of(dtype), "reduce",
                          adjoint_reduce(reduction, dtype, y, x, outer, middle, inner))
    for (ptrdiff_t r = 0; r < results; r++) {
      long double sum = 0, magnitude = 0;
      double extreme = reduction == ADJOINT_MAX ? -INFINITY : INFINITY;
      for (ptrdiff_t m = 0; m < middle; m++) {
        double v = get(dtype, x, (r / inner * middle + m) * inner + r % inner);
        sum += v;
        magnitude += fabs(v);
        if (isnan(v) || (reduction == ADJOINT_MAX ? v > extreme : v < extreme)) extreme = v;
        if (isnan(v)) break;
      }
      double got = get(dtype, y, r);
      if (reduction == ADJOINT_SUM) {
        bool ok = isnan((double)sum) ? isnan(got)
                                     : got == (double)sum || fabsl(got - sum) <= 3 * epsilon(dtype) * magnitude;
        // A sum in single precision overflows earlier.
        check(ok || (special && dtype == ADJOINT_FLOAT32), "sum [%td, %td, %td] at %td: %.17g, not %.17Lg", outer,
              middle, inner, r, got, sum);
      } else {
        check(isnan(extreme) ? isnan(got) : got == extreme, "extreme [%td, %td, %td] at %td: %g, not %g", outer,
              middle, inner, r, got, extreme);
      }
    }
  }
  for (int sign = -1; sign <= 1; sign += 2) {
    FOR_EACH_THREAD_COUNT(index, results * 4, "reduce_index",
                          adjoint_reduce_index(sign, dtype, index, x, outer, middle, inner))
    for (ptrdiff_t r = 0; r < results; r++) {
      int32_t expected = -1;
      double best = 0;
      for (ptrdiff_t m = 0; m < middle; m++) {
        double v = get(dtype, x, (r / inner * middle + m) * inner + r % inner);
        if (m == 0 || (isnan(v) && !isnan(best)) || (sign > 0 ? v > best : v < best)) {
          best = v;
          expected = (int32_t)m;
        }
      }
      check(index[r] == expected, "index [%td, %td, %td] at %td: %d, not %d", outer, middle, inner, r, index[r],
            expected);
    }
  }
  free(x);
  free(y);
  free(index);
}

static void check_reductions(adjoint_dtype dtype) {
  for (int s = 0; s < SIZE_COUNT; s++) {
    check_reduce(dtype, 1, sizes[s], 1, false);
    check_reduce(dtype, 1, sizes[s], 1, true);
    check_reduce(dtype, 3, 5, sizes[s], false);
    check_reduce(dtype, sizes[s], 7, 1, true);
    if (sizes[s] <= 1000) {
      check_reduce(dtype, 3, sizes[s], 1, true);
      check_reduce(dtype, 1, sizes[s], 40, false);
      check_reduce(dtype, 2, sizes[s], 7, true);
      check_reduce(dtype, 1, 130, sizes[s], false);
      check_reduce(dtype, sizes[s], 4, 17, false);
    }
  }
  check_reduce(dtype, 1, 300000, 1, false);
  check_reduce(dtype, 3, 140000, 1, false);
  check_reduce(dtype, 1, 30000, 7, false);
  check_reduce(dtype, 1, 2000, 257, false);
  check_reduce(dtype, 2, 1500, 129, false);
  check_reduce(dtype, 1, 3, 30000, false);
  check_reduce(dtype, 3000, 2, 5, false);
  for (ptrdiff_t inner = 1; inner < 300; inner += 1 + inner / 8) check_reduce(dtype, 1, 70, inner, false);
}

// Row r as double: its maximum, and the logarithm of its sum of exponentials.
static void statistics(adjoint_dtype dtype, const void *x, ptrdiff_t row, ptrdiff_t columns, double *maximum,
                       double *log_sum) {
  double largest = -INFINITY, sum = 0;
  bool nan = false;
  for (ptrdiff_t c = 0; c < columns; c++) {
    double v = get(dtype, x, row * columns + c);
    nan |= isnan(v) || v == INFINITY;
    if (v > largest) largest = v;
  }
  for (ptrdiff_t c = 0; c < columns; c++) {
    double v = get(dtype, x, row * columns + c);
    if (v > -INFINITY) sum += exp(v - largest);
  }
  *maximum = nan ? NAN : largest;
  *log_sum = nan ? NAN : log(sum);
}

static void *logits(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t columns) {
  void *x = uniform_numbers(dtype, rows * columns, -5, 5);
  for (ptrdiff_t r = 0; r < rows; r++) {
    for (ptrdiff_t c = 0; c < columns; c++) {
      ptrdiff_t i = r * columns + c;
      if (r % 7 == 1 && next_bits() % 3 == 0) set(dtype, x, i, -INFINITY);
      if (r % 7 == 2) set(dtype, x, i, -INFINITY);
      if (r % 7 == 3) set(dtype, x, i, next_bits() % 2 ? 1e4 : -1e4);
      if (r % 7 == 4 && c == columns / 2) set(dtype, x, i, NAN);
      if (r % 7 == 5 && c == 0) set(dtype, x, i, INFINITY);
    }
  }
  return x;
}

static bool near(adjoint_dtype dtype, double got, double expected, double scale) {
  if (isnan(expected)) return isnan(got);
  return got == expected || fabs(got - expected) <= 8 * epsilon(dtype) * fmax(scale, fabs(expected));
}

static void check_softmax(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t columns) {
  const ptrdiff_t count = rows * columns, bytes = count * size_of(dtype);
  void *x = logits(dtype, rows, columns), *y = fresh(bytes), *z = fresh(bytes), *dx = fresh(bytes);
  void *dy = uniform_numbers(dtype, count, -1, 1);
  FOR_EACH_THREAD_COUNT(y, bytes, "softmax", adjoint_softmax(dtype, y, x, rows, columns))
  FOR_EACH_THREAD_COUNT(z, bytes, "log_softmax", adjoint_log_softmax(dtype, z, x, rows, columns))
  for (ptrdiff_t r = 0; r < rows; r++) {
    double maximum, log_sum;
    statistics(dtype, x, r, columns, &maximum, &log_sum);
    for (ptrdiff_t c = 0; c < columns; c++) {
      double v = get(dtype, x, r * columns + c);
      bool empty = maximum == -INFINITY;
      double soft = empty ? 0 : exp(v - maximum - log_sum), logarithm = empty ? -INFINITY : v - maximum - log_sum;
      check(near(dtype, get(dtype, y, r * columns + c), soft, 0.01), "softmax %td x %td (%td, %td): %g, not %g", rows,
            columns, r, c, get(dtype, y, r * columns + c), soft);
      check(near(dtype, get(dtype, z, r * columns + c), logarithm, 1), "log_softmax %td x %td (%td, %td): %g, not %g",
            rows, columns, r, c, get(dtype, z, r * columns + c), logarithm);
    }
  }
  for (int logarithm = 0; logarithm < 2; logarithm++) {
    const void *saved = logarithm ? z : y;
    if (logarithm) {
      FOR_EACH_THREAD_COUNT(dx, bytes, "log_softmax_pullback",
                            adjoint_log_softmax_pullback(dtype, dx, dy, z, rows, columns))
    } else {
      FOR_EACH_THREAD_COUNT(dx, bytes, "softmax_pullback", adjoint_softmax_pullback(dtype, dx, dy, y, rows, columns))
    }
    for (ptrdiff_t r = 0; r < rows; r++) {
      double sum = 0, magnitude = 1;
      for (ptrdiff_t c = 0; c < columns; c++) {
        double term = get(dtype, dy, r * columns + c) * (logarithm ? 1 : get(dtype, saved, r * columns + c));
        sum += term;
        magnitude += fabs(term);
      }
      for (ptrdiff_t c = 0; c < columns; c++) {
        double g = get(dtype, dy, r * columns + c), s = get(dtype, saved, r * columns + c);
        double expected = logarithm ? g - exp(s) * sum : s * (g - sum);
        check(near(dtype, get(dtype, dx, r * columns + c), expected, magnitude), "softmax pullback %d: %g, not %g",
              logarithm, get(dtype, dx, r * columns + c), expected);
      }
    }
  }
  free(x);
  free(y);
  free(z);
  free(dx);
  free(dy);
}

static void check_cross_entropy(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t columns) {
  const ptrdiff_t bytes = rows * columns * size_of(dtype), row_bytes = rows * size_of(dtype);
  void *x = logits(dtype, rows, columns), *dx = fresh(bytes);
  void *loss = fresh(row_bytes), *normalizer = fresh(2 * row_bytes), *dloss = uniform_numbers(dtype, rows, -1, 1);
  int32_t *labels = fresh(rows * 4);
  for (ptrdiff_t r = 0; r < rows; r++) {
    labels[r] = columns == 0 || r % 5 == 4 ? -1 : (int32_t)(next_bits() % (uint64_t)columns);
    if (r % 6 == 5) set(dtype, dloss, r, 0);
  }
  FOR_EACH_THREAD_COUNT(normalizer, 2 * row_bytes, "cross_entropy",
                        adjoint_cross_entropy(dtype, loss, normalizer, x, labels, rows, columns))
  FOR_EACH_THREAD_COUNT(loss, row_bytes, "cross_entropy",
                        adjoint_cross_entropy(dtype, loss, normalizer, x, labels, rows, columns))
  FOR_EACH_THREAD_COUNT(dx, bytes, "cross_entropy_pullback",
                        adjoint_cross_entropy_pullback(dtype, dx, dloss, x, normalizer, labels, rows, columns))
  for (ptrdiff_t r = 0; r < rows; r++) {
    double maximum, log_sum;
    statistics(dtype, x, r, columns, &maximum, &log_sum);
    bool empty = columns == 0 || maximum == -INFINITY;
    double shift = get(dtype, normalizer, 2 * r), logs = get(dtype, normalizer, 2 * r + 1), d = get(dtype, dloss, r);
    double label = labels[r] < 0 ? 0 : get(dtype, x, r * columns + labels[r]);
    double expected = labels[r] < 0 ? 0 : isnan(maximum) ? NAN : label == -INFINITY ? INFINITY
                                                                              : log_sum + (maximum - label);
    check(near(dtype, get(dtype, loss, r), expected, 1), "loss %td x %td row %td: %g, not %g", rows, columns, r,
          get(dtype, loss, r), expected);
    double both = empty ? 0 : maximum + log_sum;
    check(near(dtype, shift + logs, both, 1 + (isfinite(both) ? fabs(both) : 0)), "normalizers: %g + %g, not %g", shift,
          logs, both);
    if (!empty && isfinite(both)) check(near(dtype, logs, log_sum, 1), "log of the sum: %g, not %g", logs, log_sum);
    for (ptrdiff_t c = 0; c < columns; c++) {
      double got = get(dtype, dx, r * columns + c), v = get(dtype, x, r * columns + c);
      double p = empty ? 0 : exp(v - maximum - log_sum);
      double gradient = labels[r] < 0 || d == 0 ? 0 : d * (p - (c == labels[r]));
      check(near(dtype, got, gradient, 1), "cross entropy gradient: %g, not %g", got,
            gradient);
    }
  }
  free(x);
  free(dx);
  free(loss);
  free(normalizer);
  free(dloss);
  free(labels);
}

int main(void) {
  for (int d = 0; d < 2; d++) {
    check_reductions(dtypes[d]);
    for (int s = 0; s < SIZE_COUNT; s++) {
      check_softmax(dtypes[d], 9, sizes[s]);
      check_cross_entropy(dtypes[d], sizes[s] > 1000 ? 2 : 37, sizes[s]);
    }
    for (ptrdiff_t columns = 1; columns < 140; columns += 3) check_softmax(dtypes[d], 8, columns);
    check_softmax(dtypes[d], 1000, 40);
    check_cross_entropy(dtypes[d], 1003, 40);
  }
  return finish("reductions");
}
