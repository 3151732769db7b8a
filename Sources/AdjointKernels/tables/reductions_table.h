#ifndef ADJOINT_REDUCTIONS_TABLE_H
#define ADJOINT_REDUCTIONS_TABLE_H

struct reductions_table {
  /// Each of `rows` rows, `stride` elements apart, of `columns` elements to one number.
  void (*rows[ADJOINT_REDUCTION_COUNT])(void *result, const void *x, ptrdiff_t stride, ptrdiff_t rows,
                                        ptrdiff_t columns);
  /// `rows` rows of `columns` elements, `stride` apart, to one row. The first `readable` elements of x may be read.
  void (*columns[ADJOINT_REDUCTION_COUNT])(void *result, const void *x, ptrdiff_t stride, ptrdiff_t rows,
                                           ptrdiff_t columns, ptrdiff_t readable);
  void (*index_rows)(int sign, int32_t *result, const void *x, ptrdiff_t rows, ptrdiff_t columns);
  void (*index_columns)(int sign, int32_t *result, const void *x, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns);
};
DECLARE_TABLES(reductions)

#endif
