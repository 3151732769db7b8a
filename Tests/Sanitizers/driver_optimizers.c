// Optimizer steps against their formulas in double precision, on arrays of exactly the right size, for every number of
// threads.
#include "check.h"

enum { STATES = 3 };

/// One parameter with its gradient and what is kept of it, before and after a step.
typedef struct problem {
  adjoint_dtype dtype;
  ptrdiff_t count;
  void *gradient, *before[1 + STATES], *after[1 + STATES];
} problem;

static problem make_problem(adjoint_dtype dtype, ptrdiff_t count) {
  problem x = {.dtype = dtype, .count = count, .gradient = uniform_numbers(dtype, count, -2, 2)};
  // The first state is large and the second small, so that their difference in a centred RMSprop keeps its digits.
  static const double lows[] = {-3, 2, 0, 0}, highs[] = {3, 3, 1, 3};
  for (int k = 0; k <= STATES; k++) {
    x.before[k] = uniform_numbers(dtype, count, lows[k], highs[k]);
    x.after[k] = fresh(count * size_of(dtype));
  }
  for (ptrdiff_t i = 0; i < count; i += 5) set(dtype, x.gradient, i, 0);
  return x;
}

static void free_problem(problem x) {
  free(x.gradient);
  for (int k = 0; k <= STATES; k++) {
    free(x.before[k]);
    free(x.after[k]);
  }
}

static bool near_enough(const problem *x, int k, ptrdiff_t i, double expected) {
  const double got = get(x->dtype, x->after[k], i);
  return fabs(got - expected) <= 32 * epsilon(x->dtype) * (1 + fabs(expected));
}

/// Runs a step with each number of threads, in place on copies, and compares element i of array k with `expected`,
/// an array of doubles that the statement before it fills from p, g, a, b, c: the parameter, the gradient and the states.
#define CHECK_STEP(name, settings, ...)                                                                      \
  {                                                                                                              \
    const ptrdiff_t bytes = x.count * size_of(x.dtype);                                                          \
    void *const *states = (void *const *)(x.after + 1);                                                          \
    for (int k = 0; k <= STATES; k++) {                                                                          \
      FOR_EACH_THREAD_COUNT(x.after[k], bytes, #name, {                                                          \
        for (int j = 0; j <= STATES; j++) if (bytes > 0) memcpy(x.after[j], x.before[j], (size_t)bytes);         \
        adjoint_##name##_step(x.dtype, x.after[0], x.gradient, states, &settings, x.count);                      \
      })                                                                                                         \
    }                                                                                                            \
    bool good = true;                                                                                            \
    for (ptrdiff_t i = 0; i < x.count; i++) {                                                                    \
      double p = get(x.dtype, x.before[0], i), g = get(x.dtype, x.gradient, i), a = get(x.dtype, x.before[1], i);    \
      double b = get(x.dtype, x.before[2], i), c = get(x.dtype, x.before[3], i);                                 \
      g += settings.decay.coupled * p;                                                                           \
      p *= settings.decay.keep;                                                                                  \
      __VA_ARGS__;                                                                                               \
      good &= near_enough(&x, 0, i, p) && near_enough(&x, 1, i, a) && near_enough(&x, 2, i, b);                  \
      good &= near_enough(&x, 3, i, c);                                                                          \
    }                                                                                                            \
    check(good, "%s, %td elements, %d bytes each", #name, x.count, (int)size_of(x.dtype));                       \
  }

static void check_steps(problem x, adjoint_decay decay, bool flag, bool other) {
  const adjoint_sgd sgd = {decay, .rate = 0.1, .momentum = flag ? 0.9 : 0, .dampening = other ? 0 : 0.25,
                           .nesterov = flag && other, .first_step = other};
  CHECK_STEP(sgd, sgd, {
    double step = g;
    if (flag) {
      a = other ? g : 0.9 * a + 0.75 * g;
      step = sgd.nesterov ? g + 0.9 * a : a;
    }
    p -= 0.1 * step;
  })
  const adjoint_adam adam = {decay, .beta1 = 0.9, .beta2 = 0.99, .moment_rate = 0.01, .gradient_rate = other ? 0.02 : 0,
                             .root_scale = 1.5, .epsilon = 1e-3, .keeps_maximum = flag};
  CHECK_STEP(adam, adam, {
    a = 0.9 * a + 0.1 * g;
    b = 0.99 * b + 0.01 * g * g;
    if (flag) c = fmax(c, b);
    p -= (0.01 * a + adam.gradient_rate * g) / (1.5 * sqrt(flag ? c : b) + 1e-3);
  })
  const adjoint_adamax adamax = {decay, .rate = 0.02, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-2};
  CHECK_STEP(adamax, adamax, {
    a = 0.9 * a + 0.1 * g;
    b = fmax(0.99 * b, fabs(g) + 1e-2);
    p -= 0.02 * a / b;
  })
  const adjoint_adagrad adagrad = {decay, .rate = 0.2, .epsilon = 1e-3};
  CHECK_STEP(adagrad, adagrad, {
    a += g * g;
    p -= 0.2 * g / (sqrt(a) + 1e-3);
  })
  const adjoint_adadelta adadelta = {decay, .rate = 0.5, .rho = 0.9, .epsilon = 1e-2};
  CHECK_STEP(adadelta, adadelta, {
    a = 0.9 * a + 0.1 * g * g;
    const double step = sqrt(b + 1e-2) / sqrt(a + 1e-2) * g;
    b = 0.9 * b + 0.1 * step * step;
    p -= 0.5 * step;
  })
  const adjoint_rmsprop rmsprop = {decay, .rate = 0.05, .alpha = 0.9, .epsilon = 0.5, .momentum = flag ? 0.8 : 0,
                                   .centred = other};
  CHECK_STEP(rmsprop, rmsprop, {
    double *m = other ? &c : &b;
    a = 0.9 * a + 0.1 * g * g;
    if (other) b = 0.9 * b + 0.1 * g;
    double step = g / (sqrt(other ? fmax(a - b * b, 0) : a) + 0.5);
    if (flag) step = *m = 0.8 * *m + step;
    p -= 0.05 * step;
  })
}

static void check_moving_average(problem x) {
  const ptrdiff_t bytes = x.count * size_of(x.dtype);
  const adjoint_moving_average settings = {0.125};
  FOR_EACH_THREAD_COUNT(x.after[0], bytes, "moving_average", {
    if (bytes > 0) memcpy(x.after[0], x.before[0], (size_t)bytes);
    adjoint_moving_average_step(x.dtype, x.after[0], x.gradient, NULL, &settings, x.count);
  })
  for (ptrdiff_t i = 0; i < x.count; i++) {
    const double expected = 0.875 * get(x.dtype, x.before[0], i) + 0.125 * get(x.dtype, x.gradient, i);
    check(near_enough(&x, 0, i, expected), "moving_average %td", i);
  }
}

static void check_sum_of_squares(problem x) {
  double sum = 0, expected = 0;
  FOR_EACH_THREAD_COUNT(&sum, (ptrdiff_t)sizeof sum, "sum_of_squares",
                        sum = adjoint_sum_of_squares(x.dtype, x.gradient, x.count))
  for (ptrdiff_t i = 0; i < x.count; i++) expected += pow(get(x.dtype, x.gradient, i), 2);
  check(fabs(sum - expected) <= 1e-12 * expected, "sum of squares %g, not %g", sum, expected);
}

int main(void) {
  static const adjoint_decay decays[] = {{0, 1}, {0.05, 1}, {0, 0.97}};
  for (int d = 0; d < 2; d++) {
    for (int s = 0; s < SIZE_COUNT; s++) {
      const problem x = make_problem(dtypes[d], sizes[s]);
      for (int k = 0; k < 3; k++) {
        for (int flags = 0; flags < 4; flags++) check_steps(x, decays[k], flags & 1, flags & 2);
      }
      check_moving_average(x);
      check_sum_of_squares(x);
      free_problem(x);
    }
  }
  const float large[3] = {3e30f, -4e30f, 0};
  check(fabs(adjoint_sum_of_squares(ADJOINT_FLOAT32, large, 3) / 25e60 - 1) < 1e-6, "squares overflow");
  return finish("optimizers");
}
