// Recurrent layers over whole sequences.
//
// The rows of a batch do not depend on one another: a thread takes some of them through all steps, and no thread waits
// for another between steps. Every element of a product is the same sum in whichever block of rows it is computed,
// so the number of rows in a block may follow the number of threads.
#include <string.h>
#include "chunks.h"

/// Below this many multiply-adds a layer is done by the calling thread.
static const double serial_limit = 2e5;
/// The fewest rows of a block: fewer would read the weights too often.
enum { LEAST_ROWS = 4 };
/// Scratch of the calling thread that all threads read, and each thread's own; the same numbers as for matrix products.
enum { SLOT_WEIGHTS = 0, SLOT_LEFT = 1, SLOT_ROWS = 3 };

typedef struct matmul_product product_t;

/// A product with a part of the weights, in the order in which the tiles read them.
struct packed_weights { product_t product; void *packed; ptrdiff_t slice; };

struct pass {
  const adjoint_recurrent *layer;
  const struct recurrent_table *cells;
  const struct matmul_table *products;
  adjoint_dtype dtype;
  ptrdiff_t gates, rows;
  // The product with the state (all gates, or all but the candidate) and the one with the reset state.
  struct packed_weights state, reset;
  void *gate_values, *hidden, *cell, *extra;
  const void *upstream;
  void *d_hidden, *d_cell, *d_input, *d_state;
};

// MARK: Products

/// The product of rows of `inner` elements, `stride` apart, and the weights' columns from `column` on, or those columns
/// transposed.
static product_t weights_product(const struct pass *pass, ptrdiff_t column, ptrdiff_t width, bool transposed) {
  const ptrdiff_t units = pass->layer->units, all = pass->gates * units;
  return (product_t){
    .transpose_right = transposed, .accumulate = transposed,
    .columns = transposed ? units : width, .inner = transposed ? width : units,
    .right = constant_element(pass->dtype, pass->layer->weight, column), .right_stride = all,
    .bias = transposed || !pass->layer->bias ? NULL : constant_element(pass->dtype, pass->layer->bias, column),
  };
}

static size_t packed_bytes(const struct pass *pass, const product_t *product) {
  return pass->products->right_bytes(product->columns, product->inner);
}

struct packing { const struct pass *pass; struct packed_weights *weights; };

static void pack_slice(void *context, ptrdiff_t chunk) {
  const struct packing *packing = context;
  struct packed_weights *weights = packing->weights;
  const ptrdiff_t first = chunk * weights->slice;
  packing->pass->products->pack_right(&weights->product, first,
                                      at_most(weights->product.inner, first + weights->slice), weights->packed);
}

static void pack(const struct pass *pass, struct packed_weights *weights) {
  struct packing packing = { .pass = pass, .weights = weights };
  weights->slice = 64;
  adjoint_parallel(chunks_of(weights->slice, weights->product.inner), pack_slice, &packing);
}

/// Packs what a pass multiplies by: forwards U, backwards its transpose.
static void pack_weights(struct pass *pass, bool transposed) {
  const ptrdiff_t units = pass->layer->units;
  const bool two = pass->layer->resets_before;
  pass->state.product = weights_product(pass, 0, (pass->gates - two) * units, transposed);
  size_t bytes = (packed_bytes(pass, &pass->state.product) + 63) / 64 * 64;
  if (two) pass->reset.product = weights_product(pass, 2 * units, units, transposed);
  pass->state.packed = adjoint_scratch(SLOT_WEIGHTS, bytes + (two ? packed_bytes(pass, &pass->reset.product) : 0));
  pack(pass, &pass->state);
  if (two) {
    pass->reset.packed = (char *)pass->state.packed + bytes;
    pass->reset.product.accumulate = false;
    pack(pass, &pass->reset);
  }
}

/// result = left · weights for `rows` rows.
static void multiply(const struct pass *pass, const struct packed_weights *weights, ptrdiff_t rows, const void *left,
                     ptrdiff_t left_stride, void *result) {
  product_t product = weights->product;
  product.rows = rows;
  product.left = left;
  product.left_stride = left_stride;
  product.result = result;
  product.result_stride = product.columns;
  const struct matmul_part all = { 0, rows, 0, matmul_panel_count(pass->products, product.columns) };
  void *scratch = adjoint_scratch(SLOT_LEFT, pass->products->left_scratch);
  pass->products->multiply(&product, all, NULL, weights->packed, scratch);
}

// MARK: Rows and steps

/// The rows and the step at hand. `before` is the step whose state comes before this one's; −1 at the first.
struct place { ptrdiff_t first, last, step, before; };

static struct place place_of(const struct pass *pass, ptrdiff_t block, ptrdiff_t number) {
  const adjoint_recurrent *layer = pass->layer;
  const ptrdiff_t first = block * pass->rows, last = at_most(layer->batch, first + pass->rows);
  const ptrdiff_t step = layer->reversed ? layer->steps - 1 - number : number;
  return (struct place){ first, last, step, number == 0 ? -1 : layer->reversed ? step + 1 : step - 1 };
}

static bool takes_part(const adjoint_recurrent *layer, ptrdiff_t row, ptrdiff_t step) {
  return !layer->lengths || step < layer->lengths[row];
}

static bool any_takes_part(const adjoint_recurrent *layer, const struct place *at) {
  for (ptrdiff_t row = at->first; row < at->last; row++) if (takes_part(layer, row, at->step)) return true;
  return false;
}

/// Row `row` of step `step` of an array [steps, batch, width]; null for none.
static void *row_of(const struct pass *pass, const void *array, ptrdiff_t step, ptrdiff_t row, ptrdiff_t width) {
  return array ? element(pass->dtype, (void *)array, (step * pass->layer->batch + row) * width) : NULL;
}

/// A row of the state before a step: of `initial` at the first.
static const void *row_before(const struct pass *pass, const struct place *at, const void *states, const void *initial,
                              ptrdiff_t row) {
  const ptrdiff_t units = pass->layer->units;
  return at->before < 0 ? row_of(pass, initial, 0, row, units) : row_of(pass, states, at->before, row, units);
}

static struct recurrent_row arrays_of(const struct pass *pass, const struct place *at, ptrdiff_t row) {
  const adjoint_recurrent *layer = pass->layer;
  const ptrdiff_t units = layer->units, all = pass->gates * units;
  return (struct recurrent_row){
    .gates = row_of(pass, pass->gate_values, at->step, row, all),
    .hidden_before = row_before(pass, at, pass->hidden, layer->hidden, row),
    .cell_before = row_before(pass, at, pass->cell, layer->cell, row),
    .hidden = row_of(pass, pass->hidden, at->step, row, units),
    .cell = row_of(pass, pass->cell, at->step, row, units),
    .extra = row_of(pass, pass->extra, at->step, row, units),
    .upstream = row_of(pass, pass->upstream, at->step, row, units),
    .d_hidden = row_of(pass, pass->d_hidden, 0, row, units),
    .d_cell = row_of(pass, pass->d_cell, 0, row, units),
    .d_input = row_of(pass, pass->d_input, at->step, row, all),
    .d_state = row_of(pass, pass->d_state, at->step, row, all),
  };
}

// MARK: Forwards

/// Hands the state of a row on.
static void hand_on(const struct pass *pass, const struct recurrent_row *row) {
  const size_t bytes = (size_t)(pass->layer->units * element_size(pass->dtype));
  memcpy(row->hidden, row->hidden_before, bytes);
  if (row->cell) memcpy(row->cell, row->cell_before, bytes);
  if (row->extra) memset(row->extra, 0, bytes);
}

static void forward_step(const struct pass *pass, const struct place *at, void *scratch) {
  const adjoint_recurrent *layer = pass->layer;
  const ptrdiff_t units = layer->units, rows = at->last - at->first, width = pass->state.product.columns;
  const bool any = any_takes_part(layer, at);
  if (any) {
    multiply(pass, &pass->state, rows, row_before(pass, at, pass->hidden, layer->hidden, at->first), units, scratch);
  }
  for (ptrdiff_t row = at->first; row < at->last; row++) {
    struct recurrent_row arrays = arrays_of(pass, at, row);
    arrays.state_part = element(pass->dtype, scratch, (row - at->first) * width);
    if (takes_part(layer, row, at->step)) pass->cells->forward(layer, &arrays);
    else hand_on(pass, &arrays);
  }
  if (!any || !layer->resets_before) return;
  multiply(pass, &pass->reset, rows, row_of(pass, pass->extra, at->step, at->first, units), units, scratch);
  for (ptrdiff_t row = at->first; row < at->last; row++) {
    struct recurrent_row arrays = arrays_of(pass, at, row);
    arrays.state_part = element(pass->dtype, scratch, (row - at->first) * units);
    if (takes_part(layer, row, at->step)) pass->cells->forward_candidate(layer, &arrays);
  }
}

static void forward_block(void *context, ptrdiff_t block) {
  const struct pass *pass = context;
  const ptrdiff_t row_bytes = pass->state.product.columns * element_size(pass->dtype);
  void *scratch = adjoint_scratch(SLOT_ROWS, (size_t)(pass->rows * row_bytes));
  for (ptrdiff_t number = 0; number < pass->layer->steps; number++) {
    const struct place at = place_of(pass, block, number);
    forward_step(pass, &at, scratch);
  }
}

// MARK: Backwards

/// Hands the gradient of the state of a row on.
static void hand_back(const struct pass *pass, const struct recurrent_row *row) {
  const ptrdiff_t units = pass->layer->units;
  const size_t bytes = (size_t)(pass->gates * units * element_size(pass->dtype));
  adjoint_binary(ADJOINT_ADD, pass->dtype, row->d_hidden, row->d_hidden, row->upstream, units);
  memset(row->d_input, 0, bytes);
  if (row->d_state) memset(row->d_state, 0, bytes);
}

static void backward_step(const struct pass *pass, const struct place *at, void *scratch) {
  const adjoint_recurrent *layer = pass->layer;
  const ptrdiff_t units = layer->units, all = pass->gates * units, rows = at->last - at->first;
  for (ptrdiff_t row = at->first; row < at->last; row++) {
    const struct recurrent_row arrays = arrays_of(pass, at, row);
    if (takes_part(layer, row, at->step)) pass->cells->backward(layer, &arrays);
    else hand_back(pass, &arrays);
  }
  if (!any_takes_part(layer, at)) return;
  const void *gates = pass->d_state ? pass->d_state : pass->d_input;
  if (layer->resets_before) {
    const void *candidate = element(pass->dtype, row_of(pass, gates, at->step, at->first, all), 2 * units);
    multiply(pass, &pass->reset, rows, candidate, all, scratch);
    for (ptrdiff_t row = at->first; row < at->last; row++) {
      struct recurrent_row arrays = arrays_of(pass, at, row);
      arrays.state_part = element(pass->dtype, scratch, (row - at->first) * units);
      if (takes_part(layer, row, at->step)) pass->cells->backward_reset(layer, &arrays);
    }
  }
  multiply(pass, &pass->state, rows, row_of(pass, gates, at->step, at->first, all), all,
           row_of(pass, pass->d_hidden, 0, at->first, units));
}

static void backward_block(void *context, ptrdiff_t block) {
  const struct pass *pass = context;
  const ptrdiff_t row_bytes = pass->layer->units * element_size(pass->dtype);
  void *scratch = adjoint_scratch(SLOT_ROWS, (size_t)(pass->rows * row_bytes));
  for (ptrdiff_t number = pass->layer->steps - 1; number >= 0; number--) {
    const struct place at = place_of(pass, block, number);
    backward_step(pass, &at, scratch);
  }
}

// MARK: Entry points

static void run(struct pass *pass, adjoint_chunk_body block) {
  const adjoint_recurrent *layer = pass->layer;
  if (layer->steps <= 0 || layer->batch <= 0 || layer->units <= 0) return;
  pass->cells = recurrent_kernels(pass->dtype);
  pass->gates = layer->kind == ADJOINT_LSTM ? 4 : layer->kind == ADJOINT_GRU ? 3 : 1;
  pass->products = matmul_kernels(pass->dtype);
  pack_weights(pass, block == backward_block);
  const double work = (double)layer->steps * (double)layer->batch * (double)(layer->units * layer->units * pass->gates);
  const ptrdiff_t threads = work < serial_limit ? 1 : adjoint_thread_count();
  pass->rows = at_least(LEAST_ROWS, chunks_of(threads, layer->batch));
  adjoint_parallel(chunks_of(pass->rows, layer->batch), block, pass);
}

void adjoint_recurrent_forward(adjoint_dtype dtype, const adjoint_recurrent *layer, void *gates, void *hidden,
                               void *cells, void *extra) {
  struct pass pass = {
    .layer = layer, .dtype = dtype, .gate_values = gates, .hidden = hidden, .cell = cells, .extra = extra,
  };
  run(&pass, forward_block);
}

void adjoint_recurrent_backward(adjoint_dtype dtype, const adjoint_recurrent *layer, const void *gates,
                                const void *hidden, const void *cells, const void *extra, const void *upstream,
                                void *d_hidden, void *d_cell, void *d_input, void *d_state) {
  struct pass pass = {
    .layer = layer, .dtype = dtype, .gate_values = (void *)gates, .hidden = (void *)hidden, .cell = (void *)cells,
    .extra = (void *)extra, .upstream = upstream, .d_hidden = d_hidden, .d_cell = d_cell, .d_input = d_input,
    .d_state = d_state,
  };
  run(&pass, backward_block);
}
