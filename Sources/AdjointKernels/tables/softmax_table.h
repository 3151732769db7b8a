#ifndef ADJOINT_SOFTMAX_TABLE_H
#define ADJOINT_SOFTMAX_TABLE_H

/// The same arguments as the entry points, for a group of rows.
struct softmax_table {
  void (*softmax)(void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns);
  void (*log_softmax)(void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns);
  void (*softmax_pullback)(void *dx, const void *dy, const void *y, ptrdiff_t rows, ptrdiff_t columns);
  void (*log_softmax_pullback)(void *dx, const void *dy, const void *y, ptrdiff_t rows, ptrdiff_t columns);
  void (*cross_entropy)(void *loss, void *normalizer, const void *x, const int32_t *labels, ptrdiff_t rows,
                        ptrdiff_t columns);
  void (*cross_entropy_pullback)(void *dx, const void *dloss, const void *x, const void *normalizer,
                                 const int32_t *labels, ptrdiff_t rows, ptrdiff_t columns);
};
DECLARE_TABLES(softmax)

#endif
