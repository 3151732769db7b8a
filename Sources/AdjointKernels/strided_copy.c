// The copy between strided views. The axes are put into an order in which the result is written front to back, merged
// where both views allow, and the last two are left to a loop that suits them.
#include <stdlib.h>
#include <string.h>
#include "chunks.h"

enum { CHUNK = 32768, RUN = 8192, TILE = 64, LONG_RUN_BYTES = 128 };

typedef struct copy_axis { ptrdiff_t extent, result_stride, source_stride; } copy_axis;

typedef struct strided_loop strided_loop;
struct strided_loop {
  int rank;
  copy_axis axes[ADJOINT_MAX_RANK];  // the last two are `rows` and `columns`
  char *result;
  const char *source;
  int element_size;
  void (*plane)(const strided_loop *loop, char *result, const char *source, ptrdiff_t rows, ptrdiff_t columns);
  copy_axis rows, columns;
  ptrdiff_t tile_rows, tile_columns, row_tiles, column_tiles, tiles, tiles_per_chunk;
};

// Rows that are contiguous in both views.
static void copy_runs(const strided_loop *loop, char *result, const char *source, ptrdiff_t rows, ptrdiff_t columns) {
  const ptrdiff_t size = loop->element_size, bytes = columns * size;
  for (ptrdiff_t r = 0; r < rows; r++) {
    char *y = result + r * loop->rows.result_stride * size;
    const char *x = source + r * loop->rows.source_stride * size;
    if (bytes >= LONG_RUN_BYTES) {
      memcpy(y, x, (size_t)bytes);
    } else if (size == 4) {
      for (ptrdiff_t c = 0; c < columns; c++) memcpy(y + c * 4, x + c * 4, 4);
    } else {
      for (ptrdiff_t c = 0; c < columns; c++) memcpy(y + c * 8, x + c * 8, 8);
    }
  }
}

#define DEFINE_COPY_ELEMENTS(name, element)                                                                     \
  static void name(const strided_loop *loop, char *result, const char *source, ptrdiff_t rows, ptrdiff_t columns) { \
    const copy_axis row = loop->rows, column = loop->columns;                                                   \
    for (ptrdiff_t r = 0; r < rows; r++) {                                                                      \
      element *y = (element *)(void *)result + r * row.result_stride;                                           \
      const element *x = (const element *)(const void *)source + r * row.source_stride;                         \
      if (column.source_stride == 0) {                                                                          \
        const element value = *x;                                                                               \
        for (ptrdiff_t c = 0; c < columns; c++) y[c * column.result_stride] = value;                            \
      } else {                                                                                                  \
        for (ptrdiff_t c = 0; c < columns; c++) y[c * column.result_stride] = x[c * column.source_stride];      \
      }                                                                                                         \
    }                                                                                                           \
  }
DEFINE_COPY_ELEMENTS(copy_elements_of_4, uint32_t)
DEFINE_COPY_ELEMENTS(copy_elements_of_8, uint64_t)

// Rows of the result are contiguous, and so are columns of the source.
static void copy_transposed(const strided_loop *loop, char *result, const char *source, ptrdiff_t rows,
                            ptrdiff_t columns) {
  copying_kernels(loop->element_size == 4 ? ADJOINT_FLOAT32 : ADJOINT_FLOAT64)
      ->transpose(result, loop->rows.result_stride, source, loop->columns.source_stride, rows, columns);
}

// The axes, without those of extent 1, from the largest stride of the result to the smallest, all of them positive.
static void arrange_axes(strided_loop *loop, int rank, const ptrdiff_t *extents, const ptrdiff_t *result_strides,
                         const ptrdiff_t *source_strides) {
  for (int i = 0; i < rank; i++) {
    copy_axis axis = {extents[i], result_strides[i], source_strides[i]};
    if (axis.extent == 1) continue;
    if (axis.result_stride < 0) {
      loop->result += (axis.extent - 1) * axis.result_stride * loop->element_size;
      loop->source += (axis.extent - 1) * axis.source_stride * loop->element_size;
      axis.result_stride = -axis.result_stride;
      axis.source_stride = -axis.source_stride;
    }
    int place = loop->rank++;
    for (; place > 0 && loop->axes[place - 1].result_stride < axis.result_stride; place--) {
      loop->axes[place] = loop->axes[place - 1];
    }
    loop->axes[place] = axis;
  }
}

static void merge_axes(strided_loop *loop) {
  int kept = 0;
  for (int i = 1; i < loop->rank; i++) {
    copy_axis *outer = &loop->axes[kept], inner = loop->axes[i];
    if (outer->result_stride == inner.result_stride * inner.extent &&
        outer->source_stride == inner.source_stride * inner.extent) {
      inner.extent *= outer->extent;
      *outer = inner;
    } else {
      loop->axes[++kept] = inner;
    }
  }
  if (loop->rank > 0) loop->rank = kept + 1;
}

// Chooses the axes of the plane, moves them to the end, and chooses the size of a tile of it.
static void choose_plane(strided_loop *loop) {
  const copy_axis unit = {1, 0, 0};
  loop->rows = loop->columns = unit;
  loop->plane = loop->element_size == 4 ? copy_elements_of_4 : copy_elements_of_8;
  bool transposed = false;
  if (loop->rank > 0) loop->columns = loop->axes[--loop->rank];
  if (loop->columns.result_stride == 1 && loop->columns.source_stride == 1) loop->plane = copy_runs;
  int rows = loop->rank - 1;
  if (loop->columns.result_stride == 1 && loop->columns.source_stride != 1) {
    for (int i = 0; i < loop->rank; i++) {
      if (loop->axes[i].source_stride == 1) {
        rows = i;
        transposed = true;
        loop->plane = copy_transposed;
      }
    }
  }
  if (rows >= 0) {
    loop->rows = loop->axes[rows];
    for (int i = rows; i + 1 < loop->rank; i++) loop->axes[i] = loop->axes[i + 1];
    loop->rank--;
  }
  if (transposed) {
    loop->tile_rows = at_most(loop->rows.extent, TILE);
    loop->tile_columns = at_most(loop->columns.extent, at_least(TILE, TILE * TILE / loop->tile_rows));
  } else {
    loop->tile_columns = at_most(loop->columns.extent, CHUNK);
    loop->tile_rows = at_most(loop->rows.extent, at_least(1, RUN / loop->tile_columns));
  }
  loop->row_tiles = chunks_of(loop->tile_rows, loop->rows.extent);
  loop->column_tiles = chunks_of(loop->tile_columns, loop->columns.extent);
  loop->tiles = loop->row_tiles * loop->column_tiles;
  for (int i = 0; i < loop->rank; i++) loop->tiles *= loop->axes[i].extent;
  loop->tiles_per_chunk = at_least(1, CHUNK / (loop->tile_rows * loop->tile_columns));
}

static void copy_tile(const strided_loop *loop, ptrdiff_t tile) {
  const ptrdiff_t column = tile % loop->column_tiles * loop->tile_columns;
  tile /= loop->column_tiles;
  const ptrdiff_t row = tile % loop->row_tiles * loop->tile_rows;
  tile /= loop->row_tiles;
  ptrdiff_t result = row * loop->rows.result_stride + column * loop->columns.result_stride;
  ptrdiff_t source = row * loop->rows.source_stride + column * loop->columns.source_stride;
  for (int i = loop->rank - 1; i >= 0; i--) {
    const ptrdiff_t index = tile % loop->axes[i].extent;
    tile /= loop->axes[i].extent;
    result += index * loop->axes[i].result_stride;
    source += index * loop->axes[i].source_stride;
  }
  loop->plane(loop, loop->result + result * loop->element_size, loop->source + source * loop->element_size,
              at_most(loop->tile_rows, loop->rows.extent - row),
              at_most(loop->tile_columns, loop->columns.extent - column));
}

static void tiles_chunk(void *context, ptrdiff_t chunk) {
  const strided_loop *loop = context;
  const ptrdiff_t first = chunk * loop->tiles_per_chunk, end = at_most(loop->tiles, first + loop->tiles_per_chunk);
  for (ptrdiff_t tile = first; tile < end; tile++) copy_tile(loop, tile);
}

void adjoint_strided_copy(int element_size, int rank, const ptrdiff_t *extents, void *result,
                          const ptrdiff_t *result_strides, const void *source, const ptrdiff_t *source_strides) {
  for (int i = 0; i < rank; i++) if (extents[i] == 0) return;
  strided_loop loop = {.result = result, .source = source, .element_size = element_size};
  arrange_axes(&loop, rank, extents, result_strides, source_strides);
  merge_axes(&loop);
  choose_plane(&loop);
  adjoint_parallel(chunks_of(loop.tiles_per_chunk, loop.tiles), tiles_chunk, &loop);
}
