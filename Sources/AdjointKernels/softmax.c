// Entry points for softmax and cross entropy: rows are shared out in groups of about the same number of elements.
#include "chunks.h"

enum { CHUNK = 8192 };

typedef void (*row_kernel)(void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns);
typedef void (*row_pullback)(void *dx, const void *dy, const void *y, ptrdiff_t rows, ptrdiff_t columns);

typedef struct row_loop {
  range rows;
  adjoint_dtype dtype;
  ptrdiff_t columns;
  row_kernel kernel;
  row_pullback pullback;
  void *result, *normalizer;
  const void *a, *b, *c;
  const int32_t *labels;
} row_loop;

static void run(row_loop *loop, ptrdiff_t rows, ptrdiff_t columns, adjoint_chunk_body body) {
  loop->columns = columns;
  // Cross entropy works on up to 16 rows together.
  loop->rows = (range){rows, at_least(1, CHUNK / at_least(1, columns) / 16) * 16};
  if (columns > CHUNK) loop->rows.chunk = 1;
  adjoint_parallel(chunks_of(loop->rows.chunk, rows), body, loop);
}

static void kernel_chunk(void *context, ptrdiff_t chunk) {
  const row_loop *loop = context;
  ptrdiff_t first, rows = elements_of_chunk(&loop->rows, chunk, &first), start = first * loop->columns;
  loop->kernel(element(loop->dtype, loop->result, start), constant_element(loop->dtype, loop->a, start), rows,
               loop->columns);
}

static void pullback_chunk(void *context, ptrdiff_t chunk) {
  const row_loop *loop = context;
  ptrdiff_t first, rows = elements_of_chunk(&loop->rows, chunk, &first), start = first * loop->columns;
  loop->pullback(element(loop->dtype, loop->result, start), constant_element(loop->dtype, loop->a, start),
                 constant_element(loop->dtype, loop->b, start), rows, loop->columns);
}

void adjoint_softmax(adjoint_dtype dtype, void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns) {
  row_loop loop = {.dtype = dtype, .kernel = softmax_kernels(dtype)->softmax, .result = y, .a = x};
  run(&loop, rows, columns, kernel_chunk);
}

void adjoint_log_softmax(adjoint_dtype dtype, void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns) {
  row_loop loop = {.dtype = dtype, .kernel = softmax_kernels(dtype)->log_softmax, .result = y, .a = x};
  run(&loop, rows, columns, kernel_chunk);
}

void adjoint_softmax_pullback(adjoint_dtype dtype, void *dx, const void *dy, const void *y, ptrdiff_t rows,
                              ptrdiff_t columns) {
  row_loop loop = {.dtype = dtype, .pullback = softmax_kernels(dtype)->softmax_pullback, .result = dx, .a = dy, .b = y};
  run(&loop, rows, columns, pullback_chunk);
}

void adjoint_log_softmax_pullback(adjoint_dtype dtype, void *dx, const void *dy, const void *y, ptrdiff_t rows,
                                  ptrdiff_t columns) {
  row_loop loop = {.dtype = dtype, .pullback = softmax_kernels(dtype)->log_softmax_pullback, .result = dx, .a = dy,
                   .b = y};
  run(&loop, rows, columns, pullback_chunk);
}

static void cross_entropy_chunk(void *context, ptrdiff_t chunk) {
  const row_loop *loop = context;
  const adjoint_dtype dtype = loop->dtype;
  ptrdiff_t first, rows = elements_of_chunk(&loop->rows, chunk, &first);
  softmax_kernels(dtype)->cross_entropy(element(dtype, loop->result, first), element(dtype, loop->normalizer, 2 * first),
                                        constant_element(dtype, loop->a, first * loop->columns), loop->labels + first,
                                        rows, loop->columns);
}

void adjoint_cross_entropy(adjoint_dtype dtype, void *loss, void *normalizer, const void *x, const int32_t *labels,
                           ptrdiff_t rows, ptrdiff_t columns) {
  row_loop loop = {.dtype = dtype, .result = loss, .normalizer = normalizer, .a = x, .labels = labels};
  run(&loop, rows, columns, cross_entropy_chunk);
}

static void cross_entropy_pullback_chunk(void *context, ptrdiff_t chunk) {
  const row_loop *loop = context;
  const adjoint_dtype dtype = loop->dtype;
  ptrdiff_t first, rows = elements_of_chunk(&loop->rows, chunk, &first), start = first * loop->columns;
  softmax_kernels(dtype)->cross_entropy_pullback(
      element(dtype, loop->result, start), constant_element(dtype, loop->a, first),
      constant_element(dtype, loop->b, start), constant_element(dtype, loop->c, 2 * first), loop->labels + first, rows,
      loop->columns);
}

void adjoint_cross_entropy_pullback(adjoint_dtype dtype, void *dx, const void *dloss, const void *x,
                                    const void *normalizer, const int32_t *labels, ptrdiff_t rows, ptrdiff_t columns) {
  row_loop loop = {.dtype = dtype, .result = dx, .a = dloss, .b = x, .c = normalizer, .labels = labels};
  run(&loop, rows, columns, cross_entropy_pullback_chunk);
}
