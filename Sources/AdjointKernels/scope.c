// The ambient pointer of a thread.
#include "include/AdjointKernels.h"

static _Thread_local void *ambient;

void *adjoint_scope(void) { return ambient; }

void *adjoint_set_scope(void *scope) {
  void *previous = ambient;
  ambient = scope;
  return previous;
}

static _Thread_local void *observer;

void *adjoint_observer(void) { return observer; }

void adjoint_set_observer(void *object) { observer = object; }

static _Thread_local adjoint_dtype default_dtype = ADJOINT_FLOAT32;

adjoint_dtype adjoint_default_dtype(void) { return default_dtype; }

adjoint_dtype adjoint_set_default_dtype(adjoint_dtype dtype) {
  adjoint_dtype previous = default_dtype;
  default_dtype = dtype;
  return previous;
}

static _Thread_local adjoint_row_range drawn_rows;

adjoint_row_range adjoint_drawn_rows(void) { return drawn_rows; }

adjoint_row_range adjoint_set_drawn_rows(adjoint_row_range rows) {
  adjoint_row_range previous = drawn_rows;
  drawn_rows = rows;
  return previous;
}
