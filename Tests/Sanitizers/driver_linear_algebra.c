// Factorisations against the products they promise, for sizes around the blocks, stacks, and every number of threads.
#include "check.h"

static const ptrdiff_t extents[] = {0, 1, 2, 3, 5, 8, 17, 31, 32, 33, 65, 100};
enum { EXTENTS = sizeof extents / sizeof *extents };
enum { BATCH = 3 };

static void *copy_of(const void *array, ptrdiff_t bytes) {
  void *copy = fresh(bytes);
  if (bytes > 0) memcpy(copy, array, (size_t)bytes);
  return copy;
}

/// |Σ_k l[i, k] r[k, j]| of double arrays.
static double product(const double *l, const double *r, ptrdiff_t inner, ptrdiff_t columns, ptrdiff_t i, ptrdiff_t j) {
  double total = 0;
  for (ptrdiff_t k = 0; k < inner; k++) total += l[i * inner + k] * r[k * columns + j];
  return total;
}

static double *doubles(adjoint_dtype dtype, const void *array, ptrdiff_t first, ptrdiff_t count) {
  double *result = malloc((size_t)(count * 8 + 8));
  for (ptrdiff_t i = 0; i < count; i++) result[i] = get(dtype, array, first + i);
  return result;
}

static void check_lu(adjoint_dtype dtype, ptrdiff_t n) {
  const ptrdiff_t count = BATCH * n * n, bytes = count * size_of(dtype);
  void *a = uniform_numbers(dtype, count, -1, 1), *f = fresh(bytes);
  int32_t *permutation = fresh(BATCH * n * 4), signs[BATCH], singular[BATCH];
  FOR_EACH_THREAD_COUNT(f, bytes, "lu", {
    if (bytes > 0) memcpy(f, a, (size_t)bytes);
    adjoint_lu(dtype, BATCH, n, f, permutation, signs, singular);
  })
  void *single = copy_of(a, n * n * size_of(dtype));
  FOR_EACH_THREAD_COUNT(single, n * n * size_of(dtype), "lu of one matrix", {
    if (n > 0) memcpy(single, a, (size_t)(n * n * size_of(dtype)));
    adjoint_lu(dtype, 1, n, single, permutation, signs, singular);
  })
  check(n == 0 || memcmp(single, f, (size_t)(n * n * size_of(dtype))) == 0, "lu %td: one matrix and a stack", n);
  double *l = doubles(dtype, f, 0, n * n), *u = doubles(dtype, f, 0, n * n);
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      if (j >= i) l[i * n + j] = i == j;
      if (j < i) u[i * n + j] = 0;
    }
  }
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      check(fabs(l[i * n + j]) <= 1, "lu %td: %g at %td, %td", n, l[i * n + j], i, j);
      const double expected = get(dtype, a, permutation[i] * n + j);
      check(fabs(product(l, u, n, n, i, j) - expected) <= 8 * (double)(n + 1) * epsilon(dtype), "lu %td: %td, %td", n, i, j);
    }
  }
  check(singular[0] == -1 && (signs[0] == 1 || signs[0] == -1), "lu %td: singular at %d", n, singular[0]);
  if (n > 2) {
    // A column of zeros in the middle.
    for (ptrdiff_t i = 0; i < n; i++) set(dtype, a, i * n + n / 2, 0);
    adjoint_lu(dtype, 1, n, a, permutation, signs, singular);
    check(singular[0] == n / 2, "lu %td: column of zeros found at %d", n, singular[0]);
  }
  free(a), free(f), free(single), free(permutation), free(l), free(u);
}

static void check_triangle(adjoint_dtype dtype, ptrdiff_t n, ptrdiff_t columns, bool upper, bool unit) {
  const ptrdiff_t count = BATCH * n * columns, bytes = count * size_of(dtype);
  void *a = uniform_numbers(dtype, BATCH * n * n, -0.5, 0.5), *b = uniform_numbers(dtype, count, -1, 1), *x = fresh(bytes);
  for (ptrdiff_t i = 0; i < BATCH * n; i++) set(dtype, a, i * n + i % n, next_in(1, 2) * (double)(n + 1));
  for (ptrdiff_t i = 0; i < BATCH * n * n; i++) set(dtype, a, i, get(dtype, a, i) / (double)(n + 1));
  FOR_EACH_THREAD_COUNT(x, bytes, "triangular solve", {
    if (bytes > 0) memcpy(x, b, (size_t)bytes);
    adjoint_triangular_solve(dtype, upper, unit, BATCH, n, columns, a, x);
  })
  const ptrdiff_t last = BATCH - 1;
  double *t = doubles(dtype, a, last * n * n, n * n), *y = doubles(dtype, x, last * n * columns, n * columns);
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      if (upper ? j < i : j > i) t[i * n + j] = 0;
      if (unit && i == j) t[i * n + j] = 1;
    }
  }
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j < columns; j++) {
      const double error = fabs(product(t, y, n, columns, i, j) - get(dtype, b, (last * n + i) * columns + j));
      check(error <= 32 * (double)(n + 1) * epsilon(dtype), "triangular solve %td × %td: off by %g", n, columns, error);
    }
  }
  free(a), free(b), free(x), free(t), free(y);
}

static void check_cholesky(adjoint_dtype dtype, ptrdiff_t n) {
  const ptrdiff_t bytes = n * n * size_of(dtype);
  void *a = uniform_numbers(dtype, n * n, -1, 1), *f = fresh(bytes);
  for (ptrdiff_t i = 0; i < n; i++) {
    set(dtype, a, i * n + i, (double)n + 1);
    for (ptrdiff_t j = 0; j < i; j++) set(dtype, a, j * n + i, get(dtype, a, i * n + j));
  }
  int32_t failure;
  FOR_EACH_THREAD_COUNT(f, bytes, "cholesky", {
    if (bytes > 0) memcpy(f, a, (size_t)bytes);
    adjoint_cholesky(dtype, 1, n, f, &failure);
  })
  check(failure == -1, "cholesky %td: failed at %d", n, failure);
  double *l = doubles(dtype, f, 0, n * n);
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      double total = 0;
      for (ptrdiff_t k = 0; k < n; k++) total += l[i * n + k] * l[j * n + k];
      check(fabs(total - get(dtype, a, i * n + j)) <= 8 * (double)((n + 1) * (n + 1)) * epsilon(dtype) && (j <= i || l[i * n + j] == 0),
            "cholesky %td: %td, %td", n, i, j);
    }
  }
  if (n > 0) {
    set(dtype, a, n * n - 1, -1);
    adjoint_cholesky(dtype, 1, n, a, &failure);
    check(failure == n - 1 && get(dtype, a, n * n - 1) < 0, "cholesky %td: failure at %d", n, failure);
  }
  free(a), free(f), free(l);
}

static void check_eigen(adjoint_dtype dtype, ptrdiff_t n, double scale) {
  const ptrdiff_t bytes = n * n * size_of(dtype);
  void *a = uniform_numbers(dtype, n * n, -scale, scale), *v = fresh(bytes), *values = fresh(n * size_of(dtype));
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j < i; j++) set(dtype, a, j * n + i, get(dtype, a, i * n + j));
  }
  if (bytes > 0) memcpy(v, a, (size_t)bytes);
  int32_t failure;
  adjoint_symmetric_eigen(dtype, 1, n, v, values, &failure);
  check(failure == 0, "eigen %td failed", n);
  double *x = doubles(dtype, v, 0, n * n);
  const double tolerance = 16 * (double)(n + 1) * epsilon(dtype);
  for (ptrdiff_t i = 0; i < n; i++) {
    check(i == 0 || get(dtype, values, i - 1) <= get(dtype, values, i), "eigen %td: order", n);
    for (ptrdiff_t j = 0; j < n; j++) {
      double product = 0, square = 0;
      for (ptrdiff_t k = 0; k < n; k++) {
        product += get(dtype, a, j * n + k) * x[i * n + k];
        square += x[i * n + k] * x[j * n + k];
      }
      check(fabs(product - get(dtype, values, i) * x[i * n + j]) <= tolerance * scale * (double)(n + 1), "eigen %td: vector %td", n, i);
      check(fabs(square - (i == j)) <= tolerance, "eigen %td: %td and %td: %g", n, i, j, square);
    }
  }
  free(a), free(v), free(values), free(x);
}

static void check_singular_values(adjoint_dtype dtype, ptrdiff_t n, ptrdiff_t m, double scale) {
  void *a = uniform_numbers(dtype, n * m, -scale, scale), *values = fresh(n * size_of(dtype));
  // A row that is another one doubled, so that a value is 0.
  if (n > 2) for (ptrdiff_t j = 0; j < m; j++) set(dtype, a, m + j, 2 * get(dtype, a, j));
  if (n > 4) for (ptrdiff_t j = 0; j < m; j++) set(dtype, a, 3 * m + j, 0);
  void *right = copy_of(a, n * m * size_of(dtype)), *left = fresh(n * n * size_of(dtype));
  int32_t failure;
  adjoint_singular_values(dtype, 1, n, m, right, values, left, &failure);
  check(failure == 0, "singular values %td × %td failed", n, m);
  const double tolerance = 32 * (double)(m + 1) * epsilon(dtype);
  for (ptrdiff_t i = 0; i < n; i++) {
    check(get(dtype, values, i) >= 0 && (i == 0 || get(dtype, values, i - 1) >= get(dtype, values, i)), "singular values: order");
    for (ptrdiff_t j = 0; j < m; j++) {
      double total = 0;
      for (ptrdiff_t k = 0; k < n; k++) total += get(dtype, left, k * n + i) * get(dtype, values, k) * get(dtype, right, k * m + j);
      check(fabs(total - get(dtype, a, i * m + j)) <= tolerance * scale * (double)(n + 1), "singular values %td × %td: %g", n, m, total);
    }
    for (ptrdiff_t j = 0; j < n; j++) {
      double rows = 0, columns = 0;
      for (ptrdiff_t k = 0; k < m; k++) rows += get(dtype, right, i * m + k) * get(dtype, right, j * m + k);
      for (ptrdiff_t k = 0; k < n; k++) columns += get(dtype, left, i * n + k) * get(dtype, left, j * n + k);
      check(fabs(rows - (i == j)) <= tolerance && fabs(columns - (i == j)) <= tolerance,
            "singular values %td × %td: %td and %td: %g, %g", n, m, i, j, rows, columns);
    }
  }
  free(a), free(values), free(right), free(left);
}

int main(void) {
  for (int d = 0; d < 2; d++) {
    const double small = d == 0 ? 0x1p-120 : 0x1p-1000, large = 1 / small;
    for (int e = 0; e < EXTENTS; e++) {
      const ptrdiff_t n = extents[e];
      check_lu(dtypes[d], n);
      check_cholesky(dtypes[d], n);
      for (int flags = 0; flags < 4; flags++) {
        check_triangle(dtypes[d], n, 1, flags & 1, flags & 2);
        check_triangle(dtypes[d], n, 70, flags & 1, flags & 2);
      }
      check_eigen(dtypes[d], n, 1);
      check_eigen(dtypes[d], n, small);
      check_eigen(dtypes[d], n, large);
      check_singular_values(dtypes[d], n, n, 1);
      check_singular_values(dtypes[d], n, n + 5, small);
      check_singular_values(dtypes[d], n / 2, n, large);
    }
  }
  return finish("linear_algebra");
}
