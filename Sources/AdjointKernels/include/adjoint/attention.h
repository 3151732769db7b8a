#ifndef ADJOINT_ATTENTION_H
#define ADJOINT_ATTENTION_H

#include "random.h"
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

/// Weight number e · heads + h is dropped if that draw of `key` is below `threshold`; the others are multiplied by
/// `scale`.
typedef struct adjoint_dropping {
  adjoint_random_key key;
  uint32_t threshold;
  double scale;
} adjoint_dropping;

/// y[r, h, :] = Σ_e w[order e, h] x[columns e, h, :] over the entries e of row r, in order; 0 for a row without entries.
void adjoint_heads_sum(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *weights,
                       const void *x, void *y);

/// w[order e, h] = Σ_d a[r, h, d] b[columns e, h, d] for every entry e of every row r.
void adjoint_heads_dot(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const void *a, const void *b,
                       void *weights);

/// The weights of additive attention, stored in row order (`order` is not used).
void adjoint_attention_weights(adjoint_dtype dtype, const adjoint_rows *rows, ptrdiff_t heads,
                               const adjoint_scores *scores, void *weights);

/// The same and the sum y[r, h, :] = Σ_e w[e, h] x[columns e, h, :], one row after the other. Of a weight that
/// `dropping` (null for none) drops, only the sign is set.
void adjoint_attention(adjoint_dtype dtype, const adjoint_rows *rows, adjoint_heads heads, const adjoint_scores *scores,
                       const adjoint_dropping *dropping, const void *x, void *weights, void *y);

/// The gradients of attention: dx and, for the scores' terms, dz[e, h], d_sources[c, h] and d_targets[r, h]. `columns`
/// groups the same entries by column; `weights` and y are what adjoint_attention gave, `scale` is that of the dropping,
/// or 1. `ends` is room for [rows, 2, heads] numbers.
typedef struct adjoint_attention_gradients {
  const void *weights, *y, *dy, *x;
  double scale;
  void *ends, *dx, *dz, *d_sources, *d_targets;
} adjoint_attention_gradients;
void adjoint_attention_pullback(adjoint_dtype dtype, const adjoint_rows *rows, const adjoint_rows *columns,
                                adjoint_heads heads, const adjoint_scores *scores,
                                const adjoint_attention_gradients *gradients);

/// From the gradient of the weights, that of the scores' terms: dz[e, h], and d_targets[r, h] = Σ_e dz[e, h].
void adjoint_attention_weights_pullback(adjoint_dtype dtype, const adjoint_rows *rows, ptrdiff_t heads,
                                        const adjoint_scores *scores, const void *weights, const void *d_weights,
                                        void *dz, void *d_targets);

#endif
