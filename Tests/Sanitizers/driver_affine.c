// Affine maps of rows, rectified or not, and their gradients, against plain loops in double precision.
#include "check.h"

typedef struct sizes_of_map { ptrdiff_t rows, inputs, outputs; } sizes_of_map;

static bool near(adjoint_dtype dtype, double got, double expected, double scale) {
  return fabs(got - expected) <= 4 * epsilon(dtype) * (scale + fabs(expected));
}

static void check_forward(adjoint_dtype dtype, adjoint_affine map, const void *x, const void *w, const void *b,
                          bool rectified, void *y) {
  const ptrdiff_t bytes = map.rows * map.outputs * size_of(dtype);
  FOR_EACH_THREAD_COUNT(y, bytes, "affine", adjoint_affine_forward(dtype, &map, rectified, x, w, b, y))
  bool right = true;
  for (ptrdiff_t i = 0; i < map.rows; i++) {
    for (ptrdiff_t j = 0; j < map.outputs; j++) {
      double sum = b ? get(dtype, b, j) : 0;
      for (ptrdiff_t k = 0; k < map.inputs; k++) {
        sum += get(dtype, x, i * map.inputs + k) * get(dtype, w, k * map.outputs + j);
      }
      right &= near(dtype, get(dtype, y, i * map.outputs + j), rectified ? fmax(sum, 0) : sum, (double)map.inputs + 1);
    }
  }
  check(right, "affine, rectified %d, bias %d: [%td, %td] × [%td, %td]", rectified, b != NULL, map.rows, map.inputs,
        map.inputs, map.outputs);
}

// The product of columns of x and of dz, both with as many rows: result[i, j] = Σ over rows of x[r, i] dz[r, j].
static bool is_weight_gradient(adjoint_dtype dtype, adjoint_affine map, const void *x, const double *dz,
                               const void *result) {
  bool right = true;
  for (ptrdiff_t i = 0; i < map.inputs; i++) {
    for (ptrdiff_t j = 0; j < map.outputs; j++) {
      double sum = 0;
      for (ptrdiff_t r = 0; r < map.rows; r++) sum += get(dtype, x, r * map.inputs + i) * dz[r * map.outputs + j];
      right &= near(dtype, get(dtype, result, i * map.outputs + j), sum, (double)map.rows / 4 + 1);
    }
  }
  return right;
}

static bool is_input_gradient(adjoint_dtype dtype, adjoint_affine map, const void *w, const double *dz,
                              const void *result) {
  bool right = true;
  for (ptrdiff_t r = 0; r < map.rows; r++) {
    for (ptrdiff_t i = 0; i < map.inputs; i++) {
      double sum = 0;
      for (ptrdiff_t j = 0; j < map.outputs; j++) sum += get(dtype, w, i * map.outputs + j) * dz[r * map.outputs + j];
      right &= near(dtype, get(dtype, result, r * map.inputs + i), sum, (double)map.outputs + 1);
    }
  }
  return right;
}

static bool are_sums(adjoint_dtype dtype, adjoint_affine map, const double *dz, const void *result) {
  bool right = true;
  for (ptrdiff_t j = 0; j < map.outputs; j++) {
    double sum = 0;
    for (ptrdiff_t r = 0; r < map.rows; r++) sum += dz[r * map.outputs + j];
    right &= near(dtype, get(dtype, result, j), sum, (double)map.rows / 4 + 1);
  }
  return right;
}

static double *masked(adjoint_dtype dtype, ptrdiff_t count, const void *y, const void *dy) {
  double *dz = malloc((size_t)count * sizeof(double) + 1);
  for (ptrdiff_t i = 0; i < count; i++) dz[i] = !y || get(dtype, y, i) > 0 ? get(dtype, dy, i) : 0;
  return dz;
}

// The gradients for many rows; `wanted` has a bit for each of x, W and b.
static void check_tall(adjoint_dtype dtype, adjoint_affine map, const void *x, const void *w, const void *y,
                       int wanted) {
  const ptrdiff_t size = size_of(dtype), count = map.rows * map.outputs;
  const ptrdiff_t lengths[3] = {map.rows * map.inputs, map.inputs * map.outputs, map.outputs};
  void *dy = uniform_numbers(dtype, count, -1, 1), *results[3];
  for (int k = 0; k < 3; k++) results[k] = wanted >> k & 1 ? fresh(lengths[k] * size) : NULL;
  double *dz = masked(dtype, count, y, dy);
  for (int k = 0; k < 3; k++) {
    if (!results[k]) continue;
    FOR_EACH_THREAD_COUNT(results[k], lengths[k] * size, "affine gradients",
                          adjoint_affine_backward(dtype, &map, x, w, y, dy, results[0], results[1], results[2]))
  }
  const char *shape = y ? "rectified" : "plain";
  if (results[0]) check(is_input_gradient(dtype, map, w, dz, results[0]), "gradient of x, %s", shape);
  if (results[1]) check(is_weight_gradient(dtype, map, x, dz, results[1]), "gradient of W, %s", shape);
  if (results[2]) check(are_sums(dtype, map, dz, results[2]), "gradient of b, %s", shape);
  for (int k = 0; k < 3; k++) free(results[k]);
  free(dy);
  free(dz);
}

static void check_mask(adjoint_dtype dtype, adjoint_affine map, const void *y) {
  const ptrdiff_t size = size_of(dtype), count = map.rows * map.outputs;
  void *dy = uniform_numbers(dtype, count, -1, 1), *dz = fresh(count * size), *sums = fresh(map.outputs * size);
  FOR_EACH_THREAD_COUNT(dz, count * size, "mask",
                        adjoint_rectified_backward(dtype, map.rows, map.outputs, y, dy, dz, sums))
  FOR_EACH_THREAD_COUNT(sums, map.outputs * size, "sums under a mask",
                        adjoint_rectified_backward(dtype, map.rows, map.outputs, y, dy, dz, sums))
  double *expected = masked(dtype, count, y, dy);
  bool right = true;
  for (ptrdiff_t i = 0; i < count; i++) right &= get(dtype, dz, i) == expected[i];
  check(right, "mask of [%td, %td]", map.rows, map.outputs);
  check(are_sums(dtype, map, expected, sums), "sums under a mask of [%td, %td]", map.rows, map.outputs);
  free(dy);
  free(dz);
  free(sums);
  free(expected);
}

static void check_map(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t inputs, ptrdiff_t outputs) {
  adjoint_affine map = {rows, inputs, outputs};
  void *x = uniform_numbers(dtype, rows * inputs, -1, 1), *w = uniform_numbers(dtype, inputs * outputs, -1, 1);
  void *b = uniform_numbers(dtype, outputs, -1, 1), *y = fresh(rows * outputs * size_of(dtype));
  check_forward(dtype, map, x, w, NULL, false, y);
  check_forward(dtype, map, x, w, b, true, y);
  check_mask(dtype, map, y);
  if (adjoint_affine_is_tall(&map)) {
    check_tall(dtype, map, x, w, NULL, 7);
    for (int wanted = 1; wanted < 8; wanted++) check_tall(dtype, map, x, w, y, wanted);
  }
  free(x);
  free(w);
  free(b);
  free(y);
}

// A negative zero and whatever is below it become 0, NaN stays, however the product is cut.
static void check_special(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t inputs, ptrdiff_t outputs) {
  adjoint_affine map = {rows, inputs, outputs};
  void *x = uniform_numbers(dtype, rows * inputs, 1, 1), *w = uniform_numbers(dtype, inputs * outputs, -1, -1);
  void *y = fresh(rows * outputs * size_of(dtype));
  if (outputs > 1) set(dtype, w, 1, NAN);
  adjoint_affine_forward(dtype, &map, true, x, w, NULL, y);
  bool right = true;
  for (ptrdiff_t i = 0; i < rows * outputs; i++) {
    const double got = get(dtype, y, i);
    right &= i % outputs == 1 ? isnan(got) : got == 0 && !signbit(got);
  }
  check(right, "rectified NaN of [%td, %td] × [%td, %td]", rows, inputs, inputs, outputs);
  free(x);
  free(w);
  free(y);
}

int main(void) {
  static const sizes_of_map maps[] = {
      {0, 3, 4}, {1, 1, 1}, {5, 0, 3}, {3, 4, 0}, {7, 5, 9}, {17, 33, 40}, {100, 20, 130}, {12, 70, 600},
      {300, 200, 130}, {40, 4200, 6}, {200, 64, 48}, {4096, 1, 1}, {4100, 7, 5}, {5000, 33, 17}, {4097, 16, 40},
      {300, 150, 210}, {300, 128, 160}, {150, 1088, 96},
  };
  for (int d = 0; d < 2; d++) {
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
      check_map(dtypes[d], maps[i].rows, maps[i].inputs, maps[i].outputs);
    }
    // Wide enough for operands that are split into parts; all but the first are split while others are multiplied.
    static const adjoint_affine wide[] = {{4133, 200, 210}, {4133, 128, 160}, {4133, 288, 96}};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
      void *x = uniform_numbers(dtypes[d], wide[i].rows * wide[i].inputs, -1, 1);
      void *y = uniform_numbers(dtypes[d], wide[i].rows * wide[i].outputs, -1, 1);
      void *w = uniform_numbers(dtypes[d], wide[i].inputs * wide[i].outputs, -1, 1);
      check_tall(dtypes[d], wide[i], x, w, y, 7);
      check_tall(dtypes[d], wide[i], x, w, NULL, 6);
      free(x);
      free(y);
      free(w);
    }
    check_special(dtypes[d], 9, 3, 11);
    check_special(dtypes[d], 5, 40, 200);
    check_special(dtypes[d], 4, 5000, 3);
    check_special(dtypes[d], 150, 420, 200);
  }
  return finish("affine");
}
