#ifndef ADJOINT_OPTIMIZERS_H
#define ADJOINT_OPTIMIZERS_H

#include <stdbool.h>
#include "types.h"

// Steps of the optimizers, in place: p is the parameter, g its gradient, and `states` the arrays that the optimizer keeps
// of it, all of `count` elements. Each element is read and written once.

/// Weight decay, before everything else: g = g + coupled · p, then p = keep · p. None is coupled = 0, keep = 1.
typedef struct adjoint_decay { double coupled, keep; } adjoint_decay;

/// Gradient descent; states: m, or none if momentum is 0.
///
///     m = first_step ? g : momentum · m + (1 − dampening) · g
///     p = p − rate · (momentum == 0 ? g : nesterov ? g + momentum · m : m)
typedef struct adjoint_sgd {
  adjoint_decay decay;
  double rate, momentum, dampening;
  bool nesterov, first_step;
} adjoint_sgd;

/// Adam and its variants, with bias corrections worked out by the caller; states: m, v, and w if `keeps_maximum`.
///
///     m = β₁ m + (1 − β₁) g          v = β₂ v + (1 − β₂) g²          w = max(w, v)
///     p = p − (moment_rate · m + gradient_rate · g) / (root_scale · √(keeps_maximum ? w : v) + ε)
typedef struct adjoint_adam {
  adjoint_decay decay;
  double beta1, beta2, moment_rate, gradient_rate, root_scale, epsilon;
  bool keeps_maximum;
} adjoint_adam;

/// Adamax; states: m, u.
///
///     m = β₁ m + (1 − β₁) g          u = max(β₂ u, |g| + ε)          p = p − rate · m / u
typedef struct adjoint_adamax {
  adjoint_decay decay;
  double rate, beta1, beta2, epsilon;
} adjoint_adamax;

/// Adagrad; states: s.
///
///     s = s + g²          p = p − rate · g / (√s + ε)
typedef struct adjoint_adagrad {
  adjoint_decay decay;
  double rate, epsilon;
} adjoint_adagrad;

/// Adadelta; states: s, u.
///
///     s = ρ s + (1 − ρ) g²          d = √(u + ε) / √(s + ε) · g          u = ρ u + (1 − ρ) d²          p = p − rate · d
typedef struct adjoint_adadelta {
  adjoint_decay decay;
  double rate, rho, epsilon;
} adjoint_adadelta;

/// RMSprop; states: s, then q if centred, then m if momentum is not 0.
///
///     s = α s + (1 − α) g²          q = α q + (1 − α) g
///     d = g / (√(centred ? max(s − q², 0) : s) + ε)          m = momentum · m + d
///     p = p − rate · (momentum == 0 ? d : m)
typedef struct adjoint_rmsprop {
  adjoint_decay decay;
  double rate, alpha, epsilon, momentum;
  bool centred;
} adjoint_rmsprop;

/// A moving average p of g: p = p + weight · (g − p).
typedef struct adjoint_moving_average { double weight; } adjoint_moving_average;

#define ADJOINT_DECLARE_STEP(name)                                                                           \
  void adjoint_##name##_step(adjoint_dtype dtype, void *p, const void *g, void *const *states,                   \
                             const adjoint_##name *settings, ptrdiff_t count);
ADJOINT_DECLARE_STEP(sgd)
ADJOINT_DECLARE_STEP(adam)
ADJOINT_DECLARE_STEP(adamax)
ADJOINT_DECLARE_STEP(adagrad)
ADJOINT_DECLARE_STEP(adadelta)
ADJOINT_DECLARE_STEP(rmsprop)
ADJOINT_DECLARE_STEP(moving_average)
#undef ADJOINT_DECLARE_STEP

/// Σ x², added in double precision along a fixed tree.
double adjoint_sum_of_squares(adjoint_dtype dtype, const void *x, ptrdiff_t count);

#endif
