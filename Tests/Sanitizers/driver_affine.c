// Affine maps of rows, rectified or not, of one product or two, and their gradients, against plain loops in double precision.
#include "check.h"

// `others` are the inputs of a second product: 0 if there is none, −1 if it has no inputs.
typedef struct sizes_of_map { ptrdiff_t rows, inputs, outputs, others; } sizes_of_map;

static bool near(adjoint_dtype dtype, double got, double expected, double scale) {
  return fabs(got - expected) <= 4 * epsilon(dtype) * (scale + fabs(expected));
}

static adjoint_affine make_map(adjoint_dtype dtype, sizes_of_map sizes) {
  adjoint_affine map = {.rows = sizes.rows, .outputs = sizes.outputs, .count = sizes.others == 0 ? 1 : 2};
  const ptrdiff_t inputs[2] = {sizes.inputs, sizes.others < 0 ? 0 : sizes.others};
  for (ptrdiff_t k = 0; k < map.count; k++) {
    map.products[k] = (adjoint_affine_product){
        .inputs = inputs[k],
        .x = uniform_numbers(dtype, map.rows * inputs[k], -1, 1),
        .weight = uniform_numbers(dtype, inputs[k] * map.outputs, -1, 1),
    };
  }
  return map;
}

static void free_map(adjoint_affine map) {
  for (ptrdiff_t k = 0; k < map.count; k++) {
    free((void *)map.products[k].x);
    free((void *)map.products[k].weight);
  }
}

static void check_forward(adjoint_dtype dtype, adjoint_affine map, const void *b, bool rectified, void *y) {
  const ptrdiff_t bytes = map.rows * map.outputs * size_of(dtype);
  FOR_EACH_THREAD_COUNT(y, bytes, "affine", adjoint_affine_forward(dtype, &map, rectified, b, y))
  bool right = true;
  for (ptrdiff_t i = 0; i < map.rows; i++) {
    for (ptrdiff_t j = 0; j < map.outputs; j++) {
      double sum = b ? get(dtype, b, j) : 0, terms = 1;
      for (ptrdiff_t p = 0; p < map.count; p++) {
        const ptrdiff_t inputs = map.products[p].inputs;
        for (ptrdiff_t k = 0; k < inputs; k++) {
          sum += get(dtype, map.products[p].x, i * inputs + k) *
                 get(dtype, map.products[p].weight, k * map.outputs + j);
        }
        terms += (double)inputs;
      }
      right &= near(dtype, get(dtype, y, i * map.outputs + j), rectified ? fmax(sum, 0) : sum, terms);
    }
  }
  check(right, "affine, rectified %d, bias %d: %td products, the first [%td, %td] × [%td, %td]", rectified, b != NULL,
        map.count, map.rows, map.products[0].inputs, map.products[0].inputs, map.outputs);
}

// The product of columns of x and of dz, both with as many rows: result[i, j] = Σ over rows of x[r, i] dz[r, j].
static bool is_weight_gradient(adjoint_dtype dtype, adjoint_affine map, ptrdiff_t p, const double *dz,
                               const void *result) {
  const ptrdiff_t inputs = map.products[p].inputs;
  const void *x = map.products[p].x;
  bool right = true;
  for (ptrdiff_t i = 0; i < inputs; i++) {
    for (ptrdiff_t j = 0; j < map.outputs; j++) {
      double sum = 0;
      for (ptrdiff_t r = 0; r < map.rows; r++) sum += get(dtype, x, r * inputs + i) * dz[r * map.outputs + j];
      right &= near(dtype, get(dtype, result, i * map.outputs + j), sum, (double)map.rows / 4 + 1);
    }
  }
  return right;
}

static bool is_input_gradient(adjoint_dtype dtype, adjoint_affine map, ptrdiff_t p, const double *dz,
                              const void *result) {
  const ptrdiff_t inputs = map.products[p].inputs;
  const void *w = map.products[p].weight;
  bool right = true;
  for (ptrdiff_t r = 0; r < map.rows; r++) {
    for (ptrdiff_t i = 0; i < inputs; i++) {
      double sum = 0;
      for (ptrdiff_t j = 0; j < map.outputs; j++) sum += get(dtype, w, i * map.outputs + j) * dz[r * map.outputs + j];
      right &= near(dtype, get(dtype, result, r * inputs + i), sum, (double)map.outputs + 1);
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

enum { RESULTS = 5, ALL = (1 << RESULTS) - 1 };

// The gradients for many rows; `wanted` has a bit for each of x, W, z, V and b.
static void check_tall(adjoint_dtype dtype, adjoint_affine map, const void *y, int wanted) {
  const ptrdiff_t size = size_of(dtype), count = map.rows * map.outputs;
  ptrdiff_t lengths[RESULTS] = {0};
  for (ptrdiff_t p = 0; p < map.count; p++) {
    lengths[2 * p] = map.rows * map.products[p].inputs;
    lengths[2 * p + 1] = map.products[p].inputs * map.outputs;
  }
  lengths[4] = map.outputs;
  void *dy = uniform_numbers(dtype, count, -1, 1), *results[RESULTS];
  for (int k = 0; k < RESULTS; k++) results[k] = wanted >> k & 1 && lengths[k] > 0 ? fresh(lengths[k] * size) : NULL;
  adjoint_affine asked = map;
  for (ptrdiff_t p = 0; p < map.count; p++) {
    asked.products[p].dx = results[2 * p];
    asked.products[p].d_weight = results[2 * p + 1];
    if (!results[2 * p]) asked.products[p].weight = NULL;
    if (!results[2 * p + 1]) asked.products[p].x = NULL;
  }
  double *dz = masked(dtype, count, y, dy);
  for (int k = 0; k < RESULTS; k++) {
    if (!results[k]) continue;
    FOR_EACH_THREAD_COUNT(results[k], lengths[k] * size, "affine gradients",
                          adjoint_affine_backward(dtype, &asked, y, dy, results[4]))
  }
  const char *shape = y ? "rectified" : "plain";
  for (ptrdiff_t p = 0; p < map.count; p++) {
    void *const dx = results[2 * p], *const d_weight = results[2 * p + 1];
    if (dx) check(is_input_gradient(dtype, map, p, dz, dx), "gradient of x of product %td, %s", p, shape);
    if (d_weight) check(is_weight_gradient(dtype, map, p, dz, d_weight), "gradient of W of product %td, %s", p, shape);
  }
  if (results[4]) check(are_sums(dtype, map, dz, results[4]), "gradient of b, %s", shape);
  for (int k = 0; k < RESULTS; k++) free(results[k]);
  free(dy);
  free(dz);
}

// A gradient of x as wide as the result is the same where dy was, and one of z where y was, or dy.
static void check_in_place(adjoint_dtype dtype, adjoint_affine map, const void *y) {
  const ptrdiff_t bytes = map.rows * map.outputs * size_of(dtype);
  void *dy = uniform_numbers(dtype, map.rows * map.outputs, -1, 1), *upstream = fresh(bytes), *result = fresh(bytes);
  void *expected[2] = {fresh(bytes), fresh(bytes)};
  for (ptrdiff_t p = 0; p < map.count; p++) {
    map.products[p].dx = expected[p];
    map.products[p].d_weight = fresh(map.products[p].inputs * map.outputs * size_of(dtype));
  }
  adjoint_affine_backward(dtype, &map, y, dy, NULL);
  for (ptrdiff_t p = 0; p < map.count; p++) {
    adjoint_affine placed = map;
    placed.products[p].dx = upstream;
    if (y && map.count == 2) placed.products[1 - p].dx = result;
    FOR_EACH_THREAD_COUNT(upstream, bytes, "affine gradients in place", memcpy(upstream, dy, (size_t)bytes);
                          if (y) memcpy(result, y, (size_t)bytes);
                          adjoint_affine_backward(dtype, &placed, y ? result : NULL, upstream, NULL))
    check(memcmp(upstream, expected[p], (size_t)bytes) == 0, "gradient in the place of dy");
    if (y && map.count == 2) check(memcmp(result, expected[1 - p], (size_t)bytes) == 0, "gradient in the place of y");
  }
  for (ptrdiff_t p = 0; p < map.count; p++) free(map.products[p].d_weight);
  free(dy);
  free(upstream);
  free(result);
  free(expected[0]);
  free(expected[1]);
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

static void check_map(adjoint_dtype dtype, sizes_of_map sizes) {
  const adjoint_affine map = make_map(dtype, sizes);
  void *b = uniform_numbers(dtype, map.outputs, -1, 1), *y = fresh(map.rows * map.outputs * size_of(dtype));
  check_forward(dtype, map, NULL, false, y);
  check_forward(dtype, map, b, true, y);
  check_mask(dtype, map, y);
  if (adjoint_affine_is_tall(&map)) {
    check_tall(dtype, map, NULL, ALL);
    for (int k = 0; k < RESULTS; k++) check_tall(dtype, map, y, 1 << k), check_tall(dtype, map, y, ALL & ~(1 << k));
    check_tall(dtype, map, y, ALL);
  }
  free_map(map);
  free(b);
  free(y);
}

// A negative zero and whatever is below it become 0, NaN stays, however the product is cut.
static void check_special(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t inputs, ptrdiff_t outputs) {
  void *x = uniform_numbers(dtype, rows * inputs, 1, 1), *w = uniform_numbers(dtype, inputs * outputs, -1, -1);
  void *y = fresh(rows * outputs * size_of(dtype));
  if (outputs > 1) set(dtype, w, 1, NAN);
  const adjoint_affine map = {
      .rows = rows, .outputs = outputs, .count = 1, .products = {{.inputs = inputs, .x = x, .weight = w}}};
  adjoint_affine_forward(dtype, &map, true, NULL, y);
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
      {0, 3, 4, 0}, {1, 1, 1, 0}, {5, 0, 3, 0}, {3, 4, 0, 0}, {7, 5, 9, 0}, {17, 33, 40, 0}, {100, 20, 130, 0},
      {12, 70, 600, 0}, {300, 200, 130, 0}, {40, 4200, 6, 0}, {200, 64, 48, 0}, {4096, 1, 1, 0}, {4100, 7, 5, 0},
      {5000, 33, 17, 0}, {4097, 16, 40, 0}, {300, 150, 210, 0}, {300, 128, 160, 0}, {150, 1088, 96, 0},
      {0, 3, 4, 2}, {1, 1, 1, 1}, {5, 0, 3, 2}, {5, 2, 3, -1}, {3, 4, 0, 2}, {17, 33, 40, 9}, {300, 20, 130, 300},
      {4096, 1, 1, 1}, {4100, 7, 5, 600}, {5000, 33, 17, 20}, {4097, 16, 40, 130},
  };
  for (int d = 0; d < 2; d++) {
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) check_map(dtypes[d], maps[i]);
    // Wide enough for operands that are split into parts; all but the first are split while others are multiplied. Of the
    // last, one product is too narrow for that.
    static const sizes_of_map wide[] = {
        {4133, 200, 210, 0}, {4133, 128, 160, 0}, {4133, 288, 96, 0}, {4133, 128, 160, 150}, {4133, 40, 210, 160},
    };
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
      const adjoint_affine map = make_map(dtypes[d], wide[i]);
      void *y = fresh(map.rows * map.outputs * size_of(dtypes[d]));
      check_forward(dtypes[d], map, NULL, true, y);
      check_tall(dtypes[d], map, y, ALL);
      check_tall(dtypes[d], map, NULL, ALL & ~1);
      free_map(map);
      free(y);
    }
    static const sizes_of_map square[] = {{4100, 5, 5, 0}, {4100, 5, 5, 5}, {4133, 130, 130, 0}, {4133, 130, 130, 130}};
    for (size_t i = 0; i < sizeof square / sizeof *square; i++) {
      const adjoint_affine map = make_map(dtypes[d], square[i]);
      void *y = uniform_numbers(dtypes[d], map.rows * map.outputs, -1, 1);
      check_in_place(dtypes[d], map, NULL);
      check_in_place(dtypes[d], map, y);
      free_map(map);
      free(y);
    }
    check_special(dtypes[d], 9, 3, 11);
    check_special(dtypes[d], 5, 40, 200);
    check_special(dtypes[d], 4, 5000, 3);
    check_special(dtypes[d], 150, 420, 200);
  }
  return finish("affine");
}
