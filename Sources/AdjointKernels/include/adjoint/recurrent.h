#ifndef ADJOINT_RECURRENT_H
#define ADJOINT_RECURRENT_H

#include <stdbool.h>
#include "types.h"

/// The equations of a step. With the input part a and the state part u = h′ U + b of the gates, h′ and c′ being the state
/// before the step, gates in the order of their columns:
///
///     RNN     h = φ(a + u), φ = tanh, relu or the logistic function σ
///     LSTM    i, f, o = σ(a + u), g = tanh(a + u); c = f c′ + i g; h = o tanh(c)            columns i, f, g, o
///     GRU     r, z = σ(a + u); n = tanh(a + r u), or tanh(a + (r h′) U + b) if `resets_before`;
///             h = z h′ + (1 − z) n, or (1 − z) h′ + z n if `keeps_new`                      columns r, z, n
typedef enum adjoint_cell_kind {
  ADJOINT_RNN_TANH, ADJOINT_RNN_RELU, ADJOINT_RNN_SIGMOID, ADJOINT_LSTM, ADJOINT_GRU
} adjoint_cell_kind;

/// A recurrent layer over a sequence, time first. G is the number of gates: 1, 4 or 3.
///
/// Row b of the batch takes part in step t if t < lengths[b] (in all steps if `lengths` is null); a step that a row does
/// not take part in hands its state on as it is. `reversed` goes from the last step to the first.
typedef struct adjoint_recurrent {
  adjoint_cell_kind kind;
  bool resets_before, keeps_new, reversed;
  ptrdiff_t steps, batch, units;
  const int32_t *lengths;
  const void *weight;          // U: [units, G · units]
  const void *bias;            // b: [G · units], or null
  const void *hidden, *cell;   // the state before the first step: [batch, units]; `cell` for LSTM alone
} adjoint_recurrent;

/// All steps. `gates` [steps, batch, G · units] holds a when it is called and the gates afterwards; `hidden`, `cells` and
/// `extra` are [steps, batch, units]: h, c (LSTM alone), and for GRU the state part u of n, or r h′ if `resets_before`.
void adjoint_recurrent_forward(adjoint_dtype dtype, const adjoint_recurrent *layer, void *gates, void *hidden,
                               void *cells, void *extra);

/// All steps back. `upstream` [steps, batch, units] is the gradient of h. `d_hidden` and `d_cell` [batch, units] hold the
/// gradient of the state after the last step when it is called, beyond what `upstream` says, and that of the state before
/// the first one afterwards. `d_input` and `d_state` [steps, batch, G · units] become the gradients of a and u; they
/// differ for GRU unless it `resets_before`, otherwise `d_state` is null.
void adjoint_recurrent_backward(adjoint_dtype dtype, const adjoint_recurrent *layer, const void *gates,
                                const void *hidden, const void *cells, const void *extra, const void *upstream,
                                void *d_hidden, void *d_cell, void *d_input, void *d_state);

#endif
