// Matrix products: how a product is cut into pieces of work. Every cut on which bits depend is a function of the extents
// alone.
#include "matmul_parts.h"

/// Below this many floating-point operations a product is done by the calling thread.
static const double serial_limit = 4e5;
/// The longest inner axis of an operand that is packed for all threads, rounded down to whole chains.
enum { LONGEST_INNER = 4096 };

/// The whole product on the calling thread.
static void multiply_here(const table_t *table, const product_t *p) {
  struct matmul_part all = { 0, p->rows, 0, matmul_panel_count(table, p->columns) };
  void *left = adjoint_scratch(SLOT_LEFT, table->left_scratch);
  if (reads_right_in_place(table, p)) {
    table->multiply(p, all, NULL, NULL, left);
    return;
  }
  // A packed piece that stays in the second-level cache.
  const ptrdiff_t depths = (256 << 10) / (ptrdiff_t)table->right_bytes(p->columns, table->depth);
  const ptrdiff_t length = (depths > 1 ? depths : 1) * table->depth;
  ptrdiff_t first = 0;
  do {
    product_t part = inner_part(table, p, first, smaller(p->inner, first + length));
    const ptrdiff_t next = first + part.inner, coming = smaller(length, p->inner - next);
    if (p->transpose_left) part.ahead[0] = rows_ahead(table, p->left, p->left_stride, next, coming);
    if (p->transpose_left && !p->transpose_right) {
      part.ahead[1] = rows_ahead(table, p->right, p->right_stride, next, coming);
    }
    void *right = adjoint_scratch(SLOT_RIGHT, table->right_bytes(p->columns, part.inner));
    table->pack_right(&part, 0, part.inner, right);
    table->multiply(&part, all, NULL, right, left);
    first += length;
  } while (first < p->inner);
}

// MARK: Cutting the columns

/// Columns of the result, each for one thread, which packs what it needs, piece by piece.
struct columns { const table_t *table; const product_t *product; ptrdiff_t width; };

static void multiply_columns(void *context, ptrdiff_t chunk) {
  const struct columns *columns = context;
  const ptrdiff_t first = chunk * columns->width;
  const product_t part = columns_part(columns->table, columns->product, first, columns->width);
  multiply_here(columns->table, &part);
}

/// Few rows of a long right operand: no two threads read the same of it, so nothing is packed for all.
static void multiply_low(const table_t *table, const product_t *p) {
  ptrdiff_t panels = 8;
  while (panels > 4 && divide_up(p->columns, panels * table->panel_columns) < 8) panels /= 2;
  struct columns columns = { table, p, panels * table->panel_columns };
  adjoint_parallel(divide_up(p->columns, columns.width), multiply_columns, &columns);
}

// MARK: Cutting the inner axis

struct split {
  const table_t *table;
  const product_t *product;
  void *partials;
  ptrdiff_t length, row_blocks;
};

static void multiply_slice(void *context, ptrdiff_t chunk) {
  const struct split *split = context;
  const product_t *p = split->product;
  product_t part = inner_part(split->table, p, chunk * split->length,
                              smaller(p->inner, (chunk + 1) * split->length));
  part.accumulate = part.rectifies = false;
  part.bias = NULL;
  part.result = (void *)offset(split->table, split->partials, chunk * p->rows * p->columns);
  part.result_stride = p->columns;
  multiply_here(split->table, &part);
}

static void combine_rows(void *context, ptrdiff_t chunk) {
  const struct split *split = context;
  const ptrdiff_t rows = split->product->rows, slices = divide_up(split->product->inner, split->length);
  split->table->combine(split->product, split->partials, slices, rows * chunk / split->row_blocks,
                        rows * (chunk + 1) / split->row_blocks);
}

/// Whether a small result has so long an inner axis that there is more to cut in the axis than in the result.
static bool is_long(const product_t *p) {
  return p->inner >= 4096 && p->inner > 8 * p->rows && p->inner > 8 * p->columns && p->rows * p->columns <= 128 * 1024;
}

/// Whether the axis is cut. Where rows are examples, the sums must be those of a product that is not cut: then each slice
/// is one chain, and nothing may have been added to the first.
static bool splits_inner(const table_t *table, const product_t *p) {
  if (!is_long(p) || p->transpose_left) return is_long(p);
  const ptrdiff_t partials = divide_up(p->inner, table->depth) * p->rows * p->columns;
  return !p->bias && !p->accumulate && !p->rectifies && partials * table->element_size <= PACKED_BYTES;
}

/// A small result of a long inner axis: slices of the axis, each for one thread, and then their sum in order.
static void multiply_split(const table_t *table, const product_t *p) {
  const ptrdiff_t least = divide_up(divide_up(p->inner, 32), table->depth) * table->depth;
  const ptrdiff_t length = !p->transpose_left ? table->depth : least > 1536 ? least : 1536;
  struct split split = { .table = table, .product = p, .length = length };
  const ptrdiff_t slices = divide_up(p->inner, split.length), size = p->rows * p->columns;
  split.partials = adjoint_scratch(SLOT_RESULT, (size_t)(slices * size * table->element_size));
  adjoint_parallel(slices, multiply_slice, &split);
  split.row_blocks = smaller(p->rows, divide_up(slices * size, 65536));
  adjoint_parallel(split.row_blocks, combine_rows, &split);
}

// MARK: Products that are computed transposed

struct turn {
  const table_t *table;
  const product_t *product;
  const void *source;
  ptrdiff_t columns;
};

static void turn_columns(void *context, ptrdiff_t chunk) {
  const struct turn *turn = context;
  const ptrdiff_t first = chunk * turn->columns;
  turn->table->transpose(turn->product, turn->source, first,
                         smaller(turn->product->columns, first + turn->columns));
}

/// A few rows times a transposed right operand would copy all of that operand to use it a few times. The transposed
/// product copies the small operand instead, and then its small result.
static void multiply_turned(const table_t *table, const product_t *p) {
  product_t turned = {
    .transpose_left = false, .transpose_right = !p->transpose_left,
    .rows = p->columns, .columns = p->rows, .inner = p->inner,
    .left = p->right, .left_stride = p->right_stride, .right = p->left, .right_stride = p->left_stride,
    .result = adjoint_scratch(SLOT_RESULT, (size_t)(p->rows * p->columns * table->element_size)),
    .result_stride = p->rows,
  };
  matmul_whole(table, &turned);
  const ptrdiff_t columns = divide_up(divide_up(16384, p->rows), table->lanes) * table->lanes;
  struct turn turn = { .table = table, .product = p, .source = turned.result, .columns = columns };
  adjoint_parallel(divide_up(p->columns, columns), turn_columns, &turn);
}

// MARK: Entry points

static bool turns(const table_t *table, const product_t *p) {
  return !table->packs_all && p->transpose_right && p->rows <= 3 * table->tile_rows && p->columns >= 2 * p->rows &&
         p->columns >= 64 && p->inner >= 32 && !is_long(p);
}

static bool is_low(const table_t *table, const product_t *p) {
  return p->rows <= table->row_block && p->columns >= 16 * table->panel_columns && !reads_right_in_place(table, p);
}

void matmul_whole(const table_t *table, const product_t *p) {
  if (turns(table, p)) {
    multiply_turned(table, p);
  } else if (operations(p) < serial_limit) {
    multiply_here(table, p);
  } else if (splits_inner(table, p)) {
    multiply_split(table, p);
  } else if (is_low(table, p)) {
    multiply_low(table, p);
  } else {
    // Pieces whose packed right operand is of bounded size.
    const ptrdiff_t inner = smaller(p->inner, LONGEST_INNER / table->depth * table->depth);
    ptrdiff_t columns = PACKED_BYTES / (ptrdiff_t)table->right_bytes(table->panel_columns, inner) * table->panel_columns;
    if (columns < 8 * table->panel_columns) columns = 8 * table->panel_columns;
    for (ptrdiff_t column = 0; column < p->columns; column += columns) {
      for (ptrdiff_t first = 0; first < p->inner; first += inner) {
        const product_t part = inner_part(table, p, first, smaller(p->inner, first + inner));
        const product_t block = columns_part(table, &part, column, columns);
        matmul_grid(table, &block);
      }
    }
  }
}

struct batch {
  const table_t *table;
  product_t product;
  ptrdiff_t count, group, left_stride, right_stride;
};

static product_t batch_element(const struct batch *batch, ptrdiff_t index) {
  product_t p = batch->product;
  p.left = offset(batch->table, p.left, index * batch->left_stride);
  p.right = offset(batch->table, p.right, index * batch->right_stride);
  p.result = (void *)offset(batch->table, p.result, index * p.rows * p.columns);
  return p;
}

static void multiply_group(void *context, ptrdiff_t chunk) {
  const struct batch *batch = context;
  const ptrdiff_t last = smaller(batch->count, (chunk + 1) * batch->group);
  for (ptrdiff_t index = chunk * batch->group; index < last; index++) {
    const product_t p = batch_element(batch, index);
    multiply_here(batch->table, &p);
  }
}

void adjoint_matmul(adjoint_dtype dtype, bool transpose_left, bool transpose_right, ptrdiff_t batch, ptrdiff_t rows,
                    ptrdiff_t columns, ptrdiff_t inner, const void *left, ptrdiff_t left_batch_stride,
                    const void *right, ptrdiff_t right_batch_stride, void *result, const void *bias, bool accumulate) {
  if (batch <= 0 || rows <= 0 || columns <= 0) return;
  static const double nothing;
  const table_t *table = matmul_kernels_for(dtype, transpose_left, rows, columns, inner);
  if (batch > 1 && !transpose_left && right_batch_stride == 0 && left_batch_stride == rows * inner) {
    rows *= batch;  // One matrix after another is one tall matrix.
    batch = 1;
  }
  struct batch all = {
    .table = table,
    .product = {
      .transpose_left = transpose_left, .transpose_right = transpose_right, .accumulate = accumulate,
      .rows = rows, .columns = columns, .inner = inner,
      .left = inner > 0 ? left : &nothing, .right = inner > 0 ? right : &nothing, .bias = bias, .result = result,
      .left_stride = transpose_left ? rows : inner, .right_stride = transpose_right ? inner : columns,
      .result_stride = columns, .streams = leaves_caches(table, rows * columns),
    },
    .count = batch,
    .left_stride = inner > 0 ? left_batch_stride : 0,
    .right_stride = inner > 0 ? right_batch_stride : 0,
  };
  const double work = operations(&all.product);
  if (batch == 1 || (work > 2e7 && (work > 5e8 || batch < 8))) {
    for (ptrdiff_t index = 0; index < batch; index++) {
      const product_t p = batch_element(&all, index);
      matmul_whole(table, &p);
    }
    return;
  }
  all.group = (ptrdiff_t)(serial_limit / (work + 2000)) + 1;
  adjoint_parallel(divide_up(batch, all.group), multiply_group, &all);
}
