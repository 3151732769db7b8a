#ifndef ADJOINT_SPARSE_H
#define ADJOINT_SPARSE_H

#include <stdbool.h>
#include "types.h"

/// A grouping of entries by row (compressed sparse rows): the entries of row r are offsets[r] ..< offsets[r + 1], and
/// offsets[0] is 0.
/// Entry e refers to row columns[e] of a dense operand (e itself when `columns` is null), and to value order[e] of a
/// per-entry array (e itself when `order` is null).
typedef struct adjoint_rows {
  ptrdiff_t row_count;
  const int32_t *offsets;
  const int32_t *columns;
  const int32_t *order;
} adjoint_rows;

/// y[r, :] = Σ_e w[order e] x[columns e, :] (+ bias), over the entries e of row r, in order. `values` is null for
/// w = 1; `bias` is null or [width]. With `mean`, the sum is divided by the row's entry count. A row without entries
/// gives 0 (or the bias).
void adjoint_rows_sum(adjoint_dtype dtype, const adjoint_rows *rows, const void *values, const void *x, ptrdiff_t width,
                      bool mean, const void *bias, void *y);

/// y[r, d] = max (sign > 0) or min (sign < 0) over the entries of w x[columns e, d]; 0 for a row without entries. NaN
/// wins. `count` (null, or the same shape as y) receives how many entries attain it, and `winners` (null, or
/// adjoint_winner_bytes for every entry, which needs `count`, and `values` to be null) which ones. With `winners`, an
/// extreme that is NaN is attained by none.
void adjoint_rows_extreme(adjoint_dtype dtype, int sign, const adjoint_rows *rows, const void *values, const void *x,
                          ptrdiff_t width, void *y, void *count, void *winners);

/// The bytes of the winners of one entry whose row has `width` elements.
ptrdiff_t adjoint_winner_bytes(adjoint_dtype dtype, ptrdiff_t width);

/// dx[columns e, d] = dy[r, d] / count[r, d] where entry e of row r is among the winners of column d, else 0, for entries
/// of which no two refer to the same row of dx. Rows of dx that no entry refers to are left as they are.
void adjoint_rows_extreme_shares(adjoint_dtype dtype, const adjoint_rows *rows, const void *winners, const void *count,
                                 const void *dy, ptrdiff_t width, void *dx);

/// dx[c, d] = Σ over the entries e of row c of `transposed`, whose columns are the rows r of the forward pass:
/// w share[r, d] where w x[c, d] equals y[r, d], else 0. `transposed` groups the same entries by column.
void adjoint_rows_extreme_pullback(adjoint_dtype dtype, const adjoint_rows *transposed, const void *values,
                                   const void *x, const void *y, const void *share, ptrdiff_t width, void *dx);

/// values[order e] = Σ_d a[r, d] b[columns e, d] for every entry e of every row r (sampled dense-dense product).
void adjoint_rows_dot(adjoint_dtype dtype, const adjoint_rows *rows, const void *a, const void *b, ptrdiff_t width,
                      void *values);

/// y[i, :] = x[indices[i], :], rows of `width` elements, times factors[indices[i]] if `factors`, a number for each row
/// of x, is not null.
void adjoint_gather_rows(adjoint_dtype dtype, const void *x, const void *factors, const int32_t *indices,
                         ptrdiff_t count, ptrdiff_t width, void *y);

/// y[e, h] = exp(x[e, h] − max) / Σ exp(x[e, h] − max), max and Σ over the entries of e's row; x and y are
/// [entries, width], stored in row order (`columns` and `order` are not used). All −∞ gives zeros.
void adjoint_rows_softmax(adjoint_dtype dtype, const adjoint_rows *rows, const void *x, ptrdiff_t width, void *y);

/// dx[e, h] = y[e, h] (dy[e, h] − Σ over the row of dy y).
void adjoint_rows_softmax_pullback(adjoint_dtype dtype, const adjoint_rows *rows, const void *dy, const void *y,
                                   ptrdiff_t width, void *dx);

#endif
