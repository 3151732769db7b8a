#ifndef ADJOINT_ELEMENTWISE_TABLE_H
#define ADJOINT_ELEMENTWISE_TABLE_H

/// With `stream`, results go past the caches where that is possible; then `result` is none of the operands.
typedef void (*adjoint_unary_kernel)(void *result, const void *x, ptrdiff_t count, bool stream);
typedef void (*adjoint_binary_kernel)(void *result, const void *left, const void *right, ptrdiff_t count, bool stream);

/// Rows of `columns` elements, the result's one after another, the operands' `…_stride` elements apart.
typedef void (*adjoint_binary_rows_kernel)(void *result, const void *left, ptrdiff_t left_stride, const void *right,
                                           ptrdiff_t right_stride, ptrdiff_t rows, ptrdiff_t columns, bool stream);

struct elementwise_table {
  adjoint_unary_kernel unary[ADJOINT_UNARY_COUNT];
  adjoint_binary_kernel binary[ADJOINT_BINARY_COUNT];
  /// Both operands vary along a row; only the left one does; only the right one does.
  adjoint_binary_rows_kernel binary_rows[ADJOINT_BINARY_COUNT], binary_rows_left[ADJOINT_BINARY_COUNT],
      binary_rows_right[ADJOINT_BINARY_COUNT];
  void (*add_scaled)(void *y, const void *x, double scale, ptrdiff_t count);
  double (*fma_peak)(long iterations);
};
DECLARE_TABLES(elementwise)

#endif
