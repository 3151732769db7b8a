#ifndef ADJOINT_SOFTMAX_H
#define ADJOINT_SOFTMAX_H

#include "types.h"

/// y[r, c] = exp(x[r, c] − max_r) / Σ_c exp(x[r, c] − max_r). A row that is all −∞ gives zeros.
void adjoint_softmax(adjoint_dtype dtype, void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns);

/// dx = y ⊙ (dy − Σ_c dy y).
void adjoint_softmax_pullback(adjoint_dtype dtype, void *dx, const void *dy, const void *y, ptrdiff_t rows,
                              ptrdiff_t columns);

/// y[r, c] = x[r, c] − max_r − log Σ_c exp(x[r, c] − max_r). A row that is all −∞ stays all −∞.
void adjoint_log_softmax(adjoint_dtype dtype, void *y, const void *x, ptrdiff_t rows, ptrdiff_t columns);

/// dx = dy − exp(y) Σ_c dy.
void adjoint_log_softmax_pullback(adjoint_dtype dtype, void *dx, const void *dy, const void *y, ptrdiff_t rows,
                                  ptrdiff_t columns);

/// loss[r] = log Σ_c exp(x[r, c]) − x[r, label[r]]. `normalizers` receives max_r and log Σ_c exp(x[r, c] − max_r) for
/// each row, side by side: [rows, 2]. A row whose label is negative has loss 0. Labels are below `columns`: the caller
/// has checked.
void adjoint_cross_entropy(adjoint_dtype dtype, void *loss, void *normalizers, const void *x, const int32_t *labels,
                           ptrdiff_t rows, ptrdiff_t columns);

/// dx[r, c] = dloss[r] (exp(x[r, c] − max_r − log Σ_r) − [c = label[r]]); zeros where the label is negative or dloss
/// is 0.
void adjoint_cross_entropy_pullback(adjoint_dtype dtype, void *dx, const void *dloss, const void *x,
                                    const void *normalizers, const int32_t *labels, ptrdiff_t rows, ptrdiff_t columns);

#endif
