// Entry points for reductions along one axis of [outer, middle, inner].
//
// A long reduction is cut into segments; these are reduced in parallel into scratch memory, and what they give is
// reduced in the same way. The cuts depend on the extents alone, and so does the order of all additions.
#include <string.h>
#include "chunks.h"

enum { CHUNK = 65536, LEAST_SEGMENT_ROWS = 256, LEAST_COLUMNS = 2048, LEVELS = 2 };

typedef struct reduction_loop {
  adjoint_dtype dtype;
  adjoint_reduction reduction;
  char *result;
  const char *x;
  ptrdiff_t outer, middle, inner;
  ptrdiff_t outer_per_chunk;            // whole reductions, or
  ptrdiff_t segment, segments;          // parts of one along the middle axis, and
  ptrdiff_t column_chunk, column_chunks;  // along the inner axis
  int sign;
} reduction_loop;

// Rows: chunks of whole rows.
static void rows_chunk(void *context, ptrdiff_t chunk) {
  const reduction_loop *loop = context;
  const ptrdiff_t first = chunk * loop->outer_per_chunk, rows = at_most(loop->outer_per_chunk, loop->outer - first);
  reductions_kernels(loop->dtype)->rows[loop->reduction](
      element(loop->dtype, loop->result, first), constant_element(loop->dtype, loop->x, first * loop->middle),
      loop->middle, rows, loop->middle);
}

// Rows: one segment of one row.
static void row_segment(void *context, ptrdiff_t chunk) {
  const reduction_loop *loop = context;
  const ptrdiff_t row = chunk / loop->segments, first = chunk % loop->segments * loop->segment;
  reductions_kernels(loop->dtype)->rows[loop->reduction](
      element(loop->dtype, loop->result, chunk), constant_element(loop->dtype, loop->x, row * loop->middle + first), 0,
      1, at_most(loop->segment, loop->middle - first));
}

// Columns: chunks of whole reductions.
static void columns_chunk(void *context, ptrdiff_t chunk) {
  const reduction_loop *loop = context;
  const ptrdiff_t first = chunk * loop->outer_per_chunk, size = loop->middle * loop->inner;
  const ptrdiff_t end = at_most(loop->outer, first + loop->outer_per_chunk);
  const struct reductions_table *kernels = reductions_kernels(loop->dtype);
  for (ptrdiff_t o = first; o < end; o++) {
    kernels->columns[loop->reduction](element(loop->dtype, loop->result, o * loop->inner),
                                      constant_element(loop->dtype, loop->x, o * size), loop->inner, loop->middle,
                                      loop->inner, (loop->outer - o) * size);
  }
}

// Columns: some columns of one segment of one reduction.
static void column_segment(void *context, ptrdiff_t chunk) {
  const reduction_loop *loop = context;
  const ptrdiff_t column = chunk % loop->column_chunks * loop->column_chunk, part = chunk / loop->column_chunks;
  const ptrdiff_t o = part / loop->segments, first = part % loop->segments * loop->segment;
  const ptrdiff_t start = (o * loop->middle + first) * loop->inner + column;
  reductions_kernels(loop->dtype)->columns[loop->reduction](
      element(loop->dtype, loop->result, part * loop->inner + column), constant_element(loop->dtype, loop->x, start),
      loop->inner, at_most(loop->segment, loop->middle - first), at_most(loop->column_chunk, loop->inner - column),
      loop->outer * loop->middle * loop->inner - start);
}

static void reduce(reduction_loop loop, int level) {
  const bool rows = loop.inner == 1;
  const ptrdiff_t size = loop.middle * loop.inner;
  loop.segment = rows ? CHUNK : at_least(LEAST_SEGMENT_ROWS, CHUNK / loop.inner);
  const bool split = level < LEVELS && loop.middle >= 2 * loop.segment;
  if (!split && (rows || size <= CHUNK)) {
    loop.outer_per_chunk = at_least(1, CHUNK / 2 / at_least(1, size));
    adjoint_parallel(chunks_of(loop.outer_per_chunk, loop.outer), rows ? rows_chunk : columns_chunk, &loop);
    return;
  }
  if (!split) loop.segment = loop.middle;
  loop.segments = chunks_of(loop.segment, loop.middle);
  loop.column_chunk = at_least(LEAST_COLUMNS, CHUNK / loop.segment / LEAST_COLUMNS * LEAST_COLUMNS);
  loop.column_chunks = chunks_of(loop.column_chunk, loop.inner);
  char *result = loop.result;
  const ptrdiff_t parts = loop.outer * loop.segments;
  if (split) loop.result = adjoint_scratch(3 - level, (size_t)(parts * loop.inner * element_size(loop.dtype)));
  if (rows) adjoint_parallel(parts, row_segment, &loop);
  else adjoint_parallel(parts * loop.column_chunks, column_segment, &loop);
  if (split) {
    loop.middle = loop.segments;
    loop.x = loop.result;
    loop.result = result;
    reduce(loop, level + 1);
  }
}

void adjoint_reduce(adjoint_reduction reduction, adjoint_dtype dtype, void *result, const void *x, ptrdiff_t outer,
                    ptrdiff_t middle, ptrdiff_t inner) {
  if (outer == 0 || inner == 0) return;
  reduce((reduction_loop){.dtype = dtype, .reduction = reduction, .result = result, .x = x, .outer = outer,
                          .middle = middle, .inner = inner},
         0);
}

static void index_rows_chunk(void *context, ptrdiff_t chunk) {
  const reduction_loop *loop = context;
  const ptrdiff_t first = chunk * loop->outer_per_chunk, rows = at_most(loop->outer_per_chunk, loop->outer - first);
  reductions_kernels(loop->dtype)->index_rows(loop->sign, (int32_t *)(void *)loop->result + first,
                                              constant_element(loop->dtype, loop->x, first * loop->middle), rows,
                                              loop->middle);
}

static void index_columns_chunk(void *context, ptrdiff_t chunk) {
  const reduction_loop *loop = context;
  const ptrdiff_t column = chunk % loop->column_chunks * loop->column_chunk;
  const ptrdiff_t first = chunk / loop->column_chunks * loop->outer_per_chunk;
  const ptrdiff_t end = at_most(loop->outer, first + loop->outer_per_chunk);
  for (ptrdiff_t o = first; o < end; o++) {
    reductions_kernels(loop->dtype)->index_columns(
        loop->sign, (int32_t *)(void *)loop->result + o * loop->inner + column,
        constant_element(loop->dtype, loop->x, o * loop->middle * loop->inner + column), loop->inner, loop->middle,
        at_most(loop->column_chunk, loop->inner - column));
  }
}

void adjoint_reduce_index(int sign, adjoint_dtype dtype, int32_t *result, const void *x, ptrdiff_t outer,
                          ptrdiff_t middle, ptrdiff_t inner) {
  if (outer == 0 || inner == 0) return;
  const ptrdiff_t size = at_least(1, middle * inner);
  reduction_loop loop = {.dtype = dtype, .result = (char *)(void *)result, .x = x, .outer = outer, .middle = middle,
                         .inner = inner, .sign = sign};
  loop.outer_per_chunk = at_least(1, CHUNK / 4 / size);
  if (inner == 1) {
    adjoint_parallel(chunks_of(loop.outer_per_chunk, outer), index_rows_chunk, &loop);
    return;
  }
  // A multiple of 16 columns is whole cache lines of the result.
  loop.column_chunk = at_least(64, CHUNK / at_least(1, middle) / 64 * 64);
  loop.column_chunks = chunks_of(loop.column_chunk, inner);
  adjoint_parallel(chunks_of(loop.outer_per_chunk, outer) * loop.column_chunks, index_columns_chunk, &loop);
}
