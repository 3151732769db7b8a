// Optimizer steps, cut into pieces of fixed length.
#include "tables.h"

/// About 30 µs of work for one thread.
enum { PIECE = 32768 };

struct step {
  const struct optimizers_table *table;
  void *parameter, *first_moment, *second_moment;
  const void *gradient, *settings;
  ptrdiff_t count;
};

static ptrdiff_t piece_end(const struct step *step, ptrdiff_t chunk) {
  return step->count - chunk * PIECE < PIECE ? step->count : (chunk + 1) * PIECE;
}

static void sgd_piece(void *context, ptrdiff_t chunk) {
  const struct step *step = context;
  step->table->sgd(step->parameter, step->gradient, step->first_moment, step->settings, chunk * PIECE,
                   piece_end(step, chunk));
}

static void adam_piece(void *context, ptrdiff_t chunk) {
  const struct step *step = context;
  step->table->adam(step->parameter, step->gradient, step->first_moment, step->second_moment, step->settings,
                    chunk * PIECE, piece_end(step, chunk));
}

void adjoint_sgd_step(adjoint_dtype dtype, void *parameter, const void *gradient, void *momentum,
                      const adjoint_sgd *settings, ptrdiff_t count) {
  struct step step = {
    .table = optimizers_kernels(dtype), .parameter = parameter, .gradient = gradient, .first_moment = momentum,
    .settings = settings, .count = count,
  };
  adjoint_parallel((count + PIECE - 1) / PIECE, sgd_piece, &step);
}

void adjoint_adam_step(adjoint_dtype dtype, void *parameter, const void *gradient, void *first_moment,
                       void *second_moment, const adjoint_adam *settings, ptrdiff_t count) {
  struct step step = {
    .table = optimizers_kernels(dtype), .parameter = parameter, .gradient = gradient, .first_moment = first_moment,
    .second_moment = second_moment, .settings = settings, .count = count,
  };
  adjoint_parallel((count + PIECE - 1) / PIECE, adam_piece, &step);
}
