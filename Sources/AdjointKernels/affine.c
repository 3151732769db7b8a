// Affine maps of rows, rectified or not. Every cut on which bits depend is a function of the extents alone.
#include <string.h>
#include "matmul_parts.h"

void adjoint_affine_forward(adjoint_dtype dtype, const adjoint_affine *map, bool rectified, const void *x,
                            const void *weight, const void *bias, void *y) {
  if (map->rows <= 0 || map->outputs <= 0) return;
  static const double nothing;
  const table_t *table = matmul_kernels_for(dtype, false, map->rows, map->outputs, map->inputs);
  const product_t product = {
    .rectifies = rectified, .streams = leaves_caches(table, map->rows * map->outputs),
    .rows = map->rows, .columns = map->outputs, .inner = map->inputs,
    .left = map->inputs > 0 ? x : &nothing, .left_stride = map->inputs,
    .right = map->inputs > 0 ? weight : &nothing, .right_stride = map->outputs,
    .result = y, .result_stride = map->outputs, .bias = bias,
  };
  matmul_whole(table, &product);
}

// MARK: Many rows

/// About the bytes of a block of dz: twice that, its rows of x and the weights stay in the second-level cache.
enum { BLOCK_BYTES = 96 << 10 };

struct backward {
  /// The kernels for dx and for xᵀ dz, and for everything else.
  const table_t *input_table, *weight_table, *table;
  const adjoint_affine *map;
  const void *x, *weight, *y, *dy;
  char *dx;
  /// Wᵀ as the tiles read it, and the gradients of W and b, one for each slice.
  void *packed_weight, *weights, *sums;
  /// The rows of a slice, for one thread, and of the blocks that it takes one after another.
  ptrdiff_t slice, block;
};

static struct matmul_part all_of(const table_t *table, const product_t *p) {
  return (struct matmul_part){ 0, p->rows, 0, matmul_panel_count(table, p->columns) };
}

/// dx = dz Wᵀ for some rows.
static product_t input_product(const struct backward *pass, const void *dz, ptrdiff_t first, ptrdiff_t rows) {
  const adjoint_affine *map = pass->map;
  return (product_t){
    .transpose_right = true, .streams = leaves_caches(pass->table, map->rows * map->inputs),
    .rows = rows, .columns = map->inputs, .inner = map->outputs,
    .left = dz, .left_stride = map->outputs, .right = pass->weight, .right_stride = map->outputs,
    .result = pass->dx + first * map->inputs * pass->table->element_size, .result_stride = map->inputs,
  };
}

/// The part of xᵀ dz that some rows contribute, added to that of the rows before them in the slice.
static product_t weight_product(const struct backward *pass, const void *dz, ptrdiff_t slice, ptrdiff_t first,
                                ptrdiff_t rows) {
  const adjoint_affine *map = pass->map;
  return (product_t){
    .transpose_left = true, .accumulate = first > slice * pass->slice,
    .rows = map->inputs, .columns = map->outputs, .inner = rows,
    .left = offset(pass->table, pass->x, first * map->inputs), .left_stride = map->inputs,
    .right = dz, .right_stride = map->outputs,
    .result = (void *)offset(pass->table, pass->weights, slice * map->inputs * map->outputs),
    .result_stride = map->outputs,
  };
}

static void backward_slice(void *context, ptrdiff_t slice) {
  const struct backward *pass = context;
  const table_t *table = pass->table;
  const ptrdiff_t outputs = pass->map->outputs, end = smaller(pass->map->rows, (slice + 1) * pass->slice);
  const table_t *const of_weight = pass->weight_table, *const of_input = pass->input_table;
  const ptrdiff_t bytes = table->element_size;
  // One block of rows of the result splits dz as it goes; more would each split it again.
  const bool packs = !of_weight->packs_all || pass->map->inputs > of_weight->row_block;
  const size_t packed_bytes = packs ? (of_weight->right_bytes(outputs, pass->block) + 63) / 64 * 64 : 0;
  char *const packed = adjoint_scratch(SLOT_RIGHT, packed_bytes + (size_t)(pass->block * outputs * bytes));
  void *const masked = packed + packed_bytes;
  const bool most = of_weight->left_scratch > of_input->left_scratch;
  void *const left = adjoint_scratch(SLOT_LEFT, most ? of_weight->left_scratch : of_input->left_scratch);
  void *const sums = (void *)offset(table, pass->sums, slice * outputs);
  memset(sums, 0, (size_t)(outputs * bytes));
  for (ptrdiff_t first = slice * pass->slice; first < end; first += pass->block) {
    const ptrdiff_t rows = smaller(pass->block, end - first);
    const void *const dy = offset(table, pass->dy, first * outputs);
    const void *const dz = pass->y ? masked : dy;
    if (pass->y) table->rectify(dy, offset(table, pass->y, first * outputs), rows, outputs, masked, sums);
    else table->rectify(dy, NULL, rows, outputs, NULL, sums);
    // What the next block reads is fetched while this one computes.
    const ptrdiff_t coming = smaller(pass->block, end - first - rows);
    const struct matmul_ahead inputs_ahead = rows_ahead(table, pass->x, pass->map->inputs, first + rows, coming);
    const struct matmul_ahead upstream_ahead = rows_ahead(table, pass->dy, outputs, first + rows, coming);
    const struct matmul_ahead results_ahead = rows_ahead(table, pass->y, outputs, first + rows, coming);
    if (pass->weights) {
      product_t product = weight_product(pass, dz, slice, first, rows);
      product.ahead[0] = inputs_ahead;
      if (!pass->dx) product.ahead[1] = upstream_ahead;
      if (!pass->dx) product.ahead[2] = results_ahead;
      if (packs) of_weight->pack_right(&product, 0, rows, packed);
      of_weight->multiply(&product, all_of(of_weight, &product), NULL, packs ? packed : NULL, left);
    }
    if (pass->dx) {
      product_t product = input_product(pass, dz, first, rows);
      product.ahead[0] = upstream_ahead;
      product.ahead[1] = results_ahead;
      of_input->multiply(&product, all_of(of_input, &product), NULL, pass->packed_weight, left);
    }
  }
}

struct sum_of_slices { const struct backward *pass; product_t product; ptrdiff_t slices, row_blocks; };

static void add_slices(void *context, ptrdiff_t chunk) {
  const struct sum_of_slices *sum = context;
  const ptrdiff_t rows = sum->product.rows;
  sum->pass->table->combine(&sum->product, sum->pass->weights, sum->slices, rows * chunk / sum->row_blocks,
                            rows * (chunk + 1) / sum->row_blocks);
}

bool adjoint_affine_is_tall(const adjoint_affine *map) {
  return map->rows >= 4096 && map->rows > 8 * map->inputs && map->rows > 8 * map->outputs && map->inputs > 0 &&
         map->outputs > 0 && map->inputs * map->outputs <= 128 * 1024;
}

void adjoint_affine_backward(adjoint_dtype dtype, const adjoint_affine *map, const void *x, const void *weight,
                             const void *y, const void *dy, void *dx, void *d_weight, void *d_bias) {
  const table_t *table = matmul_kernels(dtype);
  const ptrdiff_t inputs = map->inputs, outputs = map->outputs, bytes = table->element_size;
  struct backward pass = {
    .input_table = matmul_kernels_for(dtype, false, map->rows, inputs, outputs),
    .weight_table = matmul_kernels_for(dtype, true, inputs, outputs, map->rows),
    .table = table, .map = map, .x = x, .weight = weight, .y = y, .dy = dy, .dx = dx,
  };
  const ptrdiff_t rows = BLOCK_BYTES / (outputs * bytes) / 32 * 32;
  pass.block = rows < 64 ? 64 : smaller(rows, pass.weight_table->depth);
  const ptrdiff_t least = divide_up(map->rows, 32) > 1536 ? divide_up(map->rows, 32) : 1536;
  pass.slice = divide_up(least, pass.block) * pass.block;
  const ptrdiff_t slices = divide_up(map->rows, pass.slice);
  char *const partials = adjoint_scratch(SLOT_RESULT, (size_t)(slices * outputs * (inputs + 1) * bytes));
  pass.sums = partials;
  if (d_weight) pass.weights = partials + slices * outputs * bytes;
  if (dx) {
    const product_t product = input_product(&pass, NULL, 0, 0);
    pass.packed_weight = adjoint_scratch(SLOT_SHARED_RIGHT, pass.input_table->right_bytes(inputs, outputs));
    pass.input_table->pack_right(&product, 0, outputs, pass.packed_weight);
  }
  adjoint_parallel(slices, backward_slice, &pass);
  if (d_weight) {
    struct sum_of_slices sum = {
      .pass = &pass,
      .product = { .rows = inputs, .columns = outputs, .result = d_weight, .result_stride = outputs },
      .slices = slices, .row_blocks = smaller(inputs, divide_up(slices * inputs * outputs, 65536)),
    };
    adjoint_parallel(sum.row_blocks, add_slices, &sum);
  }
  if (d_bias) adjoint_reduce(ADJOINT_SUM, dtype, d_bias, pass.sums, 1, slices, outputs);
}

// MARK: The mask alone

struct mask {
  const table_t *table;
  ptrdiff_t rows, columns, piece;
  const void *y, *dy;
  void *dz, *sums;
};

static void mask_piece(void *context, ptrdiff_t chunk) {
  const struct mask *mask = context;
  const table_t *table = mask->table;
  const ptrdiff_t first = chunk * mask->piece, rows = smaller(mask->piece, mask->rows - first);
  const ptrdiff_t start = first * mask->columns;
  void *const sums = (void *)offset(table, mask->sums, chunk * mask->columns);
  memset(sums, 0, (size_t)(mask->columns * table->element_size));
  table->rectify(offset(table, mask->dy, start), offset(table, mask->y, start), rows, mask->columns,
                 (void *)offset(table, mask->dz, start), sums);
}

void adjoint_rectified_backward(adjoint_dtype dtype, ptrdiff_t rows, ptrdiff_t columns, const void *y, const void *dy,
                                void *dz, void *d_bias) {
  if (columns <= 0) return;
  const table_t *table = matmul_kernels(dtype);
  const ptrdiff_t piece = 32768 / columns < 64 ? 64 : 32768 / columns, pieces = divide_up(rows, piece);
  struct mask mask = { .table = table, .rows = rows, .columns = columns, .piece = piece, .y = y, .dy = dy, .dz = dz };
  // Not the slots that the reduction uses.
  mask.sums = adjoint_scratch(SLOT_SHARED_RIGHT, (size_t)(pieces * columns * table->element_size));
  adjoint_parallel(pieces, mask_piece, &mask);
  adjoint_reduce(ADJOINT_SUM, dtype, d_bias, mask.sums, 1, pieces, columns);
}
