#ifndef ADJOINT_ATTENTION_TABLE_H
#define ADJOINT_ATTENTION_TABLE_H

/// A kernel works on rows first_row ..< last_row of its grouping. `prefetch` is how many entries ahead to fetch the
/// rows that `columns` names.
struct attention_part {
  const adjoint_rows *rows;
  ptrdiff_t first_row, last_row, prefetch;
  adjoint_heads heads;
  const adjoint_scores *scores;
};

struct attention_table {
  ptrdiff_t element_size;
  void (*sum)(const struct attention_part *part, const void *weights, const void *x, void *y);
  void (*dot)(const struct attention_part *part, const void *a, const void *b, void *weights);
  void (*attention)(const struct attention_part *part, const void *x, void *weights, void *y);
  void (*pullback)(const struct attention_part *part, const void *weights, const void *d_weights, const void *dy,
                   const void *x, void *dz, void *d_targets);
};

DECLARE_TABLES(attention)

#endif
