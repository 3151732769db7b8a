#ifndef ADJOINT_LINEAR_ALGEBRA_TABLE_H
#define ADJOINT_LINEAR_ALGEBRA_TABLE_H

struct linear_algebra_table {
  /// c[i, j] −= Σ_k l[i, k] u[k, j]; strides are the distances between rows.
  void (*subtract_product)(void *c, ptrdiff_t c_stride, const void *l, ptrdiff_t l_stride, const void *u,
                           ptrdiff_t u_stride, ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns);
  /// Columns first ..< first + width of L and as many rows of U. Returns the first pivot that is 0, or −1.
  ptrdiff_t (*lu_panel)(void *a, ptrdiff_t n, ptrdiff_t first, ptrdiff_t width, int32_t *permutation, int32_t *sign);
  /// Columns first ..< first + width of the Cholesky factor. Returns the first pivot that is not positive, or −1.
  ptrdiff_t (*cholesky_panel)(void *a, ptrdiff_t n, ptrdiff_t first, ptrdiff_t width);
  /// Columns first ..< last of the right-hand sides.
  void (*triangular_solve)(bool upper, bool unit, ptrdiff_t n, const void *a, void *b, ptrdiff_t columns,
                           ptrdiff_t first, ptrdiff_t last);
  /// One matrix; `scratch` has 3 n elements.
  bool (*symmetric_eigen)(ptrdiff_t n, void *a, void *values, void *scratch);
  bool (*singular_values)(ptrdiff_t n, ptrdiff_t m, void *a, void *values, void *left);
};

DECLARE_TABLES(linear_algebra)

#endif
