#ifndef ADJOINT_MATMUL_TABLE_H
#define ADJOINT_MATMUL_TABLE_H

/// Memory that will be read soon, which the tiles of a product fetch into the second-level cache while they compute.
struct matmul_ahead { const void *from; ptrdiff_t bytes; };
enum { MATMUL_AHEAD = 3 };

/// One product of plain matrices. Strides are the distances between stored rows, in elements. With `rectifies`, what
/// would be negative in the end becomes 0; with `streams`, the result is part of one too large to stay in the caches.
struct matmul_product {
  bool transpose_left, transpose_right, accumulate, rectifies, streams;
  ptrdiff_t rows, columns, inner;
  const void *left, *right, *bias;
  void *result;
  ptrdiff_t left_stride, right_stride, result_stride;
  struct matmul_ahead ahead[MATMUL_AHEAD];
};

/// A part of the result: rows first_row ..< last_row of the column panels first_panel ..< last_panel.
struct matmul_part { ptrdiff_t first_row, last_row, first_panel, last_panel; };

/// The columns of a product are cut into panels of `panel_columns`; the last one takes what is left, up to half as
/// much again, so that 40 columns are one panel of three vectors rather than two of two.
struct matmul_table {
  ptrdiff_t element_size, lanes, tile_rows, panel_columns, depth;
  /// The most rows of the left operand that are packed together.
  ptrdiff_t row_block;
  /// Bytes of scratch that `multiply` needs for what it packs itself.
  size_t left_scratch;
  /// Whether the tiles read packed operands only, so that `multiply` packs for itself what it is not given packed.
  bool packs_all;
  /// Bytes of a packed operand of so many rows or columns.
  size_t (*left_bytes)(ptrdiff_t rows, ptrdiff_t inner);
  size_t (*right_bytes)(ptrdiff_t columns, ptrdiff_t inner);
  /// Copies rows first_k ..< last_k of op(right) into panels of whole vectors, padded with zeros.
  void (*pack_right)(const struct matmul_product *product, ptrdiff_t first_k, ptrdiff_t last_k, void *packed);
  /// Whether a left operand of which `panels` panels read `rows` rows is worth packing.
  bool (*packs_left)(const struct matmul_product *product, ptrdiff_t rows, ptrdiff_t panels, bool right_is_packed);
  /// Copies rows of op(left), at most `row_block`, in the order in which the tiles read them. Writes up to one vector
  /// more.
  void (*pack_left)(const struct matmul_product *product, ptrdiff_t first_row, ptrdiff_t last_row, void *packed);
  /// Computes a part of the result. `packed_left` holds the part's rows, or is null to pack or read them as needed;
  /// `packed_right` is null to read the right operand where it is, which needs `packs_all` or an untransposed one with at
  /// least `lanes` columns.
  void (*multiply)(const struct matmul_product *product, struct matmul_part part, const void *packed_left,
                   const void *packed_right, void *scratch);
  /// result[i, j] = source[j, i] (+ bias[j]) (+ result[i, j]), rectified if asked for, for columns first_column ..< last_column.
  void (*transpose)(const struct matmul_product *product, const void *source, ptrdiff_t first_column,
                    ptrdiff_t last_column);
  /// result = the sum of `count` partial results, stored one after another (+ bias) (+ result), rectified if asked for.
  void (*combine)(const struct matmul_product *product, const void *partials, ptrdiff_t count, ptrdiff_t first_row,
                  ptrdiff_t last_row);
  /// dz = dy where y > 0 and 0 elsewhere, for some rows, and sums += the sums of the columns of dz. With null for y and
  /// dz it is dy itself that is summed.
  void (*rectify)(const void *dy, const void *y, ptrdiff_t rows, ptrdiff_t columns, void *dz, void *sums);
};

static inline ptrdiff_t matmul_panel_count(const struct matmul_table *table, ptrdiff_t columns) {
  ptrdiff_t panel = table->panel_columns, widest = panel + panel / 2;
  return columns <= widest ? 1 : (columns - widest + panel - 1) / panel + 1;
}

/// The columns of the packed right operand: whole vectors.
static inline ptrdiff_t matmul_packed_columns(const struct matmul_table *table, ptrdiff_t columns) {
  return (columns + table->lanes - 1) / table->lanes * table->lanes;
}

DECLARE_TABLES(matmul)

#if defined(__x86_64__) && defined(__linux__)
extern const struct matmul_table matmul_f32_amx;
#endif

/// The kernels for one product. The tile unit is used from the size of a layer's weights on from which splitting the operands
/// is worth what it costs. The weights are the right operand, or the result if the left one is transposed: such a product is
/// their gradient, and has the examples along its inner axis. Elsewhere rows are examples, and their number has no say, so that
/// an element has the same bits however many there are beside it. From a few dozen on that is faster.
static inline const struct matmul_table *matmul_kernels_for(adjoint_dtype dtype, bool transpose_left,
                                                            ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner) {
#if defined(__x86_64__) && defined(__linux__)
  const ptrdiff_t inputs = transpose_left ? rows : inner;
  const bool suits = inputs >= 64 && columns >= 64 && inputs * columns >= 16384 && inner >= 64;
  if (suits && dtype == ADJOINT_FLOAT32 && adjoint_instruction_set() == ADJOINT_AMX) return &matmul_f32_amx;
#endif
  (void)transpose_left, (void)rows, (void)columns, (void)inner;
  return matmul_kernels(dtype);
}

#endif
