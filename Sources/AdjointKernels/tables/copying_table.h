#ifndef ADJOINT_COPYING_TABLE_H
#define ADJOINT_COPYING_TABLE_H

struct copying_table {
  void (*fill)(void *result, double value, ptrdiff_t count);
  /// From the other element type.
  void (*convert)(void *result, const void *source, ptrdiff_t count);
  /// result[r · result_stride + c] = source[c · source_stride + r] for elements of this type's size.
  void (*transpose)(void *result, ptrdiff_t result_stride, const void *source, ptrdiff_t source_stride, ptrdiff_t rows,
                    ptrdiff_t columns);
};
DECLARE_TABLES(copying)

#endif
