// Matrix products whose result is cut into blocks for the threads. Every cut is a function of the extents alone, but for
// kernels that pack all they read: no bit of theirs depends on a cut.
#include "matmul_parts.h"

/// Blocks are made smaller while there are few of them and each has more floating-point operations than this.
static const double block_limit = 2e6;
/// Above this many, all threads pack a left operand together.
static const double sharing_limit = 5e7;

struct grid {
  const table_t *table;
  const product_t *product;
  void *left, *right;
  ptrdiff_t panels, row_blocks, panel_blocks;
  /// The steps along the inner axis that are packed together, and the bytes of a packed block of rows.
  ptrdiff_t slice, block_bytes;
};

/// The row at which block `i` begins. Kernels that pack all they read compute whole tiles, so blocks are made of those.
static ptrdiff_t first_row(const struct grid *grid, ptrdiff_t i) {
  const ptrdiff_t rows = grid->product->rows, tile = grid->table->packs_all ? grid->table->tile_rows : 1;
  return smaller(rows, divide_up(rows, tile) * i / grid->row_blocks * tile);
}

static struct matmul_part grid_part(const struct grid *grid, ptrdiff_t i, ptrdiff_t j) {
  return (struct matmul_part){
    first_row(grid, i), first_row(grid, i + 1),
    grid->panels * j / grid->panel_blocks, grid->panels * (j + 1) / grid->panel_blocks,
  };
}

/// The blocks there should be. Kernels that pack all they read outrun the cache that all threads share, so their blocks
/// are as large as the number of threads permits.
static ptrdiff_t blocks_wanted(const table_t *table) { return table->packs_all ? 2 * adjoint_thread_count() : 16; }

/// Cuts the result into as many blocks as there should be, if they are worth it, of up to `rows` rows and `panels`
/// panels, first making them narrower, then lower. Kernels that pack all they read begin with lower ones where the right
/// operand is packed for all of them, and end with those where each block packs its own columns.
static void cut(struct grid *grid, ptrdiff_t rows, ptrdiff_t panels) {
  const ptrdiff_t all = grid->product->rows, lowest = 2 * grid->table->tile_rows;
  const bool lower_first = grid->table->packs_all && grid->right;
  const ptrdiff_t narrow = grid->table->packs_all && !grid->right ? 1 : 4;
  for (;;) {
    grid->row_blocks = divide_up(all, rows);
    grid->panel_blocks = divide_up(grid->panels, panels);
    const ptrdiff_t blocks = grid->row_blocks * grid->panel_blocks;
    if (blocks >= blocks_wanted(grid->table) || operations(grid->product) <= block_limit * (double)blocks) return;
    if (lower_first && rows > lowest && all > lowest) rows /= 2;
    else if (panels > narrow && grid->panels > 1) panels /= 2;
    else if (rows > lowest && all > lowest) rows /= 2;
    else if (panels > 1) panels /= 2;
    else return;
  }
}

/// Packs a slice of the right operand or, after all of those, a block of rows of the left one.
static void pack_piece(void *context, ptrdiff_t chunk) {
  const struct grid *grid = context;
  const product_t *p = grid->product;
  const ptrdiff_t slices = grid->right ? divide_up(p->inner, grid->slice) : 0, block = chunk - slices;
  if (block >= 0) {
    const struct matmul_part part = grid_part(grid, block, 0);
    grid->table->pack_left(p, part.first_row, part.last_row, (char *)grid->left + block * grid->block_bytes);
  } else {
    const ptrdiff_t first = chunk * grid->slice;
    grid->table->pack_right(p, first, smaller(p->inner, first + grid->slice), grid->right);
  }
}

static void multiply_block(void *context, ptrdiff_t chunk) {
  const struct grid *grid = context;
  const ptrdiff_t i = chunk / grid->panel_blocks, j = chunk % grid->panel_blocks;
  const void *left = grid->left ? (char *)grid->left + i * grid->block_bytes : NULL;
  grid->table->multiply(grid->product, grid_part(grid, i, j), left, grid->right,
                        adjoint_scratch(SLOT_LEFT, grid->table->left_scratch));
}

/// Whether a left operand is packed once for all threads: one that many panels read, but too few rows of it to be cut
/// into rows alone.
static bool shares_left(const table_t *table, const product_t *p, ptrdiff_t panels) {
  return !table->packs_all && panels >= 8 && p->rows < 32 * table->row_block && operations(p) > sharing_limit &&
         table->left_bytes(p->rows, p->inner) <= PACKED_BYTES &&
         table->packs_left(p, smaller(p->rows, table->row_block), panels, true);
}

/// Blocks of the result, each for one thread. Operands that several blocks read are packed first, by all threads.
void matmul_grid(const table_t *table, const product_t *p) {
  struct grid grid = { .table = table, .product = p, .panels = matmul_panel_count(table, p->columns) };
  ptrdiff_t pieces = 0;
  if (!reads_right_in_place(table, p)) {
    const ptrdiff_t columns = matmul_packed_columns(table, p->columns);
    grid.right = adjoint_scratch(SLOT_SHARED_RIGHT, table->right_bytes(p->columns, p->inner));
    grid.slice = divide_up(32768, columns) < 64 ? 64 : divide_up(divide_up(32768, columns), 64) * 64;
    pieces = divide_up(p->inner, grid.slice);
  }
  if (grid.right && shares_left(table, p, grid.panels)) {
    cut(&grid, table->row_block, 32);
    grid.block_bytes = (ptrdiff_t)table->left_bytes(divide_up(p->rows, grid.row_blocks), p->inner);
    grid.left = adjoint_scratch(SLOT_SHARED_LEFT, (size_t)(grid.row_blocks * grid.block_bytes));
    pieces += grid.row_blocks;
  } else {
    // Tall results are cut into rows alone: then one thread reads a row of the left operand, and packs it for itself.
    // Where there are very many rows it takes several blocks, and fetches the next one while it multiplies.
    const ptrdiff_t rows = 8 * table->tile_rows, together = p->rows >= 64 * 4 * rows ? 4 * rows : rows;
    const bool rows_suffice = divide_up(p->rows, rows) >= blocks_wanted(table);
    const bool packs_own_columns = table->packs_all && !grid.right;
    cut(&grid, together, rows_suffice || packs_own_columns ? grid.panels : 16);
  }
  if (pieces > 0) adjoint_parallel(pieces, pack_piece, &grid);
  adjoint_parallel(grid.row_blocks * grid.panel_blocks, multiply_block, &grid);
}
