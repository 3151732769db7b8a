// Affine maps of rows, rectified or not. Every cut on which bits depend is a function of the extents alone.
#include <string.h>
#include "matmul_parts.h"

static size_t lines(size_t bytes) { return (bytes + 63) / 64 * 64; }

static struct matmul_part all_of(const table_t *table, const product_t *p) {
  return (struct matmul_part){ 0, p->rows, 0, matmul_panel_count(table, p->columns) };
}

bool adjoint_affine_is_tall(const adjoint_affine *map) {
  if (map->rows < 4096 || map->rows <= 8 * map->outputs || map->outputs <= 0) return false;
  for (ptrdiff_t i = 0; i < map->count; i++) {
    const ptrdiff_t inputs = map->products[i].inputs;
    if (map->rows <= 8 * inputs || inputs <= 0 || inputs * map->outputs > 128 * 1024) return false;
  }
  return true;
}

// MARK: The result

/// The products of a map, the second of which is added to the first.
struct forward {
  const table_t *tables[2];
  product_t products[2];
  /// The weights as the tiles read them.
  void *packed[2];
  /// Bytes for the left operands that a thread packs.
  size_t left_bytes;
  /// The rows of a block, and of the blocks that a thread takes one after another.
  ptrdiff_t block, together;
};

/// Both products of some rows, block by block, so that the second finds the first in the cache.
static void forward_blocks(void *context, ptrdiff_t chunk) {
  const struct forward *pass = context;
  void *const left = adjoint_scratch(SLOT_LEFT, pass->left_bytes);
  const ptrdiff_t end = smaller(pass->products[0].rows, (chunk + 1) * pass->together);
  for (ptrdiff_t first = chunk * pass->together; first < end; first += pass->block) {
    const ptrdiff_t rows = smaller(pass->block, end - first), coming = smaller(pass->block, end - first - rows);
    for (int i = 0; i < 2; i++) {
      const table_t *const table = pass->tables[i];
      const product_t *const other = &pass->products[1 - i];
      product_t part = pass->products[i];
      part.rows = rows;
      part.left = offset(table, part.left, first * part.left_stride);
      part.result = (void *)offset(table, part.result, first * part.result_stride);
      part.ahead[0] = i == 0 ? rows_ahead(table, other->left, other->left_stride, first, rows)
                             : rows_ahead(table, other->left, other->left_stride, first + rows, coming);
      table->multiply(&part, all_of(table, &part), NULL, pass->packed[i], left);
    }
  }
}

static void forward_tall_pair(struct forward *pass) {
  size_t bytes[2];
  for (int i = 0; i < 2; i++) {
    bytes[i] = lines(pass->tables[i]->right_bytes(pass->products[i].columns, pass->products[i].inner));
  }
  pass->packed[0] = adjoint_scratch(SLOT_SHARED_RIGHT, bytes[0] + bytes[1]);
  pass->packed[1] = (char *)pass->packed[0] + bytes[0];
  pass->left_bytes = 0;
  pass->block = 0;
  for (int i = 0; i < 2; i++) {
    const table_t *const table = pass->tables[i];
    table->pack_right(&pass->products[i], 0, pass->products[i].inner, pass->packed[i]);
    if (table->left_scratch > pass->left_bytes) pass->left_bytes = table->left_scratch;
    if (table->row_block > pass->block) pass->block = table->row_block;
  }
  const ptrdiff_t rows = pass->products[0].rows;
  pass->together = rows >= 64 * 4 * pass->block ? 4 * pass->block : pass->block;
  adjoint_parallel(divide_up(rows, pass->together), forward_blocks, pass);
}

void adjoint_affine_forward(adjoint_dtype dtype, const adjoint_affine *map, bool rectified, const void *bias, void *y) {
  if (map->rows <= 0 || map->outputs <= 0) return;
  static const double nothing;
  struct forward pass;
  for (ptrdiff_t i = 0; i < map->count; i++) {
    const ptrdiff_t inputs = map->products[i].inputs;
    pass.tables[i] = matmul_kernels_for(dtype, false, map->rows, map->outputs, inputs);
    pass.products[i] = (product_t){
      .accumulate = i > 0, .rectifies = rectified && i == map->count - 1,
      .streams = leaves_caches(pass.tables[i], map->rows * map->outputs),
      .rows = map->rows, .columns = map->outputs, .inner = inputs,
      .left = inputs > 0 ? map->products[i].x : &nothing, .left_stride = inputs,
      .right = inputs > 0 ? map->products[i].weight : &nothing, .right_stride = map->outputs,
      .result = y, .result_stride = map->outputs, .bias = i == 0 ? bias : NULL,
    };
  }
  if (map->count == 2 && adjoint_affine_is_tall(map)) {
    pass.products[0].streams = false;  // What it writes is read again.
    forward_tall_pair(&pass);
  } else {
    for (ptrdiff_t i = 0; i < map->count; i++) matmul_whole(pass.tables[i], &pass.products[i]);
  }
}

// MARK: The gradients of many rows

/// About the bytes of a block of dz: twice that, its rows of x and the weights stay in the second-level cache.
enum { BLOCK_BYTES = 96 << 10 };

/// The gradients of one product.
struct gradients {
  const table_t *input_table, *weight_table;
  /// Wᵀ as the tiles read it, and the gradients of W, one for each slice; null where they are not wanted.
  void *packed_weight, *weights;
};

struct backward {
  const adjoint_affine *map;
  const table_t *table;
  const void *y, *dy;
  struct gradients of[2];
  /// The gradients of b, one for each slice.
  void *sums;
  /// The rows of a slice, for one thread, and of the blocks that it takes one after another.
  ptrdiff_t slice, block;
  /// Whether some dx is written where dy lies.
  bool replaces_upstream;
  /// The products of a block, and what a thread needs for them: bytes of dz as the tiles read it, and for left operands.
  ptrdiff_t products;
  size_t upstream_bytes, left_bytes;
};

/// dx = dz Wᵀ for some rows.
static product_t input_product(const struct backward *pass, ptrdiff_t i, const void *dz, ptrdiff_t first,
                               ptrdiff_t rows) {
  const adjoint_affine_product *p = &pass->map->products[i];
  const ptrdiff_t outputs = pass->map->outputs;
  const bool replaces = p->dx == pass->dy || p->dx == pass->y;
  return (product_t){
    .transpose_right = true, .streams = !replaces && leaves_caches(pass->table, pass->map->rows * p->inputs),
    .rows = rows, .columns = p->inputs, .inner = outputs,
    .left = dz, .left_stride = outputs, .right = p->weight, .right_stride = outputs,
    .result = (void *)offset(pass->table, p->dx, first * p->inputs), .result_stride = p->inputs,
  };
}

/// The part of xᵀ dz that some rows contribute, added to that of the rows before them in the slice.
static product_t weight_product(const struct backward *pass, ptrdiff_t i, const void *dz, ptrdiff_t slice,
                                ptrdiff_t first, ptrdiff_t rows) {
  const adjoint_affine_product *p = &pass->map->products[i];
  const ptrdiff_t outputs = pass->map->outputs;
  return (product_t){
    .transpose_left = true, .accumulate = first > slice * pass->slice,
    .rows = p->inputs, .columns = outputs, .inner = rows,
    .left = offset(pass->table, p->x, first * p->inputs), .left_stride = p->inputs,
    .right = dz, .right_stride = outputs,
    .result = (void *)offset(pass->table, pass->of[i].weights, slice * p->inputs * outputs), .result_stride = outputs,
  };
}

/// Whether dz is copied in the order in which the tiles read it. Tiles that split what they read split dz as they go for
/// one block of rows of a result; more would each split it again.
static bool packs_upstream(const struct backward *pass, const table_t *of_weight) {
  ptrdiff_t inputs = 0;
  for (ptrdiff_t i = 0; i < pass->map->count; i++) {
    if (pass->map->products[i].d_weight) inputs += pass->map->products[i].inputs;
  }
  return !of_weight->packs_all || inputs > of_weight->row_block;
}

static void backward_slice(void *context, ptrdiff_t slice) {
  const struct backward *pass = context;
  const adjoint_affine *const map = pass->map;
  const table_t *table = pass->table;
  const ptrdiff_t outputs = map->outputs, end = smaller(map->rows, (slice + 1) * pass->slice);
  const size_t block_bytes = (size_t)(pass->block * outputs * table->element_size);
  char *const packed = adjoint_scratch(SLOT_RIGHT, pass->upstream_bytes + block_bytes);
  void *const masked = packed + pass->upstream_bytes, *const left = adjoint_scratch(SLOT_LEFT, pass->left_bytes);
  void *const sums = (void *)offset(table, pass->sums, slice * outputs);
  memset(sums, 0, (size_t)(outputs * table->element_size));
  for (ptrdiff_t first = slice * pass->slice; first < end; first += pass->block) {
    const ptrdiff_t rows = smaller(pass->block, end - first);
    const void *const dy = offset(table, pass->dy, first * outputs);
    const void *const dz = pass->y || pass->replaces_upstream ? masked : dy;
    if (pass->y) table->rectify(dy, offset(table, pass->y, first * outputs), rows, outputs, masked, sums);
    else table->rectify(dy, NULL, rows, outputs, NULL, sums);
    if (!pass->y && pass->replaces_upstream) memcpy(masked, dy, (size_t)(rows * outputs * table->element_size));
    // What the next block reads is fetched while this one computes: x by the product that reads it, the rest by the last.
    const ptrdiff_t coming = smaller(pass->block, end - first - rows);
    const struct matmul_ahead upstream_ahead = rows_ahead(table, pass->dy, outputs, first + rows, coming);
    const struct matmul_ahead results_ahead = rows_ahead(table, pass->y, outputs, first + rows, coming);
    ptrdiff_t begun = 0;
    const table_t *packed_for = NULL;
    for (ptrdiff_t i = 0; i < map->count; i++) {
      if (!pass->of[i].weights) continue;
      const table_t *const of_weight = pass->of[i].weight_table;
      const bool packs = packs_upstream(pass, of_weight);
      product_t product = weight_product(pass, i, dz, slice, first, rows);
      product.ahead[0] = rows_ahead(table, map->products[i].x, map->products[i].inputs, first + rows, coming);
      begun++;
      if (begun == pass->products) product.ahead[1] = upstream_ahead;
      if (begun == pass->products) product.ahead[2] = results_ahead;
      if (packs && packed_for != of_weight) of_weight->pack_right(&product, 0, rows, packed);
      if (packs) packed_for = of_weight;
      of_weight->multiply(&product, all_of(of_weight, &product), NULL, packs ? packed : NULL, left);
    }
    for (ptrdiff_t i = 0; i < map->count; i++) {
      if (!pass->of[i].packed_weight) continue;
      const table_t *const of_input = pass->of[i].input_table;
      product_t product = input_product(pass, i, dz, first, rows);
      begun++;
      if (begun == pass->products) product.ahead[0] = upstream_ahead;
      if (begun == pass->products) product.ahead[1] = results_ahead;
      of_input->multiply(&product, all_of(of_input, &product), NULL, pass->of[i].packed_weight, left);
    }
  }
}

struct sum_of_slices {
  const table_t *table;
  const void *weights;
  product_t product;
  ptrdiff_t slices, row_blocks;
};

static void add_slices(void *context, ptrdiff_t chunk) {
  const struct sum_of_slices *sum = context;
  const ptrdiff_t rows = sum->product.rows;
  sum->table->combine(&sum->product, sum->weights, sum->slices, rows * chunk / sum->row_blocks,
                      rows * (chunk + 1) / sum->row_blocks);
}

/// Chooses the kernels of every product, and from them the rows of a block and of a slice.
static void plan(struct backward *pass, adjoint_dtype dtype) {
  const adjoint_affine *const map = pass->map;
  ptrdiff_t depth = map->rows;
  for (ptrdiff_t i = 0; i < map->count; i++) {
    struct gradients *const of = &pass->of[i];
    of->input_table = matmul_kernels_for(dtype, false, map->rows, map->products[i].inputs, map->outputs);
    of->weight_table = matmul_kernels_for(dtype, true, map->products[i].inputs, map->outputs, map->rows);
    depth = smaller(depth, of->weight_table->depth);
  }
  const ptrdiff_t rows = BLOCK_BYTES / (map->outputs * pass->table->element_size) / 32 * 32;
  pass->block = rows < 64 ? 64 : smaller(rows, depth);
  const ptrdiff_t least = divide_up(map->rows, 32) > 1536 ? divide_up(map->rows, 32) : 1536;
  pass->slice = divide_up(least, pass->block) * pass->block;
  for (ptrdiff_t i = 0; i < map->count; i++) {
    const table_t *const tables[2] = { pass->of[i].input_table, pass->of[i].weight_table };
    for (int j = 0; j < 2; j++) {
      if (tables[j]->left_scratch > pass->left_bytes) pass->left_bytes = tables[j]->left_scratch;
    }
    const size_t upstream = packs_upstream(pass, tables[1]) ? lines(tables[1]->right_bytes(map->outputs, pass->block)) : 0;
    if (upstream > pass->upstream_bytes) pass->upstream_bytes = upstream;
    if (map->products[i].dx == pass->dy) pass->replaces_upstream = true;
    pass->products += (map->products[i].d_weight != NULL) + (map->products[i].dx != NULL);
  }
}

void adjoint_affine_backward(adjoint_dtype dtype, const adjoint_affine *map, const void *y, const void *dy,
                             void *d_bias) {
  const table_t *table = matmul_kernels(dtype);
  const ptrdiff_t outputs = map->outputs;
  struct backward pass = { .map = map, .table = table, .y = y, .dy = dy };
  plan(&pass, dtype);
  const ptrdiff_t slices = divide_up(map->rows, pass.slice), row = slices * outputs * table->element_size;
  ptrdiff_t inputs = 0;
  size_t packed_bytes = 0;
  for (ptrdiff_t i = 0; i < map->count; i++) {
    const adjoint_affine_product *p = &map->products[i];
    if (p->d_weight) inputs += p->inputs;
    if (p->dx) packed_bytes += lines(pass.of[i].input_table->right_bytes(p->inputs, outputs));
  }
  char *partials = adjoint_scratch(SLOT_RESULT, (size_t)(row * (inputs + 1)));
  char *packed = adjoint_scratch(SLOT_SHARED_RIGHT, packed_bytes);
  pass.sums = partials;
  partials += row;
  for (ptrdiff_t i = 0; i < map->count; i++) {
    const adjoint_affine_product *p = &map->products[i];
    struct gradients *const of = &pass.of[i];
    if (p->d_weight) {
      of->weights = partials;
      partials += row * p->inputs;
    }
    if (p->dx) {
      const product_t product = input_product(&pass, i, NULL, 0, 0);
      of->packed_weight = packed;
      of->input_table->pack_right(&product, 0, outputs, packed);
      packed += lines(of->input_table->right_bytes(p->inputs, outputs));
    }
  }
  adjoint_parallel(slices, backward_slice, &pass);
  for (ptrdiff_t i = 0; i < map->count; i++) {
    const adjoint_affine_product *p = &map->products[i];
    if (!p->d_weight) continue;
    struct sum_of_slices sum = {
      .table = table, .weights = pass.of[i].weights,
      .product = { .rows = p->inputs, .columns = outputs, .result = p->d_weight, .result_stride = outputs },
      .slices = slices, .row_blocks = smaller(p->inputs, divide_up(slices * p->inputs * outputs, 65536)),
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
