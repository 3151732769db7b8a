// Entry points for filling, copying and conversion.
#include <string.h>
#include "chunks.h"

enum { CHUNK = 65536, BYTES_CHUNK = 1 << 18 };

typedef struct copying_loop {
  range range;
  adjoint_dtype dtype, source_dtype;
  void *result;
  const void *source;
  double value;
} copying_loop;

static void fill_chunk(void *context, ptrdiff_t chunk) {
  const copying_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  copying_kernels(loop->dtype)->fill(element(loop->dtype, loop->result, first), loop->value, count);
}

void adjoint_fill(adjoint_dtype dtype, void *result, double value, ptrdiff_t count) {
  copying_loop loop = {.range = {count, CHUNK}, .dtype = dtype, .result = result, .value = value};
  adjoint_parallel(chunks_of(CHUNK, count), fill_chunk, &loop);
}

static void copy_chunk(void *context, ptrdiff_t chunk) {
  const copying_loop *loop = context;
  ptrdiff_t first, bytes = elements_of_chunk(&loop->range, chunk, &first);
  memcpy((char *)loop->result + first, (const char *)loop->source + first, (size_t)bytes);
}

void adjoint_copy(void *result, const void *source, ptrdiff_t bytes) {
  if (result == source) return;
  copying_loop loop = {.range = {bytes, BYTES_CHUNK}, .result = result, .source = source};
  adjoint_parallel(chunks_of(BYTES_CHUNK, bytes), copy_chunk, &loop);
}

static void convert_chunk(void *context, ptrdiff_t chunk) {
  const copying_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  copying_kernels(loop->dtype)->convert(element(loop->dtype, loop->result, first),
                                        constant_element(loop->source_dtype, loop->source, first), count);
}

void adjoint_convert(adjoint_dtype result_dtype, void *result, adjoint_dtype source_dtype, const void *source,
                     ptrdiff_t count) {
  if (result_dtype == source_dtype) {
    adjoint_copy(result, source, count * element_size(result_dtype));
    return;
  }
  copying_loop loop = {.range = {count, CHUNK}, .dtype = result_dtype, .source_dtype = source_dtype, .result = result,
                       .source = source};
  adjoint_parallel(chunks_of(CHUNK, count), convert_chunk, &loop);
}
