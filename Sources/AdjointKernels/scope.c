// The ambient pointer of a thread.
#include "include/AdjointKernels.h"

static _Thread_local void *ambient;

void *adjoint_scope(void) { return ambient; }

void *adjoint_set_scope(void *scope) {
  void *previous = ambient;
  ambient = scope;
  return previous;
}
