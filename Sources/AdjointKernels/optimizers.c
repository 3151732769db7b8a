// Optimizer steps, cut into pieces of fixed length.
#include "chunks.h"

/// About 30 µs of work for one thread.
enum { PIECE = 32768 };

struct step {
  range range;
  optimizer_step run;
  void *p, *const *states;
  const void *g, *settings;
};

static void step_piece(void *context, ptrdiff_t chunk) {
  const struct step *step = context;
  ptrdiff_t first, count = elements_of_chunk(&step->range, chunk, &first);
  step->run(step->p, step->g, step->states, step->settings, first, first + count);
}

#define DEFINE_STEP(name)                                                                                    \
  void adjoint_##name##_step(adjoint_dtype dtype, void *p, const void *g, void *const *states,                   \
                             const adjoint_##name *settings, ptrdiff_t count) {                                  \
    struct step step = {.range = {count, PIECE}, .run = optimizers_kernels(dtype)->name, .p = p, .g = g,         \
                        .states = states, .settings = settings};                                                 \
    adjoint_parallel(chunks_of(PIECE, count), step_piece, &step);                                                \
  }
DEFINE_STEP(sgd)
DEFINE_STEP(adam)
DEFINE_STEP(adamax)
DEFINE_STEP(adagrad)
DEFINE_STEP(adadelta)
DEFINE_STEP(rmsprop)
DEFINE_STEP(moving_average)

struct squares {
  range range;
  adjoint_dtype dtype;
  const void *x;
  double *sums;
};

static void squares_piece(void *context, ptrdiff_t chunk) {
  const struct squares *squares = context;
  ptrdiff_t first, count = elements_of_chunk(&squares->range, chunk, &first);
  squares->sums[chunk] = optimizers_kernels(squares->dtype)->sum_of_squares(squares->x, first, first + count);
}

double adjoint_sum_of_squares(adjoint_dtype dtype, const void *x, ptrdiff_t count) {
  const ptrdiff_t pieces = chunks_of(PIECE, count);
  struct squares squares = {.range = {count, PIECE}, .dtype = dtype, .x = x,
                            .sums = adjoint_scratch(3, (size_t)(at_least(1, pieces) * (ptrdiff_t)sizeof(double)))};
  adjoint_parallel(pieces, squares_piece, &squares);
  double total = 0;
  for (ptrdiff_t i = 0; i < pieces; i++) total += squares.sums[i];
  return total;
}
