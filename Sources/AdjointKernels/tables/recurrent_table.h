#ifndef ADJOINT_RECURRENT_TABLE_H
#define ADJOINT_RECURRENT_TABLE_H

/// One row of one step. Arrays have `units` elements, gates and their gradients G · units.
struct recurrent_row {
  void *gates;
  const void *state_part;                 // u
  const void *hidden_before, *cell_before;
  void *hidden, *cell, *extra;
  const void *upstream;
  void *d_hidden, *d_cell, *d_input, *d_state;
};

/// Steps of a row. Those of a GRU that resets before the product come in two halves, with a product between them.
struct recurrent_table {
  void (*forward)(const adjoint_recurrent *layer, const struct recurrent_row *row);
  /// The candidate and the new state, once r h′ has been multiplied; `state_part` is that product.
  void (*forward_candidate)(const adjoint_recurrent *layer, const struct recurrent_row *row);
  /// Leaves in `d_hidden` what reaches the state before the step other than through the product.
  void (*backward)(const adjoint_recurrent *layer, const struct recurrent_row *row);
  /// The reset gate, once the gradient of n has been multiplied; `state_part` is that product, the gradient of r h′.
  void (*backward_reset)(const adjoint_recurrent *layer, const struct recurrent_row *row);
};

DECLARE_TABLES(recurrent)

#endif
