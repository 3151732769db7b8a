#ifndef ADJOINT_SPARSE_TABLE_H
#define ADJOINT_SPARSE_TABLE_H

/// A kernel works on rows first_row ..< last_row of its grouping, a sum on columns first_column ..< last_column of these, and
/// what hands shares of an extreme to entries on those of them that are in first_entry ..< last_entry.
/// `streams` says that the result is too large for the caches and aligned to whole lines.
struct sparse_part {
  const adjoint_rows *rows;
  ptrdiff_t first_row, last_row, width, first_column, last_column, first_entry, last_entry;
  struct fetching fetching;
  bool streams;
};

struct sparse_table {
  ptrdiff_t element_size, lanes, winner_size;
  void (*sum)(const struct sparse_part *part, const void *values, const void *x, bool mean, const void *bias, void *y);
  void (*extreme)(const struct sparse_part *part, int sign, const void *values, const void *x, void *y, void *count,
                  void *winners);
  void (*extreme_pullback)(const struct sparse_part *part, const void *values, const void *x, const void *y,
                           const void *share, void *dx);
  void (*extreme_shares)(const struct sparse_part *part, const void *winners, const void *count, const void *dy,
                         void *dx);
  void (*dot)(const struct sparse_part *part, const void *a, const void *b, void *values);
  void (*softmax)(const struct sparse_part *part, const void *x, void *y);
  void (*softmax_pullback)(const struct sparse_part *part, const void *dy, const void *y, void *dx);
  /// y[i, :] = x[indices[i], :] (times factors[indices[i]], if that is not null) for i in first ..< last.
  void (*gather)(const void *x, const void *factors, const int32_t *indices, ptrdiff_t first, ptrdiff_t last,
                 ptrdiff_t width, struct fetching fetching, bool streams, void *y);
};

DECLARE_TABLES(sparse)

#endif
