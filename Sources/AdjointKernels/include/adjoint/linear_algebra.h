#ifndef ADJOINT_LINEAR_ALGEBRA_H
#define ADJOINT_LINEAR_ALGEBRA_H

#include <stdbool.h>
#include "types.h"

/// P A = L U with partial pivoting, for each of `batch` matrices [n, n], in place: U on and above the diagonal, L (whose
/// diagonal is 1) below. permutation[b, i] is the row of A that row i of L U is; signs[b] is the permutation's sign;
/// singular[b] is the position of the first pivot that is 0, or −1. Of equal pivots the first is taken.
void adjoint_lu(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, void *a, int32_t *permutation, int32_t *signs,
                int32_t *singular);

/// A = L Lᵀ for each of `batch` symmetric matrices [n, n], in place, of which the lower triangle is read; the upper one
/// becomes 0. failures[b] is the position of the first pivot that is not positive, which stands there, or −1.
void adjoint_cholesky(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, void *a, int32_t *failures);

/// b = T⁻¹ b for each of `batch` pairs, b being [n, columns] and T the lower or upper triangle of a [n, n], with ones on
/// its diagonal if `unit`. What lies beyond the triangle is not read.
void adjoint_triangular_solve(adjoint_dtype dtype, bool upper, bool unit, ptrdiff_t batch, ptrdiff_t n,
                              ptrdiff_t columns, const void *a, void *b);

/// The eigenvalues [n], ascending, and the eigenvectors of each of `batch` symmetric matrices [n, n]. The matrix is
/// replaced by its eigenvectors, one in each row; of the elements of a vector that are the largest in absolute value the
/// first is positive. failures[b] is 0, or 1 where the iteration does not end (for NaN and ∞ alone).
void adjoint_symmetric_eigen(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, void *a, void *values,
                             int32_t *failures);

/// A = left · diag(values) · a' for each of `batch` matrices a [n, m], n ≤ m: values [n] descending, the rows of a', which
/// replaces a, orthonormal, and so the rows of left [n, n], which is given transposed: row i belongs to values[i]. Signs
/// are chosen for a' as in `adjoint_symmetric_eigen`. failures[b] is 0, or 1 where the iteration does not end.
void adjoint_singular_values(adjoint_dtype dtype, ptrdiff_t batch, ptrdiff_t n, ptrdiff_t m, void *a, void *values,
                             void *left, int32_t *failures);

#endif
