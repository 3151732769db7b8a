#ifndef ADJOINT_ATTENTION_TABLE_H
#define ADJOINT_ATTENTION_TABLE_H

/// A kernel works on rows first_row ..< last_row of its grouping. `scale` is what the weights that are not dropped are
/// multiplied by.
struct attention_part {
  const adjoint_rows *rows;
  ptrdiff_t first_row, last_row;
  struct fetching fetching;
  adjoint_heads heads;
  const adjoint_scores *scores;
  const adjoint_dropping *dropping;
  double scale;
};

/// What the pullback reads, and where it puts the gradients. `ends` is [rows, 2, heads]: targets and means; `dz` holds
/// the weights until their gradients take their place.
struct attention_gradients {
  const void *weights, *dy, *x;
  void *ends, *dx, *dz, *d_sources;
};

struct attention_table {
  ptrdiff_t element_size;
  void (*sum)(const struct attention_part *part, const void *weights, const void *x, void *y);
  void (*dot)(const struct attention_part *part, const void *a, const void *b, void *weights);
  void (*attention)(const struct attention_part *part, const void *x, void *weights, void *y);
  void (*means)(const struct attention_part *part, const struct attention_gradients *gradients, const void *y);
  /// The part's rows are the columns of the entries.
  void (*pullback)(const struct attention_part *part, const struct attention_gradients *gradients);
  void (*targets)(const struct attention_part *part, const void *dz, void *d_targets);
  void (*weights_pullback)(const struct attention_part *part, const void *weights, const void *d_weights, void *dz);
};

DECLARE_TABLES(attention)

#endif
