#ifndef ADJOINT_OPTIMIZERS_H
#define ADJOINT_OPTIMIZERS_H

#include <stdbool.h>
#include "types.h"

/// One step of gradient descent with momentum, in place:
///
///     g = gradient + weight_decay · p
///     m = first_step ? g : momentum · m + (1 − dampening) · g          (skipped, m null, when momentum is 0)
///     p = p − rate · (momentum == 0 ? g : nesterov ? g + momentum · m : m)
typedef struct adjoint_sgd {
  double rate, momentum, dampening, weight_decay;
  bool nesterov, first_step;
} adjoint_sgd;
void adjoint_sgd_step(adjoint_dtype dtype, void *parameter, const void *gradient, void *momentum,
                      const adjoint_sgd *settings, ptrdiff_t count);

/// One step of Adam (decay added to the gradient) or AdamW (`decoupled`: p = p − rate · weight_decay · p first):
///
///     m = β₁ m + (1 − β₁) g          v = β₂ v + (1 − β₂) g²
///     p = p − rate · (m / correction₁) / (√(v / correction₂) + ε)
typedef struct adjoint_adam {
  double rate, beta1, beta2, epsilon, weight_decay, correction1, correction2;
  bool decoupled;
} adjoint_adam;
void adjoint_adam_step(adjoint_dtype dtype, void *parameter, const void *gradient, void *first_moment,
                       void *second_moment, const adjoint_adam *settings, ptrdiff_t count);

#endif
