// Runs every entry point of the matrix product and sparse families on buffers of exactly the right size,
// for many small and odd extents, compares with plain loops in double, and checks that 1, 2, 3 and 7 threads give the
// same bits. Built with the address and undefined-behaviour sanitizers by run.sh.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "AdjointKernels.h"

static long passed, failed;

static void check(bool condition, const char *what, long a, long b, long c, long d) {
  if (condition) {
    passed++;
  } else if (++failed <= 30) {
    printf("FAILED: %s (%ld, %ld, %ld, %ld)\n", what, a, b, c, d);
  }
}

// MARK: Arrays of either element type

typedef struct array { adjoint_dtype dtype; ptrdiff_t count; void *data; } array;

static uint64_t state = 1;
static double uniform(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(int64_t)(state >> 11) / 9007199254740992.0 * 2 - 1;
}
static size_t bytes_of(array a) { return (size_t)a.count * (a.dtype == ADJOINT_FLOAT32 ? 4 : 8); }
static double get(array a, ptrdiff_t i) {
  return a.dtype == ADJOINT_FLOAT32 ? ((float *)a.data)[i] : ((double *)a.data)[i];
}
static void put(array a, ptrdiff_t i, double value) {
  if (a.dtype == ADJOINT_FLOAT32) ((float *)a.data)[i] = (float)value;
  else ((double *)a.data)[i] = value;
}
/// Large arrays begin with a line of the caches, so that results can be written past these, and small ones anywhere.
static array unset(adjoint_dtype dtype, ptrdiff_t count) {
  array a = { dtype, count, NULL };
  if (bytes_of(a) < 1 << 20) a.data = malloc(bytes_of(a));
  else if (posix_memalign(&a.data, 64, bytes_of(a)) != 0) abort();
  return a;
}
static array make(adjoint_dtype dtype, ptrdiff_t count) {
  array a = unset(dtype, count);
  for (ptrdiff_t i = 0; i < count; i++) put(a, i, uniform());
  return a;
}
static array copy(array a) {
  array b = unset(a.dtype, a.count);
  if (a.count > 0) memcpy(b.data, a.data, bytes_of(a));
  return b;
}
static void copy_to(array to, array from) { if (to.count > 0) memcpy(to.data, from.data, bytes_of(to)); }
static bool same_bits(array a, array b) { return a.count == 0 || memcmp(a.data, b.data, bytes_of(a)) == 0; }
static double tolerance(adjoint_dtype dtype) { return dtype == ADJOINT_FLOAT32 ? 4e-6 : 8e-15; }
static bool near(array a, ptrdiff_t i, double value, double scale) {
  const double x = get(a, i);
  if (isnan(value) || isnan(x)) return isnan(value) && isnan(x);
  if (isinf(value)) return x == value;
  return fabs(x - value) <= tolerance(a.dtype) * (scale + fabs(value));
}

/// Runs `call` with 1, 2, 3 and 7 threads, each time on a fresh copy of `initial` in `result`.
#define FOR_THREADS(result, initial, what, a, b, c, d, call) do { \
  static const int thread_counts_[] = { 2, 3, 7 }; \
  adjoint_set_thread_count(1); \
  copy_to(result, initial); \
  call; \
  array first_ = copy(result); \
  for (int t_ = 0; t_ < 3; t_++) { \
    adjoint_set_thread_count(thread_counts_[t_]); \
    copy_to(result, initial); \
    call; \
    check(same_bits(first_, result), what " threads", a, b, c, d); \
  } \
  free(first_.data); \
} while (0)

// MARK: Matrix products

static void product(adjoint_dtype dtype, int flags, ptrdiff_t batch, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  const bool tl = flags & 1, tr = flags & 2, accumulate = flags & 4, biased = flags & 8;
  const bool left_shared = flags & 16, right_shared = flags & 32;
  array left = make(dtype, m * k * (left_shared ? 1 : batch)), right = make(dtype, k * n * (right_shared ? 1 : batch));
  array initial = make(dtype, batch * m * n), result = copy(initial), bias = make(dtype, n);
  const ptrdiff_t ls = left_shared ? 0 : m * k, rs = right_shared ? 0 : k * n;
  FOR_THREADS(result, initial, "matmul", m, n, k, flags,
              adjoint_matmul(dtype, tl, tr, batch, m, n, k, left.data, ls, right.data, rs, result.data,
                             biased ? bias.data : NULL, accumulate));
  bool right_values = true;
  for (ptrdiff_t b = 0; b < batch; b++)
    for (ptrdiff_t i = 0; i < m; i++)
      for (ptrdiff_t j = 0; j < n; j++) {
        double sum = (biased ? get(bias, j) : 0) + (accumulate ? get(initial, (b * m + i) * n + j) : 0);
        for (ptrdiff_t q = 0; q < k; q++)
          sum += get(left, b * ls + (tl ? q * m + i : i * k + q)) * get(right, b * rs + (tr ? j * k + q : q * n + j));
        right_values &= near(result, (b * m + i) * n + j, sum, sqrt((double)k) + 1);
      }
  check(right_values, "matmul", m, n, k, flags + 1000 * batch);
  free(left.data); free(right.data); free(initial.data); free(result.data); free(bias.data);
}

static void special_values(adjoint_dtype dtype) {
  // 0 · ∞ is NaN, in whatever tile, and touches its own row or column only.
  for (int flags = 0; flags < 4; flags++) {
    enum { M = 17, N = 37, K = 9 };
    array left = make(dtype, M * K), right = make(dtype, K * N), result = make(dtype, M * N);
    for (int i = 0; i < M * K; i++) put(left, i, 0);
    put(right, flags & 2 ? 35 * K + 4 : 4 * N + 35, INFINITY);
    adjoint_matmul(dtype, flags & 1, flags & 2, 1, M, N, K, left.data, 0, right.data, 0, result.data, NULL, false);
    bool good = true;
    for (int i = 0; i < M; i++) for (int j = 0; j < N; j++) good &= isnan(get(result, i * N + j)) == (j == 35);
    check(good, "matmul special values", flags, dtype, 0, 0);
    free(left.data); free(right.data); free(result.data);
  }
}

/// An element has the same bits however many rows there are beside it.
static void first_rows(adjoint_dtype dtype, int flags, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  static const ptrdiff_t counts[] = { 1, 3, 16, 17, 33, 70, 129, 300 };
  array left = make(dtype, m * k), right = make(dtype, k * n), all = make(dtype, m * n), numbers = make(dtype, n);
  // A product that is computed transposed adds a bias after all sums, and one with a bias is not cut along the inner axis.
  const void *bias = flags & 2 || k > 4096 ? NULL : numbers.data;
  adjoint_matmul(dtype, false, flags & 2, 1, m, n, k, left.data, 0, right.data, 0, all.data, bias, false);
  for (size_t i = 0; i < sizeof counts / sizeof *counts && counts[i] <= m; i++) {
    array some = make(dtype, counts[i] * n);
    adjoint_matmul(dtype, false, flags & 2, 1, counts[i], n, k, left.data, 0, right.data, 0, some.data, bias, false);
    check(memcmp(some.data, all.data, bytes_of(some)) == 0, "matmul, first rows", counts[i], n, k, flags);
    free(some.data);
  }
  free(left.data); free(right.data); free(all.data); free(numbers.data);
}

/// Rows and columns of infinities, NaN, huge, tiny and denormal numbers, one column in `every`, against the same products
/// in double. Where the exact sum leaves the range of float, so must the result.
static void unusual_numbers(adjoint_dtype dtype, int flags, ptrdiff_t every, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  static const double unusual[] = { INFINITY, -INFINITY, NAN, 1e38, -1e38, 1e25, 3e-39, 1e-42, -1e-30, 1e-20 };
  enum { COUNT = sizeof unusual / sizeof *unusual };
  const bool tl = flags & 1, tr = flags & 2;
  array left = make(dtype, m * k), right = make(dtype, k * n), result = make(dtype, m * n), initial = copy(result);
  // Numbers close to the least one, beside ordinary ones.
  for (ptrdiff_t i = 0; i < m * k; i += 7) put(left, i, get(left, i) * 1e-36);
  for (ptrdiff_t i = 0; i < k * n; i += 7) put(right, i, get(right, i) * 1e-36);
  // A place in one row in three and one column in `every`, or all of the row or column.
  for (ptrdiff_t i = 1; i < m; i += 3)
    for (ptrdiff_t q = 0; q < k; q++) {
      const double u = unusual[i / 3 % COUNT];
      if (q == i % k || fabs(u) < 1e-10) put(left, tl ? q * m + i : i * k + q, q == i % k ? u : uniform() * u);
    }
  for (ptrdiff_t j = every / 2; j < n; j += every)
    for (ptrdiff_t q = 0; q < k; q++) {
      const double u = unusual[j / 5 % COUNT];
      if (q == j % k || fabs(u) < 1e-10) put(right, tr ? j * k + q : q * n + j, q == j % k ? u : uniform() * u);
    }
  FOR_THREADS(result, initial, "matmul, unusual numbers", m, n, k, flags,
              adjoint_matmul(dtype, tl, tr, 1, m, n, k, left.data, 0, right.data, 0, result.data, NULL, false));
  bool good = true;
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      long double sum = 0, size = 0;
      for (ptrdiff_t q = 0; q < k; q++) {
        const long double a = get(left, tl ? q * m + i : i * k + q), b = get(right, tr ? j * k + q : q * n + j), p = a * b;
        sum += p;
        size += fabsl(p);
      }
      const double x = get(result, i * n + j), largest = dtype == ADJOINT_FLOAT32 ? 0x1p127 : 0x1p1023;
      const double least = dtype == ADJOINT_FLOAT32 ? 0x1p-149 : 0x1p-1074;
      if (isnan(sum)) good &= isnan(x);
      else if (isinf(sum)) good &= x == (double)sum;
      else if (size < largest) good &= fabsl(x - sum) <= tolerance(dtype) * size + (long double)least * k;
    }
  check(good, "matmul, unusual numbers", m, n, k, flags);
  free(left.data); free(right.data); free(result.data); free(initial.data);
}

/// A result that is too large to stay in the caches has the bits of its quarters, which are not.
static void large_result(adjoint_dtype dtype, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  array left = make(dtype, m * k), right = make(dtype, k * n), whole = make(dtype, m * n), part = make(dtype, m / 4 * n);
  adjoint_matmul(dtype, false, false, 1, m, n, k, left.data, 0, right.data, 0, whole.data, NULL, false);
  for (int i = 0; i < 4; i++) {
    const char *rows = (char *)left.data + i * bytes_of(left) / 4, *result = (char *)whole.data + i * bytes_of(whole) / 4;
    adjoint_matmul(dtype, false, false, 1, m / 4, n, k, rows, 0, right.data, 0, part.data, NULL, false);
    check(memcmp(result, part.data, bytes_of(part)) == 0, "matmul, large result", i, m, n, k);
  }
  free(left.data); free(right.data); free(whole.data); free(part.data);
}

static void products(adjoint_dtype dtype) {
  static const ptrdiff_t sizes[] = { 0, 1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 40, 49 };
  enum { COUNT = sizeof sizes / sizeof *sizes };
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < COUNT; j++)
      for (int k = 0; k < COUNT; k++) product(dtype, (i * 5 + j * 3 + k * 7) % 16, 1, sizes[i], sizes[j], sizes[k]);
  static const ptrdiff_t shapes[][3] = {
    { 15, 64, 33 }, { 29, 65, 100 }, { 57, 81, 20 }, { 100, 40, 70 }, { 128, 33, 16 }, { 61, 96, 400 }, { 3, 200, 64 },
    { 1, 129, 300 }, { 129, 1, 300 }, { 43, 128, 90 }, { 150, 150, 150 }, { 20, 70, 1025 }, { 5, 3, 5000 },
    { 17, 9, 9001 }, { 40, 60, 4100 }, { 300, 16, 130 }, { 32, 256, 128 }, { 230, 170, 60 },
  };
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int flags = 0; flags < 16; flags += flags < 4 ? 1 : 3)
      product(dtype, flags, 1, shapes[i][0], shapes[i][1], shapes[i][2]);
  static const ptrdiff_t batches[][4] = {
    { 0, 3, 3, 3 }, { 2, 1, 1, 1 }, { 3, 5, 7, 9 }, { 4, 17, 33, 12 }, { 65, 8, 8, 8 }, { 2, 64, 48, 200 },
    { 9, 40, 50, 33 }, { 3, 4, 0, 2 }, { 3, 4, 5, 0 },
  };
  for (size_t i = 0; i < sizeof batches / sizeof *batches; i++)
    for (int flags = 0; flags < 64; flags++)
      product(dtype, flags, batches[i][0], batches[i][1], batches[i][2], batches[i][3]);
  product(dtype, 32, 3, 200, 220, 260);
  // Both operands packed for all threads; few rows, cut into columns; an inner axis cut into pieces.
  for (int flags = 0; flags < 4; flags++) product(dtype, flags + 4 * (flags % 2), 1, 260, 304, 330);
  for (int flags = 0; flags < 16; flags += 3) product(dtype, flags, 1, 70, 530, 40);
  product(dtype, 12, 1, 530, 24, 4200);
  special_values(dtype);
  // Many rows; and few, of which each thread has all.
  large_result(dtype, 22016, 192, 128);
  large_result(dtype, 256, 16384, 64);
  // Operands that are split into parts: tails of squares, both sides of the limits and of the depth.
  static const ptrdiff_t inner[] = { 63, 64, 65, 81, 127, 128, 129, 145, 255, 513, 1100 };
  static const ptrdiff_t columns[] = { 127, 128, 129, 191, 193, 207, 208, 240, 241, 264 };
  for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
    for (int flags = 0; flags < 16; flags += 3) {
      const ptrdiff_t rows = flags & 1 ? 124 + 3 * (ptrdiff_t)i : 1 + 7 * (ptrdiff_t)i;
      product(dtype, flags, 1, rows, columns[(i + (size_t)flags) % 10] + (flags & 1 ? 320 : 0), inner[i]);
    }
  product(dtype, 1, 1, 195, 200, 4200);
  // Whole squares, of three blocks each, which are written while others are computed.
  for (int flags = 0; flags < 16; flags += 4) product(dtype, flags, 1, 128, 192, 96);
  // More rows than are split at once, cut along the inner axis.
  product(dtype, 0, 1, 265, 200, 4200);
  static const ptrdiff_t weights[][2] = { { 63, 530 }, { 64, 512 }, { 65, 505 }, { 512, 64 }, { 530, 65 }, { 517, 63 },
                                           { 64, 256 }, { 255, 64 }, { 128, 128 }, { 127, 129 }, { 131, 125 } };
  for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
    const ptrdiff_t inputs = weights[i][0], outputs = weights[i][1];
    product(dtype, 1, 1, inputs, outputs, 63 + (ptrdiff_t)i);
    for (int flags = 0; flags < 4; flags += 2) product(dtype, flags, 1, 37, outputs, inputs);
  }
  for (int flags = 0; flags < 4; flags++) {
    const ptrdiff_t wider = flags & 1 ? 320 : 0;
    unusual_numbers(dtype, flags, 5, 133, 197 + wider, 135);
    unusual_numbers(dtype, flags, 5, 129, 214 + wider, 300);
    unusual_numbers(dtype, flags, 1, 130, 209 + wider, 140);
    unusual_numbers(dtype, flags, 5, 270, 197 + wider, 150);
    unusual_numbers(dtype, flags, 5, 260, 66, 270);
    // Whole squares of rows, and columns, that are split while the ones before are multiplied, in one chain and in two.
    unusual_numbers(dtype, flags, 5, 150, 197 + wider, 160);
    unusual_numbers(dtype, flags, 5, 64, 256, 544);
    unusual_numbers(dtype, flags, 1, 290, 128, 128);
    if (flags & 1) continue;
    // Few rows, for which the right operand is split just before it is needed.
    unusual_numbers(dtype, flags, 5, 3, 197, 135);
    unusual_numbers(dtype, flags, 5, 40, 200, 600);
    unusual_numbers(dtype, flags, 1, 33, 209, 140);
    // Inner axes of several chains, in pieces that fit the cache or whole.
    first_rows(dtype, flags, 301, 193, 1100);
    first_rows(dtype, flags, 72, 530, 2000);
    first_rows(dtype, flags, 600, 40, 4500);
    first_rows(dtype, flags, 600, 66, 4500);
    first_rows(dtype, flags, 70, 200, 9000);
    first_rows(dtype, flags, 330, 128, 128);
    first_rows(dtype, flags, 301, 64, 256);
    first_rows(dtype, flags, 140, 264, 64);
    first_rows(dtype, flags, 301, 53, 300);
    first_rows(dtype, flags, 301, 209, 300);
    first_rows(dtype, flags, 140, 600, 280);
    first_rows(dtype, flags, 70, 40, 33);
  }
}

static void sparse(adjoint_dtype dtype);

int main(void) {
  for (int dtype = 0; dtype < 2; dtype++) {
    products((adjoint_dtype)dtype);
    sparse((adjoint_dtype)dtype);
  }
  printf("%s: %ld passed, %ld failed\n", adjoint_instruction_set_name(), passed, failed);
  return failed > 0;
}

// MARK: Sparse
typedef struct graph {
  adjoint_rows rows;
  ptrdiff_t column_count, entries;
  int32_t *offsets, *columns, *order;
} graph;

static int32_t below(ptrdiff_t n) { return (int32_t)((uniform() + 1) / 2 * (double)n) % (int32_t)n; }

/// Random entries: many rows are empty or short, and one is long.
static graph make_graph(ptrdiff_t row_count, ptrdiff_t column_count, bool indexed, bool ordered) {
  graph g = { .column_count = column_count };
  g.offsets = malloc((size_t)(row_count + 1) * sizeof(int32_t));
  g.offsets[0] = 0;
  for (ptrdiff_t r = 0; r < row_count; r++) {
    const int32_t degree = column_count == 0 ? 0 : r == row_count / 2 ? 70 : r % 5 == 0 ? 0 : below(9) + (r % 3 == 0);
    g.offsets[r + 1] = g.offsets[r] + degree;
  }
  g.entries = g.offsets[row_count];
  g.columns = malloc((size_t)g.entries * sizeof(int32_t));
  g.order = malloc((size_t)g.entries * sizeof(int32_t));
  for (ptrdiff_t e = 0; e < g.entries; e++) {
    g.columns[e] = below(column_count);
    g.order[e] = (int32_t)(g.entries - 1 - e);
  }
  if (!indexed) g.column_count = g.entries;
  g.rows = (adjoint_rows){ row_count, g.offsets, indexed ? g.columns : NULL, ordered ? g.order : NULL };
  return g;
}
static void free_graph(graph g) { free(g.offsets); free(g.columns); free(g.order); }
static ptrdiff_t source(graph g, ptrdiff_t e) { return g.rows.columns ? g.columns[e] : e; }
static ptrdiff_t place(graph g, ptrdiff_t e) { return g.rows.order ? g.order[e] : e; }
/// w x as the kernels round it, so that equal products compare equal here too.
static double weighted(graph g, array values, bool weights, array x, ptrdiff_t e, ptrdiff_t i) {
  if (!weights) return get(x, i);
  const double v = get(values, place(g, e)) * get(x, i);
  return x.dtype == ADJOINT_FLOAT32 ? (float)v : v;
}

static void sums(adjoint_dtype dtype, graph g, ptrdiff_t width, int flags) {
  const bool weights = flags & 1, mean = flags & 2, biased = flags & 4;
  const ptrdiff_t n = g.rows.row_count;
  array x = make(dtype, g.column_count * width), values = make(dtype, g.entries), bias = make(dtype, width);
  array initial = make(dtype, n * width), y = copy(initial);
  FOR_THREADS(y, initial, "rows_sum", n, width, flags, g.rows.columns != NULL,
              adjoint_rows_sum(dtype, &g.rows, weights ? values.data : NULL, x.data, width, mean,
                               biased ? bias.data : NULL, y.data));
  bool good = true;
  for (ptrdiff_t r = 0; r < n; r++)
    for (ptrdiff_t d = 0; d < width; d++) {
      double sum = 0;
      const ptrdiff_t begin = g.offsets[r], end = g.offsets[r + 1];
      for (ptrdiff_t e = begin; e < end; e++)
        sum += (weights ? get(values, place(g, e)) : 1) * get(x, source(g, e) * width + d);
      if (mean && end > begin) sum /= (double)(end - begin);
      good &= near(y, r * width + d, sum + (biased ? get(bias, d) : 0), 4);
    }
  check(good, "rows_sum", n, width, flags, g.rows.columns != NULL);
  free(x.data); free(values.data); free(bias.data); free(initial.data); free(y.data);
}

// The gradient of extremes `y`, which `count` entries attain, handed to the winners: entry e has row e of the result, or
// the one as far from the end.
static void shares_of_extremes(adjoint_dtype dtype, graph g, ptrdiff_t width, array x, array y, array count,
                               const void *winners) {
  const ptrdiff_t n = g.rows.row_count, entries = g.entries;
  array upstream = make(dtype, n * width), initial = make(dtype, entries * width), dx = copy(initial);
  int32_t *backwards = malloc((size_t)entries * sizeof(int32_t) + 1);
  for (ptrdiff_t e = 0; e < entries; e++) backwards[e] = (int32_t)(entries - 1 - e);
  for (int reverses = 0; reverses < 2; reverses++) {
    const adjoint_rows rows = {n, g.rows.offsets, reverses ? backwards : NULL, NULL};
    FOR_THREADS(dx, initial, "rows_extreme_shares", n, width, reverses, false,
                adjoint_rows_extreme_shares(dtype, &rows, winners, count.data, upstream.data, width, dx.data));
    bool good = true;
    for (ptrdiff_t r = 0; r < n; r++)
      for (ptrdiff_t e = g.offsets[r]; e < g.offsets[r + 1]; e++)
        for (ptrdiff_t d = 0; d < width; d++) {
          const bool attains = get(x, source(g, e) * width + d) == get(y, r * width + d);
          const double share = attains ? get(upstream, r * width + d) / get(count, r * width + d) : 0;
          good &= near(dx, (reverses ? entries - 1 - e : e) * width + d, share, 4);
        }
    check(good, "rows_extreme_shares", n, width, reverses, false);
  }
  free(backwards);
  free(upstream.data); free(initial.data); free(dx.data);
}

// `flags`: 1 for weights, 2 for the largest, 4 for counts; MARKED for counts and winners, without weights.
enum { MARKED = 8 };
static void extremes(adjoint_dtype dtype, graph g, ptrdiff_t width, int flags) {
  const bool weights = flags & 1, marked = flags & MARKED, counted = marked || flags & 4;
  const int sign = flags & 2 ? 1 : -1;
  const ptrdiff_t n = g.rows.row_count;
  static const double unusual[] = { NAN, INFINITY, -INFINITY, 0.0, -0.0 };
  array x = make(dtype, g.column_count * width), values = make(dtype, g.entries);
  // Few different numbers, so that there are ties.
  for (ptrdiff_t i = 0; i < x.count; i++) put(x, i, i % 19 == 4 ? unusual[i / 19 % 5] : floor(get(x, i) * 3));
  for (ptrdiff_t i = 0; i < values.count; i++) put(values, i, i % 3 - 1);
  array initial = make(dtype, n * width), y = copy(initial), count = copy(initial);
  const ptrdiff_t winner_bytes = g.entries * adjoint_winner_bytes(dtype, width);
  void *winners = marked ? malloc((size_t)winner_bytes) : NULL;
  FOR_THREADS(y, initial, "rows_extreme", n, width, flags, g.rows.columns != NULL,
              adjoint_rows_extreme(dtype, sign, &g.rows, weights ? values.data : NULL, x.data, width, y.data,
                                   counted ? count.data : NULL, winners));
  if (counted) {
    const array counted_by_many = copy(count);
    void *const found_by_many = malloc((size_t)winner_bytes);
    if (marked && winner_bytes > 0) memcpy(found_by_many, winners, (size_t)winner_bytes);
    adjoint_set_thread_count(1);
    adjoint_rows_extreme(dtype, sign, &g.rows, weights ? values.data : NULL, x.data, width, y.data, count.data, winners);
    check(same_bits(count, counted_by_many) && (!marked || memcmp(winners, found_by_many, (size_t)winner_bytes) == 0),
          "rows_extreme, winners, threads", n, width, flags, g.rows.columns != NULL);
    free(counted_by_many.data); free(found_by_many);
  }
  bool good = true;
  for (ptrdiff_t r = 0; r < n; r++)
    for (ptrdiff_t d = 0; d < width; d++) {
      double best = 0, attained = 0;
      for (ptrdiff_t e = g.offsets[r]; e < g.offsets[r + 1]; e++) {
        const double v = weighted(g, values, weights, x, e, source(g, e) * width + d);
        if (e == g.offsets[r] || (isnan(v) && !isnan(best)) || (sign > 0 ? v > best : v < best)) {
          best = v;
          attained = 1;
        } else if (v == best || (isnan(v) && isnan(best))) {
          attained++;
        }
      }
      if (marked && isnan(best)) attained = 0;
      good &= near(y, r * width + d, best, 0) && (!counted || get(count, r * width + d) == attained);
    }
  check(good, "rows_extreme", n, width, flags, g.rows.columns != NULL);
  if (marked) shares_of_extremes(dtype, g, width, x, y, count, winners);
  free(winners);

  // The pullback only needs arrays of the right shapes: here the grouping is its own transposed one.
  array saved = make(dtype, g.column_count * width), shares = make(dtype, g.column_count * width);
  array own = make(dtype, n * width), dx = copy(initial);
  for (ptrdiff_t i = 0; i < saved.count; i++) put(saved, i, floor(get(saved, i) * 3));
  for (ptrdiff_t i = 0; i < own.count; i++) put(own, i, floor(get(own, i) * 3));
  FOR_THREADS(dx, initial, "rows_extreme_pullback", n, width, flags, g.rows.columns != NULL,
              adjoint_rows_extreme_pullback(dtype, &g.rows, weights ? values.data : NULL, own.data, saved.data,
                                            shares.data, width, dx.data));
  good = true;
  for (ptrdiff_t r = 0; r < n; r++)
    for (ptrdiff_t d = 0; d < width; d++) {
      double sum = 0;
      for (ptrdiff_t e = g.offsets[r]; e < g.offsets[r + 1]; e++) {
        const ptrdiff_t i = source(g, e) * width + d;
        const double w = weights ? get(values, place(g, e)) : 1;
        if (w * get(own, r * width + d) != get(saved, i)) continue;
        sum += w * get(shares, i);
      }
      good &= near(dx, r * width + d, sum, 4);
    }
  check(good, "rows_extreme_pullback", n, width, flags, g.rows.columns != NULL);
  free(x.data); free(values.data); free(initial.data); free(y.data); free(count.data);
  free(saved.data); free(shares.data); free(own.data); free(dx.data);
}

static void dots(adjoint_dtype dtype, graph g, ptrdiff_t width) {
  const ptrdiff_t n = g.rows.row_count;
  array a = make(dtype, n * width), b = make(dtype, g.column_count * width);
  array initial = make(dtype, g.entries), values = copy(initial);
  FOR_THREADS(values, initial, "rows_dot", n, width, 0, g.rows.columns != NULL,
              adjoint_rows_dot(dtype, &g.rows, a.data, b.data, width, values.data));
  bool good = true;
  for (ptrdiff_t r = 0; r < n; r++)
    for (ptrdiff_t e = g.offsets[r]; e < g.offsets[r + 1]; e++) {
      double sum = 0;
      for (ptrdiff_t d = 0; d < width; d++) sum += get(a, r * width + d) * get(b, source(g, e) * width + d);
      good &= near(values, place(g, e), sum, 4);
    }
  check(good, "rows_dot", n, width, 0, g.rows.columns != NULL);
  free(a.data); free(b.data); free(initial.data); free(values.data);
}

static void gathers(adjoint_dtype dtype, ptrdiff_t from, ptrdiff_t count, ptrdiff_t width) {
  array x = make(dtype, from * width), initial = make(dtype, count * width), y = copy(initial);
  array factors = make(dtype, from), scaled = copy(initial);
  int32_t *indices = malloc((size_t)count * sizeof(int32_t));
  for (ptrdiff_t i = 0; i < count; i++) indices[i] = below(from);
  FOR_THREADS(y, initial, "gather_rows", from, count, width, 0,
              adjoint_gather_rows(dtype, x.data, NULL, indices, count, width, y.data));
  FOR_THREADS(scaled, initial, "gather_rows, scaled", from, count, width, 1,
              adjoint_gather_rows(dtype, x.data, factors.data, indices, count, width, scaled.data));
  bool good = true, times = true;
  for (ptrdiff_t i = 0; i < count; i++)
    for (ptrdiff_t d = 0; d < width; d++) {
      const double expected = get(x, indices[i] * width + d), product = get(factors, indices[i]) * expected;
      good &= get(y, i * width + d) == expected;
      times &= get(scaled, i * width + d) == (dtype == ADJOINT_FLOAT32 ? (float)product : product);
    }
  check(good, "gather_rows", from, count, width, 0);
  check(times, "gather_rows, scaled", from, count, width, 1);
  free(x.data); free(initial.data); free(y.data); free(factors.data); free(scaled.data); free(indices);
}

static void softmaxes(adjoint_dtype dtype, graph g, ptrdiff_t width) {
  const ptrdiff_t n = g.rows.row_count;
  array x = make(dtype, g.entries * width), initial = make(dtype, g.entries * width), y = copy(initial);
  array dy = make(dtype, g.entries * width), dx = copy(initial);
  for (ptrdiff_t i = 0; i < x.count; i++) put(x, i, i % 11 == 0 ? -INFINITY : get(x, i) * 30);
  // A row that is −∞ throughout.
  for (ptrdiff_t i = n > 1 ? g.offsets[1] * width : 0; n > 1 && i < g.offsets[2] * width; i++) put(x, i, -INFINITY);
  FOR_THREADS(y, initial, "rows_softmax", n, width, 0, 0, adjoint_rows_softmax(dtype, &g.rows, x.data, width, y.data));
  FOR_THREADS(dx, initial, "rows_softmax_pullback", n, width, 0, 0,
              adjoint_rows_softmax_pullback(dtype, &g.rows, dy.data, y.data, width, dx.data));
  bool good = true, pulled = true;
  for (ptrdiff_t r = 0; r < n; r++)
    for (ptrdiff_t d = 0; d < width; d++) {
      double largest = -INFINITY, sum = 0, product = 0;
      const ptrdiff_t begin = g.offsets[r], end = g.offsets[r + 1];
      for (ptrdiff_t e = begin; e < end; e++) largest = fmax(largest, get(x, e * width + d));
      for (ptrdiff_t e = begin; e < end; e++) {
        sum += exp(get(x, e * width + d) - largest);
        product += get(dy, e * width + d) * get(y, e * width + d);
      }
      for (ptrdiff_t e = begin; e < end; e++) {
        const ptrdiff_t i = e * width + d;
        good &= near(y, i, isinf(largest) ? 0 : exp(get(x, i) - largest) / sum, 1e-3);
        pulled &= near(dx, i, get(y, i) * (get(dy, i) - product), 1);
      }
    }
  check(good, "rows_softmax", n, width, 0, 0);
  check(pulled, "rows_softmax_pullback", n, width, 0, 0);
  free(x.data); free(initial.data); free(y.data); free(dy.data); free(dx.data);
}

static void sparse(adjoint_dtype dtype) {
  static const ptrdiff_t widths[] = {
    0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 63, 64, 65, 100, 127, 128, 129, 200, 256, 257, 300,
  };
  static const ptrdiff_t sizes[][2] = { { 0, 0 }, { 0, 5 }, { 1, 1 }, { 3, 0 }, { 13, 4 }, { 61, 40 } };
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
      for (int form = 0; form < 4; form++) {
        graph g = make_graph(sizes[s][0], sizes[s][1], form & 1, form & 2);
        const ptrdiff_t width = widths[w];
        for (int flags = 0; flags < 8; flags++) sums(dtype, g, width, flags);
        for (int kind = 0; kind < 5; kind++) {
          static const int flags[] = { 0, 1, 4, 5, MARKED };
          extremes(dtype, g, width, flags[kind] | ((s + w + (size_t)kind) % 2 ? 2 : 0));
        }
        dots(dtype, g, width);
        if (form == 0) softmaxes(dtype, g, width);
        if (form == 0 && sizes[s][1] > 0) gathers(dtype, sizes[s][1], sizes[s][0] * 3, width);
        free_graph(g);
      }
  // Large enough for several pieces, and for results that are written past the caches.
  graph g = make_graph(17000, 900, true, true);
  sums(dtype, g, 256, 1);
  sums(dtype, g, 261, 7);
  sums(dtype, g, 300, 2);
  sums(dtype, g, 50, 7);
  sums(dtype, g, 7, 1);
  extremes(dtype, g, 20, 7);
  extremes(dtype, g, 20, MARKED);
  extremes(dtype, g, 80, MARKED | 2);
  dots(dtype, g, 24);
  softmaxes(dtype, g, 1);
  softmaxes(dtype, g, 3);
  gathers(dtype, 500, 70000, 64);
  gathers(dtype, 500, 70000, 9);
  free_graph(g);
}
