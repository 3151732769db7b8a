// Parts of matrix products, which are products themselves.
#ifndef ADJOINT_MATMUL_PARTS_H
#define ADJOINT_MATMUL_PARTS_H

#include "tables.h"

/// About the most memory of an operand that is packed for all threads.
enum { PACKED_BYTES = 32 << 20 };

/// The scratch slots in use: the right operand as all threads read it, what a thread packs for itself while it multiplies
/// (SLOT_LEFT) and before, and results that are not final. The thread that packs a left operand for all does not pack a
/// right one of its own.
enum { SLOT_SHARED_RIGHT = 0, SLOT_LEFT = 1, SLOT_RIGHT = 2, SLOT_SHARED_LEFT = SLOT_RIGHT, SLOT_RESULT = 3 };

typedef struct matmul_table table_t;
typedef struct matmul_product product_t;

static inline ptrdiff_t divide_up(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }
static inline ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline double operations(const product_t *p) {
  return 2.0 * (double)p->rows * (double)p->columns * (double)p->inner;
}

static inline const void *offset(const table_t *table, const void *base, ptrdiff_t elements) {
  return (const char *)base + elements * table->element_size;
}

/// The part of `p` between two places on its inner axis. Later parts add to the result of the first.
static inline product_t inner_part(const table_t *table, const product_t *p, ptrdiff_t first, ptrdiff_t last) {
  product_t part = *p;
  part.left = offset(table, p->left, p->transpose_left ? first * p->left_stride : first);
  part.right = offset(table, p->right, p->transpose_right ? first : first * p->right_stride);
  part.inner = last - first;
  part.rectifies = p->rectifies && last >= p->inner;
  if (first > 0) {
    part.accumulate = true;
    part.bias = NULL;
  }
  return part;
}

/// Some columns of `p`.
static inline product_t columns_part(const table_t *table, const product_t *p, ptrdiff_t first, ptrdiff_t count) {
  product_t part = *p;
  part.columns = smaller(count, p->columns - first);
  part.right = offset(table, p->right, p->transpose_right ? first * p->right_stride : first);
  part.result = (void *)offset(table, p->result, first);
  if (p->bias) part.bias = offset(table, p->bias, first);
  return part;
}

/// Stored rows that will be read after a product; none if there is no array.
static inline struct matmul_ahead rows_ahead(const table_t *table, const void *array, ptrdiff_t stride, ptrdiff_t first,
                                             ptrdiff_t count) {
  if (array == NULL) return (struct matmul_ahead){ NULL, 0 };
  return (struct matmul_ahead){ offset(table, array, first * stride), count * stride * table->element_size };
}

/// Whether the right operand is read where it is. Many rows are better served by a copy that is packed for all of them,
/// unless the operand is laid out as the copy would be.
static inline bool reads_right_in_place(const table_t *table, const product_t *p) {
  if (table->packs_all) return p->rows <= table->row_block;
  if (p->transpose_right || p->columns < table->lanes) return false;
  if (p->rows <= 3 * table->tile_rows) return true;
  return p->columns % table->lanes == 0 && p->columns <= table->panel_columns + table->lanes &&
         p->right_stride == p->columns;
}

/// Whether a result of so many elements is too large to stay in the caches.
static inline bool leaves_caches(const table_t *table, ptrdiff_t elements) {
  return elements * table->element_size >= 16 << 20;
}

/// The product, by whichever cuts suit its extents.
void matmul_whole(const table_t *table, const product_t *p);

/// The product as blocks of the result, each for one thread.
void matmul_grid(const table_t *table, const product_t *p);

#endif
