// Entry points for factorisations and triangular systems. Stacks are split by matrix; a single large matrix by blocks of
// rows of the part that is still to be factored, or by blocks of right-hand sides.
#include <string.h>
#include "chunks.h"

enum { BLOCK = 32, ROWS = 64, SIDES = 64 };

typedef struct matrix_loop {
  adjoint_dtype dtype;
  bool upper, unit;
  ptrdiff_t n, m, side_chunks;
  void *a, *b, *values;
  const void *constant;
  int32_t *permutation, *signs, *failures;
} matrix_loop;

typedef struct update_loop {
  adjoint_dtype dtype;
  bool lower;
  ptrdiff_t n, end, width;
  void *a;
  const void *right;  // [width, n − end]
  ptrdiff_t right_stride;
} update_loop;

// Rows of the part behind a panel, less the product of the panel's two sides.
static void update_chunk(void *context, ptrdiff_t chunk) {
  const update_loop *loop = context;
  const ptrdiff_t n = loop->n, end = loop->end, row = end + chunk * ROWS, rows = at_most(ROWS, n - row);
  // Of a symmetric matrix only the columns up to the diagonal are needed.
  const ptrdiff_t columns = loop->lower ? row + rows - end : n - end;
  linear_algebra_kernels(loop->dtype)
      ->subtract_product(element(loop->dtype, loop->a, row * n + end), n,
                         constant_element(loop->dtype, loop->a, row * n + end - loop->width), n, loop->right,
                         loop->right_stride, rows, loop->width, columns);
}

static void update(update_loop *loop) { adjoint_parallel(chunks_of(ROWS, loop->n - loop->end), update_chunk, loop); }

static void lu_matrix(void *context, ptrdiff_t index) {
  const matrix_loop *loop = context;
  const ptrdiff_t n = loop->n;
  void *a = element(loop->dtype, loop->a, index * n * n);
  int32_t *permutation = loop->permutation + index * n;
  for (ptrdiff_t i = 0; i < n; i++) permutation[i] = (int32_t)i;
  loop->signs[index] = 1;
  loop->failures[index] = -1;
  for (ptrdiff_t first = 0; first < n; first += BLOCK) {
    const ptrdiff_t width = at_most(BLOCK, n - first), end = first + width;
    const ptrdiff_t singular = linear_algebra_kernels(loop->dtype)
                                   ->lu_panel(a, n, first, width, permutation, &loop->signs[index]);
    if (loop->failures[index] < 0) loop->failures[index] = (int32_t)singular;
    update_loop rest = {.dtype = loop->dtype, .n = n, .end = end, .width = width, .a = a,
                        .right = constant_element(loop->dtype, a, first * n + end), .right_stride = n};
    update(&rest);
  }
}

void adjoint_lu(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, void *a, int32_t *permutation, int32_t *signs,
                int32_t *singular) {
  matrix_loop loop = {.dtype = dtype, .n = n, .a = a, .permutation = permutation, .signs = signs, .failures = singular};
  if (batch == 1) lu_matrix(&loop, 0);
  else adjoint_parallel(batch, lu_matrix, &loop);
}

static void cholesky_matrix(void *context, ptrdiff_t index) {
  const matrix_loop *loop = context;
  const ptrdiff_t n = loop->n, size = element_size(loop->dtype);
  char *a = element(loop->dtype, loop->a, index * n * n);
  loop->failures[index] = -1;
  for (ptrdiff_t first = 0; first < n; first += BLOCK) {
    const ptrdiff_t width = at_most(BLOCK, n - first), end = first + width;
    const ptrdiff_t failure = linear_algebra_kernels(loop->dtype)->cholesky_panel(a, n, first, width);
    if (failure >= 0) {
      loop->failures[index] = (int32_t)failure;
      return;
    }
    if (end == n) break;
    // The panel's transpose is the other side of the product.
    void *right = adjoint_scratch(0, (size_t)(width * (n - end) * size));
    copying_kernels(loop->dtype)->transpose(right, n - end, a + (end * n + first) * size, n, width, n - end);
    update_loop rest = {.dtype = loop->dtype, .lower = true, .n = n, .end = end, .width = width, .a = a,
                        .right = right, .right_stride = n - end};
    update(&rest);
  }
  for (ptrdiff_t i = 0; i + 1 < n; i++) memset(a + (i * n + i + 1) * size, 0, (size_t)((n - i - 1) * size));
}

void adjoint_cholesky(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, void *a, int32_t *failures) {
  matrix_loop loop = {.dtype = dtype, .n = n, .a = a, .failures = failures};
  if (batch == 1) cholesky_matrix(&loop, 0);
  else adjoint_parallel(batch, cholesky_matrix, &loop);
}

static void solve_chunk(void *context, ptrdiff_t chunk) {
  const matrix_loop *loop = context;
  const ptrdiff_t index = chunk / loop->side_chunks, first = chunk % loop->side_chunks * SIDES;
  linear_algebra_kernels(loop->dtype)
      ->triangular_solve(loop->upper, loop->unit, loop->n, constant_element(loop->dtype, loop->constant, index * loop->n * loop->n),
                         element(loop->dtype, loop->b, index * loop->n * loop->m), loop->m, first,
                         at_most(loop->m, first + SIDES));
}

void adjoint_triangular_solve(adjoint_dtype dtype, bool upper, bool unit, ptrdiff_t batch, ptrdiff_t n,
                              ptrdiff_t columns, const void *a, void *b) {
  matrix_loop loop = {.dtype = dtype, .upper = upper, .unit = unit, .n = n, .m = columns,
                      .side_chunks = chunks_of(SIDES, columns), .constant = a, .b = b};
  adjoint_parallel(batch * loop.side_chunks, solve_chunk, &loop);
}

static void eigen_matrix(void *context, ptrdiff_t index) {
  const matrix_loop *loop = context;
  const ptrdiff_t n = loop->n;
  void *scratch = adjoint_scratch(0, (size_t)(3 * n * element_size(loop->dtype)));
  loop->failures[index] =
      !linear_algebra_kernels(loop->dtype)
           ->symmetric_eigen(n, element(loop->dtype, loop->a, index * n * n),
                             element(loop->dtype, loop->values, index * n), scratch);
}

void adjoint_symmetric_eigen(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, void *a, void *values,
                             int32_t *failures) {
  matrix_loop loop = {.dtype = dtype, .n = n, .a = a, .values = values, .failures = failures};
  adjoint_parallel(batch, eigen_matrix, &loop);
}

static void singular_matrix(void *context, ptrdiff_t index) {
  const matrix_loop *loop = context;
  const ptrdiff_t n = loop->n, m = loop->m;
  loop->failures[index] =
      !linear_algebra_kernels(loop->dtype)
           ->singular_values(n, m, element(loop->dtype, loop->a, index * n * m),
                             element(loop->dtype, loop->values, index * n), element(loop->dtype, loop->b, index * n * n));
}

void adjoint_singular_values(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, ptrdiff_t m, void *a, void *values,
                             void *left, int32_t *failures) {
  matrix_loop loop = {.dtype = dtype, .n = n, .m = m, .a = a, .b = left, .values = values, .failures = failures};
  adjoint_parallel(batch, singular_matrix, &loop);
}
