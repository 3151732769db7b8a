#ifndef ADJOINT_ATTENTION_H
#define ADJOINT_ATTENTION_H

#include "sparse.h"

/// Rows of `heads` heads of `width` numbers each, side by side: x is [rows, heads, width], weights are [entries, heads].
typedef struct adjoint_heads {
  ptrdiff_t count, width;
} adjoint_heads;

/// What the weights of additive attention are made of: for entry e of row r and head h, the softmax over the entries of
/// the row of z > 0 ? z : slope z, z = sources[columns e, h] + targets[r, h] + edges[e, h]. `edges` may be null.
typedef struct adjoint_scores {
  const void *sources, *targets, *edges;
  double slope;
} adjoint_scores;

/// y[r, h, :] = Σ_e w[order e, h] x[columns e, h, :] over the entries e of row r, in order; 0 for a row without entries.
void adjoint_heads_sum(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *weights,
                       const void *x, void *y);

/// w[order e, h] = Σ_d a[r, h, d] b[columns e, h, d] for every entry e of every row r.
void adjoint_heads_dot(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *a, const void *b,
                       void *weights);

/// The weights of additive attention, stored in row order (`order` is not used), and with `x` the sum
/// y[r, h, :] = Σ_e w[e, h] x[columns e, h, :], one row after the other. Without `x` (null), y is not touched.
void adjoint_attention(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const adjoint_scores *scores,
                       const void *x, void *weights, void *y);

/// The gradient of the scores' terms: dz[e, h] for every entry, and d_targets[r, h] = Σ_e dz[e, h]. The upstream gradient
/// is that of y (`dy` and `x`, from which the weights' is made), or that of the weights (`d_weights`); the other is null.
void adjoint_attention_pullback(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads,
                                const adjoint_scores *scores, const void *weights, const void *d_weights,
                                const void *dy, const void *x, void *dz, void *d_targets);

#endif
