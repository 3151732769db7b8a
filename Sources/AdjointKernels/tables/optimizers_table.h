#ifndef ADJOINT_OPTIMIZERS_TABLE_H
#define ADJOINT_OPTIMIZERS_TABLE_H

/// A step on the elements first ..< last.
typedef void (*optimizer_step)(void *p, const void *g, void *const *states, const void *settings, ptrdiff_t first,
                               ptrdiff_t last);

struct optimizers_table {
  optimizer_step sgd, adam, adamax, adagrad, adadelta, rmsprop, moving_average;
  double (*sum_of_squares)(const void *x, ptrdiff_t first, ptrdiff_t last);
};

DECLARE_TABLES(optimizers)

#endif
