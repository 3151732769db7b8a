// Entry points for windows that slide over planes. Threads share the rows of an unfolded array and whole planes of a
// folded one, so that every element is made by one thread, in one order.
#include "chunks.h"

/// About as many elements as are worth handing to a thread.
enum { CHUNK = 32768 };

typedef struct windows_loop {
  range range;
  adjoint_dtype dtype;
  const adjoint_windows *windows;
  void *result;
  const void *source;
  double filling;
} windows_loop;

static void unfold_chunk(void *context, ptrdiff_t chunk) {
  const windows_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  windows_kernels(loop->dtype)->unfold(loop->result, loop->source, loop->windows, loop->filling, first, first + count);
}

static void fold_chunk(void *context, ptrdiff_t chunk) {
  const windows_loop *loop = context;
  ptrdiff_t first, count = elements_of_chunk(&loop->range, chunk, &first);
  windows_kernels(loop->dtype)->fold(loop->result, loop->source, loop->windows, first, first + count);
}

static void run(windows_loop *loop, ptrdiff_t count, ptrdiff_t elements_of_one, adjoint_chunk_body body) {
  loop->range = (range){count, at_least(1, CHUNK / at_least(1, elements_of_one))};
  adjoint_parallel(chunks_of(loop->range.chunk, count), body, loop);
}

void adjoint_unfold(adjoint_dtype dtype, void *result, const void *source, const adjoint_windows *windows,
                    double filling) {
  windows_loop loop = {.dtype = dtype, .windows = windows, .result = result, .source = source, .filling = filling};
  run(&loop, windows->planes * windows->window_height * windows->window_width, windows->rows * windows->columns,
      unfold_chunk);
}

void adjoint_fold(adjoint_dtype dtype, void *result, const void *source, const adjoint_windows *windows) {
  windows_loop loop = {.dtype = dtype, .windows = windows, .result = result, .source = source};
  const ptrdiff_t places = windows->window_height * windows->window_width;
  run(&loop, windows->planes, windows->height * windows->width + places * windows->rows * windows->columns, fold_chunk);
}
