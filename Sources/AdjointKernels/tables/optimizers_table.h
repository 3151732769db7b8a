#ifndef ADJOINT_OPTIMIZERS_TABLE_H
#define ADJOINT_OPTIMIZERS_TABLE_H

/// Steps on the elements first ..< last.
struct optimizers_table {
  void (*sgd)(void *parameter, const void *gradient, void *momentum, const adjoint_sgd *settings, ptrdiff_t first,
              ptrdiff_t last);
  void (*adam)(void *parameter, const void *gradient, void *first_moment, void *second_moment,
               const adjoint_adam *settings, ptrdiff_t first, ptrdiff_t last);
};

DECLARE_TABLES(optimizers)

#endif
