// Entry points for functions of elements.
#include "chunks.h"

// 32 k cheap elements are some 4 µs of work, which a pool that is awake shares out in a fraction of that, and they stay
// in a core's second-level cache. Expensive functions are worth sharing sooner.
enum { CHUNK = 32768, EXPENSIVE_CHUNK = 4096 };

// The enumeration lists the expensive functions last.
static ptrdiff_t chunk_for(adjoint_unary_operation operation) {
  return operation >= ADJOINT_EXP ? EXPENSIVE_CHUNK : CHUNK;
}

typedef struct unary_loop {
  range range;
  adjoint_dtype dtype;
  adjoint_unary_kernel kernel;
  void *result;
  const void *x;
  bool stream;
} unary_loop;

static void unary_chunk(void *context, ptrdiff_t chunk) {
  const unary_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  loop->kernel(element(loop->dtype, loop->result, first), constant_element(loop->dtype, loop->x, first), count,
               loop->stream);
}

void adjoint_unary(adjoint_unary_operation operation, adjoint_dtype dtype, void *result, const void *x,
                   ptrdiff_t count) {
  adjoint_unary_kernel kernel = elementwise_kernels(dtype)->unary[operation];
  ptrdiff_t chunk = chunk_for(operation);
  if (count <= chunk) {
    kernel(result, x, count, false);
    return;
  }
  // Long arrays get longer chunks, which cost less to hand out.
  if (count > 64 * chunk) chunk = CHUNK;
  unary_loop loop = {{count, chunk}, dtype, kernel, result, x,
                     result != x && count * element_size(dtype) >= STREAMING_BYTES};
  adjoint_parallel(chunks_of(chunk, count), unary_chunk, &loop);
}

typedef struct binary_loop {
  range range;
  adjoint_dtype dtype;
  adjoint_binary_kernel kernel;
  void *result;
  const void *left, *right;
  bool stream;
} binary_loop;

static void binary_chunk(void *context, ptrdiff_t chunk) {
  const binary_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  loop->kernel(element(loop->dtype, loop->result, first), constant_element(loop->dtype, loop->left, first),
               constant_element(loop->dtype, loop->right, first), count, loop->stream);
}

void adjoint_binary(adjoint_binary_operation operation, adjoint_dtype dtype, void *result, const void *left,
                    const void *right, ptrdiff_t count) {
  adjoint_binary_kernel kernel = elementwise_kernels(dtype)->binary[operation];
  if (count <= CHUNK) {
    kernel(result, left, right, count, false);
    return;
  }
  binary_loop loop = {{count, CHUNK}, dtype, kernel, result, left, right,
                      result != left && result != right &&
                          count * element_size(dtype) >= STREAMING_BYTES};
  adjoint_parallel(chunks_of(CHUNK, count), binary_chunk, &loop);
}

typedef struct add_scaled_loop {
  range range;
  adjoint_dtype dtype;
  void *y;
  const void *x;
  double scale;
} add_scaled_loop;

static void add_scaled_chunk(void *context, ptrdiff_t chunk) {
  const add_scaled_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  elementwise_kernels(loop->dtype)->add_scaled(element(loop->dtype, loop->y, first),
                                               constant_element(loop->dtype, loop->x, first), loop->scale, count);
}

void adjoint_add_scaled(adjoint_dtype dtype, void *y, const void *x, double scale, ptrdiff_t count) {
  add_scaled_loop loop = {{count, CHUNK}, dtype, y, x, scale};
  adjoint_parallel(chunks_of(CHUNK, count), add_scaled_chunk, &loop);
}
