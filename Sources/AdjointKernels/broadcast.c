// Functions of two arrays of different shapes.
#include "chunks.h"

enum { CHUNK = 32768 };

// The index space as rows along the last axis; a chunk is a group of rows, or a part of one if rows are long.
typedef struct broadcast_loop {
  const adjoint_broadcast *layout;
  adjoint_dtype dtype;
  adjoint_binary_rows_kernel kernel;
  adjoint_binary_kernel flat;
  void *result;
  const void *left, *right;
  ptrdiff_t rows, columns;
  bool left_varies, right_varies, stream;
  ptrdiff_t rows_per_chunk, columns_per_chunk, chunks_per_row;
} broadcast_loop;

// A row that neither operand varies along: the function of one pair, everywhere.
static void constant_rows(const broadcast_loop *loop, char *result, const char *left, ptrdiff_t left_stride,
                          const char *right, ptrdiff_t right_stride, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t size = element_size(loop->dtype);
  for (ptrdiff_t row = 0; row < rows; row++) {
    char *y = result + row * columns * size;
    loop->flat(y, left + row * left_stride * size, right + row * right_stride * size, columns > 0, false);
    double value = size == 4 ? *(float *)y : *(double *)y;
    copying_kernels(loop->dtype)->fill(y, value, columns);
  }
}

static void broadcast_rows(const broadcast_loop *loop, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t first_column,
                           ptrdiff_t columns) {
  const adjoint_broadcast *layout = loop->layout;
  const ptrdiff_t size = element_size(loop->dtype);
  const int axes = layout->rank - 1;  // those over rows; the kernel loops over the last of them
  while (rows > 0) {
    ptrdiff_t left = 0, right = 0, run = 1, rest = row;
    for (int axis = axes - 1; axis >= 0; axis--) {
      ptrdiff_t index = rest % layout->extents[axis];
      rest /= layout->extents[axis];
      if (axis == axes - 1) run = at_most(rows, layout->extents[axis] - index);
      left += index * layout->left_strides[axis];
      right += index * layout->right_strides[axis];
    }
    char *y = (char *)loop->result + (row * loop->columns + first_column) * size;
    const char *a = (const char *)loop->left + (left + (loop->left_varies ? first_column : 0)) * size;
    const char *b = (const char *)loop->right + (right + (loop->right_varies ? first_column : 0)) * size;
    ptrdiff_t left_stride = axes > 0 ? layout->left_strides[axes - 1] : 0;
    ptrdiff_t right_stride = axes > 0 ? layout->right_strides[axes - 1] : 0;
    if (loop->left_varies || loop->right_varies) {
      loop->kernel(y, a, left_stride, b, right_stride, run, columns, loop->stream);
    } else {
      constant_rows(loop, y, a, left_stride, b, right_stride, run, columns);
    }
    row += run;
    rows -= run;
  }
}

static void broadcast_chunk(void *context, ptrdiff_t chunk) {
  const broadcast_loop *loop = context;
  ptrdiff_t row = chunk / loop->chunks_per_row * loop->rows_per_chunk;
  ptrdiff_t column = chunk % loop->chunks_per_row * loop->columns_per_chunk;
  broadcast_rows(loop, row, at_most(loop->rows_per_chunk, loop->rows - row), column,
                 at_most(loop->columns_per_chunk, loop->columns - column));
}

void adjoint_binary_broadcast(adjoint_binary_operation operation, adjoint_dtype dtype, void *result, const void *left,
                              const void *right, const adjoint_broadcast *layout) {
  const struct elementwise_table *kernels = elementwise_kernels(dtype);
  const int last = layout->rank - 1;
  broadcast_loop loop = {.layout = layout, .dtype = dtype, .flat = kernels->binary[operation], .result = result,
                         .left = left, .right = right, .rows = 1, .columns = 1};
  if (last >= 0) {
    loop.columns = layout->extents[last];
    loop.left_varies = layout->left_strides[last] != 0;
    loop.right_varies = layout->right_strides[last] != 0;
    for (int axis = 0; axis < last; axis++) loop.rows *= layout->extents[axis];
  }
  if (loop.rows == 0 || loop.columns == 0) return;
  if (last < 0) {
    loop.flat(result, left, right, 1, false);
    return;
  }
  loop.kernel = !loop.right_varies ? kernels->binary_rows_left[operation]
                : !loop.left_varies ? kernels->binary_rows_right[operation]
                                    : kernels->binary_rows[operation];
  loop.stream = result != left && result != right &&
                loop.rows * loop.columns * element_size(dtype) >= STREAMING_BYTES;
  loop.columns_per_chunk = at_most(loop.columns, CHUNK);
  loop.chunks_per_row = chunks_of(loop.columns_per_chunk, loop.columns);
  loop.rows_per_chunk = loop.chunks_per_row > 1 ? 1 : at_least(1, CHUNK / loop.columns);
  adjoint_parallel(chunks_of(loop.rows_per_chunk, loop.rows) * loop.chunks_per_row, broadcast_chunk, &loop);
}
