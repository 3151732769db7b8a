// Matrix products: how a product is cut into pieces of work. Every cut is a function of the extents alone.
#include "tables.h"

/// Below this many floating-point operations a product is done by the calling thread.
static const double serial_limit = 4e5;
/// Pieces are made smaller while there are few of them and each is longer than this.
static const double piece_limit = 2e6;
/// The longest inner axis, and about the most memory, of a packed right operand.
enum { LONGEST_INNER = 16384, PACKED_BYTES = 32 << 20 };

/// The scratch slots in use: the right operand as all threads read it, a thread's own left and right operands, and
/// results that are not final.
enum { SLOT_SHARED_RIGHT = 0, SLOT_LEFT = 1, SLOT_RIGHT = 2, SLOT_RESULT = 3 };

typedef struct matmul_table table_t;
typedef struct matmul_product product_t;

static ptrdiff_t divide_up(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }
static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static double operations(const product_t *p) { return 2.0 * (double)p->rows * (double)p->columns * (double)p->inner; }

static const void *offset(const table_t *table, const void *base, ptrdiff_t elements) {
  return (const char *)base + elements * table->element_size;
}

/// The part of `p` between two places on its inner axis. Later parts add to the result of the first.
static product_t inner_part(const table_t *table, const product_t *p, ptrdiff_t first, ptrdiff_t last) {
  product_t part = *p;
  part.left = offset(table, p->left, p->transpose_left ? first * p->left_stride : first);
  part.right = offset(table, p->right, p->transpose_right ? first : first * p->right_stride);
  part.inner = last - first;
  if (first > 0) {
    part.accumulate = true;
    part.bias = NULL;
  }
  return part;
}

/// Whether the tiles may read the right operand where it is. Many rows are better served by a packed copy, unless the
/// operand is laid out as the copy would be.
static bool reads_right_in_place(const table_t *table, const product_t *p) {
  if (p->transpose_right || p->columns < table->lanes) return false;
  if (p->rows <= 3 * table->tile_rows) return true;
  return p->columns % table->lanes == 0 && p->columns <= table->panel_columns + table->lanes &&
         p->right_stride == p->columns;
}

/// The whole product on the calling thread.
static void multiply_here(const table_t *table, const product_t *p) {
  struct matmul_part all = { 0, p->rows, 0, matmul_panel_count(table, p->columns) };
  void *left = adjoint_scratch(SLOT_LEFT, table->left_scratch);
  if (reads_right_in_place(table, p)) {
    table->multiply(p, all, NULL, left);
    return;
  }
  // A packed piece that stays in the second-level cache.
  const ptrdiff_t columns = matmul_packed_columns(table, p->columns);
  const ptrdiff_t depths = (512 << 10) / (columns * table->element_size * table->depth);
  const ptrdiff_t length = (depths > 1 ? depths : 1) * table->depth;
  ptrdiff_t first = 0;
  do {
    const product_t part = inner_part(table, p, first, smaller(p->inner, first + length));
    void *right = adjoint_scratch(SLOT_RIGHT, (size_t)(columns * part.inner * table->element_size));
    table->pack_right(&part, 0, part.inner, right);
    table->multiply(&part, all, right, left);
    first += length;
  } while (first < p->inner);
}

// MARK: Cutting the result

struct grid {
  const table_t *table;
  const product_t *product;
  void *packed;
  ptrdiff_t slice, row_blocks, panel_blocks, panels;
};

static void pack_slice(void *context, ptrdiff_t chunk) {
  const struct grid *grid = context;
  const ptrdiff_t first = chunk * grid->slice;
  grid->table->pack_right(grid->product, first, smaller(grid->product->inner, first + grid->slice), grid->packed);
}

static void multiply_block(void *context, ptrdiff_t chunk) {
  const struct grid *grid = context;
  const ptrdiff_t i = chunk / grid->panel_blocks, j = chunk % grid->panel_blocks;
  const struct matmul_part part = {
    grid->product->rows * i / grid->row_blocks, grid->product->rows * (i + 1) / grid->row_blocks,
    grid->panels * j / grid->panel_blocks, grid->panels * (j + 1) / grid->panel_blocks,
  };
  grid->table->multiply(grid->product, part, grid->packed, adjoint_scratch(SLOT_LEFT, grid->table->left_scratch));
}

/// Blocks of the result, each for one thread. The right operand is packed first, by all of them.
static void multiply_grid(const table_t *table, const product_t *p) {
  struct grid grid = { .table = table, .product = p, .panels = matmul_panel_count(table, p->columns) };
  if (!reads_right_in_place(table, p)) {
    const ptrdiff_t columns = matmul_packed_columns(table, p->columns);
    grid.packed = adjoint_scratch(SLOT_SHARED_RIGHT, (size_t)(columns * p->inner * table->element_size));
    grid.slice = divide_up(32768, columns) < 64 ? 64 : divide_up(divide_up(32768, columns), 64) * 64;
    adjoint_parallel(divide_up(p->inner, grid.slice), pack_slice, &grid);
  }
  // Tall results are cut into rows alone, so that a row of the left operand is packed only once.
  ptrdiff_t rows = 8 * table->tile_rows, panels = 16;
  grid.row_blocks = divide_up(p->rows, rows);
  grid.panel_blocks = grid.row_blocks >= 16 ? 1 : divide_up(grid.panels, panels);
  while (grid.row_blocks * grid.panel_blocks < 16 &&
         operations(p) > piece_limit * (double)(grid.row_blocks * grid.panel_blocks)) {
    if (panels > 4 && grid.panels > 1) panels /= 2;
    else if (rows > 2 * table->tile_rows && p->rows > 2 * table->tile_rows) rows /= 2;
    else if (panels > 1) panels /= 2;
    else break;
    grid.row_blocks = divide_up(p->rows, rows);
    grid.panel_blocks = divide_up(grid.panels, panels);
  }
  adjoint_parallel(grid.row_blocks * grid.panel_blocks, multiply_block, &grid);
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
  part.accumulate = false;
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

static bool splits_inner(const product_t *p) {
  return p->inner > 8 * p->rows && p->inner > 8 * p->columns && p->rows * p->columns <= 128 * 1024 && p->inner >= 4096;
}

/// A small result of a long inner axis: slices of the axis, each for one thread, and then their sum in order.
static void multiply_split(const table_t *table, const product_t *p) {
  const ptrdiff_t least = divide_up(divide_up(p->inner, 32), table->depth) * table->depth;
  struct split split = { .table = table, .product = p, .length = least > 1536 ? least : 1536 };
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

static void multiply_one(const table_t *table, const product_t *p);

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
  multiply_one(table, &turned);
  const ptrdiff_t columns = divide_up(divide_up(16384, p->rows), table->lanes) * table->lanes;
  struct turn turn = { .table = table, .product = p, .source = turned.result, .columns = columns };
  adjoint_parallel(divide_up(p->columns, columns), turn_columns, &turn);
}

// MARK: Entry points

static bool turns(const table_t *table, const product_t *p) {
  return p->transpose_right && p->rows <= 3 * table->tile_rows && p->columns >= 2 * p->rows && p->columns >= 64 &&
         p->inner >= 32 && !splits_inner(p);
}

static void multiply_one(const table_t *table, const product_t *p) {
  if (turns(table, p)) {
    multiply_turned(table, p);
  } else if (operations(p) < serial_limit) {
    multiply_here(table, p);
  } else if (splits_inner(p)) {
    multiply_split(table, p);
  } else {
    // Pieces whose packed right operand is of bounded size.
    const ptrdiff_t inner = smaller(p->inner, LONGEST_INNER);
    ptrdiff_t columns = PACKED_BYTES / (inner * table->element_size) / table->panel_columns * table->panel_columns;
    if (columns < 8 * table->panel_columns) columns = 8 * table->panel_columns;
    for (ptrdiff_t column = 0; column < p->columns; column += columns) {
      for (ptrdiff_t first = 0; first < p->inner; first += inner) {
        product_t part = inner_part(table, p, first, smaller(p->inner, first + inner));
        part.columns = smaller(columns, p->columns - column);
        part.right = offset(table, part.right, p->transpose_right ? column * p->right_stride : column);
        part.result = (void *)offset(table, p->result, column);
        if (part.bias) part.bias = offset(table, part.bias, column);
        multiply_grid(table, &part);
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
  const table_t *table = matmul_kernels(dtype);
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
      .result_stride = columns,
    },
    .count = batch,
    .left_stride = inner > 0 ? left_batch_stride : 0,
    .right_stride = inner > 0 ? right_batch_stride : 0,
  };
  const double work = operations(&all.product);
  if (batch == 1 || (work > 2e7 && (work > 5e8 || batch < 8))) {
    for (ptrdiff_t index = 0; index < batch; index++) {
      const product_t p = batch_element(&all, index);
      multiply_one(table, &p);
    }
    return;
  }
  all.group = (ptrdiff_t)(serial_limit / (work + 2000)) + 1;
  adjoint_parallel(divide_up(batch, all.group), multiply_group, &all);
}
