// Recurrent layers against the equations written out number by number, with padding of every length, in both directions;
// the gradients against central differences of those equations; the same bits for any number of threads.
#include "check.h"

typedef struct settings { adjoint_cell_kind kind; bool resets_before, keeps_new; ptrdiff_t gates; } settings;

static const settings all_settings[] = {
  {ADJOINT_RNN_TANH, false, false, 1}, {ADJOINT_RNN_RELU, false, false, 1}, {ADJOINT_RNN_SIGMOID, false, false, 1},
  {ADJOINT_LSTM, false, false, 4}, {ADJOINT_GRU, false, false, 3}, {ADJOINT_GRU, false, true, 3},
  {ADJOINT_GRU, true, false, 3}, {ADJOINT_GRU, true, true, 3},
};

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/// One row of one step, in double precision: `h` and `c` become the next state.
static void reference_step(const settings *s, ptrdiff_t n, const double *a, const double *weight, const double *bias,
                           double *h, double *c) {
  const ptrdiff_t all = s->gates * n;
  double *u = calloc((size_t)all + 1, sizeof *u), *next = calloc((size_t)n + 1, sizeof *next);
  for (ptrdiff_t j = 0; j < all; j++) {
    u[j] = bias[j];
    for (ptrdiff_t k = 0; k < n; k++) u[j] += h[k] * weight[k * all + j];
  }
  for (ptrdiff_t j = 0; j < n; j++) {
    if (s->kind == ADJOINT_LSTM) {
      c[j] = sigmoid(a[n + j] + u[n + j]) * c[j] + sigmoid(a[j] + u[j]) * tanh(a[2 * n + j] + u[2 * n + j]);
      next[j] = sigmoid(a[3 * n + j] + u[3 * n + j]) * tanh(c[j]);
    } else if (s->kind == ADJOINT_GRU) {
      double product = u[2 * n + j], z = sigmoid(a[n + j] + u[n + j]);
      if (s->resets_before) {
        product = bias[2 * n + j];
        for (ptrdiff_t k = 0; k < n; k++) product += sigmoid(a[k] + u[k]) * h[k] * weight[k * all + 2 * n + j];
      } else {
        product *= sigmoid(a[j] + u[j]);
      }
      const double candidate = tanh(a[2 * n + j] + product), kept = s->keeps_new ? 1 - z : z;
      next[j] = kept * h[j] + (1 - kept) * candidate;
    } else {
      const double x = a[j] + u[j];
      next[j] = s->kind == ADJOINT_RNN_TANH ? tanh(x) : s->kind == ADJOINT_RNN_RELU ? fmax(x, 0) : sigmoid(x);
    }
  }
  memcpy(h, next, (size_t)n * sizeof *h);
  free(u);
  free(next);
}

typedef struct problem {
  adjoint_dtype dtype;
  const settings *settings;
  adjoint_recurrent layer;
  void *input, *gates, *hidden, *cells, *extra, *upstream, *d_hidden, *d_cell, *d_input, *d_state;
  ptrdiff_t row, states;  // the numbers of a step's gates and of its states
} problem;

static void check_forward(const problem *p) {
  const adjoint_recurrent *layer = &p->layer;
  const ptrdiff_t n = layer->units, all = p->settings->gates * n;
  double *weight = malloc((size_t)(n * all + 1) * sizeof *weight), *bias = malloc((size_t)(all + 1) * sizeof *bias);
  double *a = malloc((size_t)(all + 1) * sizeof *a);
  for (ptrdiff_t i = 0; i < n * all; i++) weight[i] = get(p->dtype, layer->weight, i);
  for (ptrdiff_t i = 0; i < all; i++) bias[i] = layer->bias ? get(p->dtype, layer->bias, i) : 0;
  double *h = malloc((size_t)(n + 1) * sizeof *h), *c = malloc((size_t)(n + 1) * sizeof *c), worst = 0, largest = 0;
  for (ptrdiff_t row = 0; row < layer->batch; row++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      h[j] = get(p->dtype, layer->hidden, row * n + j);
      c[j] = get(p->dtype, layer->cell, row * n + j);
    }
    for (ptrdiff_t number = 0; number < layer->steps; number++) {
      const ptrdiff_t step = layer->reversed ? layer->steps - 1 - number : number;
      for (ptrdiff_t j = 0; j < all; j++) a[j] = get(p->dtype, p->input, (step * layer->batch + row) * all + j);
      if (!layer->lengths || step < layer->lengths[row]) reference_step(p->settings, n, a, weight, bias, h, c);
      for (ptrdiff_t j = 0; j < n; j++) {
        largest = fmax(largest, fabs(h[j]));
        worst = fmax(worst, fabs(h[j] - get(p->dtype, p->hidden, (step * layer->batch + row) * n + j)));
      }
    }
  }
  check(worst <= 100 * epsilon(p->dtype) * fmax(1, largest), "kind %d, %td units: states differ by %g", layer->kind, n, worst);
  free(weight), free(bias), free(a), free(h), free(c);
}

static void forward(const problem *p) {
  memcpy(p->gates, p->input, (size_t)(p->layer.steps * p->row * size_of(p->dtype)));
  adjoint_recurrent_forward(p->dtype, &p->layer, p->gates, p->hidden, p->cells, p->extra);
}

static void backward(const problem *p) {
  for (ptrdiff_t i = 0; i < p->states; i++) {
    set(p->dtype, p->d_hidden, i, 0.5);
    if (p->d_cell) set(p->dtype, p->d_cell, i, -0.25);
  }
  adjoint_recurrent_backward(p->dtype, &p->layer, p->gates, p->hidden, p->cells, p->extra, p->upstream, p->d_hidden,
                             p->d_cell, p->d_input, p->d_state);
}

/// Σ upstream · h, plus what `backward` begins with times the last state.
static double objective(const problem *p) {
  const adjoint_recurrent *layer = &p->layer;
  const ptrdiff_t last = layer->steps == 0 ? -1 : layer->reversed ? 0 : layer->steps - 1;
  double sum = 0;
  forward(p);
  for (ptrdiff_t i = 0; i < layer->steps * p->states; i++) {
    sum += get(p->dtype, p->upstream, i) * get(p->dtype, p->hidden, i);
  }
  for (ptrdiff_t i = 0; i < p->states; i++) {
    const void *hidden = last < 0 ? layer->hidden : p->hidden, *cells = last < 0 ? layer->cell : p->cells;
    const ptrdiff_t at = last < 0 ? i : last * p->states + i;
    sum += 0.5 * get(p->dtype, hidden, at) - (p->cells ? 0.25 * get(p->dtype, cells, at) : 0);
  }
  return sum;
}

static void check_difference(const problem *p, void *array, ptrdiff_t i, double gradient, const char *what) {
  const double x = get(p->dtype, array, i), h = 1e-5;
  set(p->dtype, array, i, x + h);
  const double above = objective(p);
  set(p->dtype, array, i, x - h);
  const double below = objective(p);
  set(p->dtype, array, i, x);
  const double expected = (above - below) / (2 * h);
  check(fabs(gradient - expected) <= 1e-7 * fmax(1, fabs(expected)), "kind %d: %s %td is %g, not %g", p->layer.kind,
        what, i, gradient, expected);
}

static void check_backward(const problem *p) {
  const ptrdiff_t inputs = p->layer.steps * p->row;
  backward(p);
  void *d_input = malloc((size_t)(inputs * 8 + 1)), *d_hidden = malloc((size_t)(p->states * 8 + 1));
  memcpy(d_input, p->d_input, (size_t)inputs * 8);
  memcpy(d_hidden, p->d_hidden, (size_t)p->states * 8);
  for (ptrdiff_t i = 0; i < inputs; i += 1 + inputs / 20) {
    check_difference(p, p->input, i, get(p->dtype, d_input, i), "the gradient of the input part");
  }
  for (ptrdiff_t i = 0; i < p->states; i += 1 + p->states / 10) {
    check_difference(p, (void *)p->layer.hidden, i, get(p->dtype, d_hidden, i), "the gradient of the state");
  }
  free(d_input), free(d_hidden);
}

static void check_case(adjoint_dtype dtype, const settings *s, ptrdiff_t steps, ptrdiff_t batch, ptrdiff_t units,
                       bool pads, bool reversed, bool biased) {
  const ptrdiff_t size = size_of(dtype), all = s->gates * units;
  problem p = { .dtype = dtype, .settings = s, .row = batch * all, .states = batch * units };
  int32_t *lengths = malloc((size_t)(batch + 1) * sizeof *lengths);
  for (ptrdiff_t row = 0; row < batch; row++) lengths[row] = (int32_t)(row * 5 % (steps + 1));
  p.layer = (adjoint_recurrent){
    .kind = s->kind, .resets_before = s->resets_before, .keeps_new = s->keeps_new, .reversed = reversed,
    .steps = steps, .batch = batch, .units = units, .lengths = pads ? lengths : NULL,
    .weight = uniform_numbers(dtype, units * all, -0.4, 0.4),
    .bias = biased ? uniform_numbers(dtype, all, -1, 1) : NULL,
    .hidden = uniform_numbers(dtype, p.states, -1, 1), .cell = uniform_numbers(dtype, p.states, -1, 1),
  };
  const bool memory = s->kind == ADJOINT_LSTM, gru = s->kind == ADJOINT_GRU;
  p.input = uniform_numbers(dtype, steps * p.row, -1, 1);
  if (s->kind == ADJOINT_RNN_RELU) {  // Far from the kink, on both sides of it.
    for (ptrdiff_t i = 0; i < steps * p.row; i++) {
      const double x = get(dtype, p.input, i);
      set(dtype, p.input, i, x < 0 ? x - 6 : x + 6);
    }
    for (ptrdiff_t i = 0; i < units * all; i++) {
      set(dtype, (void *)p.layer.weight, i, get(dtype, p.layer.weight, i) / (2 * (double)units));
    }
  }
  p.upstream = uniform_numbers(dtype, steps * p.states, -1, 1);
  p.gates = fresh(steps * p.row * size);
  p.hidden = fresh(steps * p.states * size);
  p.cells = memory ? fresh(steps * p.states * size) : NULL;
  p.extra = gru ? fresh(steps * p.states * size) : NULL;
  p.d_hidden = fresh(p.states * size);
  p.d_cell = memory ? fresh(p.states * size) : NULL;
  p.d_input = fresh(steps * p.row * size);
  p.d_state = gru && !s->resets_before ? fresh(steps * p.row * size) : NULL;
  FOR_EACH_THREAD_COUNT(p.hidden, steps * p.states * size, "hidden states", forward(&p));
  check_forward(&p);
  FOR_EACH_THREAD_COUNT(p.d_input, steps * p.row * size, "gradients of the gates", backward(&p));
  if (dtype == ADJOINT_FLOAT64) check_backward(&p);
  free((void *)p.layer.weight), free((void *)p.layer.bias), free((void *)p.layer.hidden), free((void *)p.layer.cell);
  free(p.input), free(p.upstream), free(p.gates), free(p.hidden), free(p.cells), free(p.extra), free(p.d_hidden);
  free(p.d_cell), free(p.d_input), free(p.d_state), free(lengths);
}

int main(void) {
  static const ptrdiff_t shapes[][3] = {{0, 2, 3}, {3, 0, 2}, {1, 1, 1}, {4, 3, 5}, {3, 9, 16}, {2, 17, 33}, {2, 5, 70}};
  for (int d = 0; d < 2; d++) {
    for (size_t s = 0; s < sizeof all_settings / sizeof *all_settings; s++) {
      for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int options = 0; options < 4; options++) {
          check_case(dtypes[d], &all_settings[s], shapes[i][0], shapes[i][1], shapes[i][2], options & 1, options & 2,
                     i % 2 == 0);
        }
      }
    }
  }
  return finish("recurrent");
}
