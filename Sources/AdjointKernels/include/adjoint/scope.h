#ifndef ADJOINT_SCOPE_H
#define ADJOINT_SCOPE_H

#include "types.h"

/// The calling thread's ambient pointer: the tape that parameters join. Null outside a recording scope.
void *adjoint_scope(void);

/// Replaces the ambient pointer and returns the one it had.
void *adjoint_set_scope(void *scope);

/// The calling thread's observer: what looks at every operation in debugging. Null without one.
void *adjoint_observer(void);

/// Replaces the thread's observer.
void adjoint_set_observer(void *object);

/// The element type that the calling thread gives to new arrays.
adjoint_dtype adjoint_default_dtype(void);

/// Replaces the thread's element type for new arrays and returns the one it had.
adjoint_dtype adjoint_set_default_dtype(adjoint_dtype dtype);

/// Rows of a longer array that the calling thread draws random numbers for: count rows from number first on.
typedef struct adjoint_row_range { ptrdiff_t first, count; } adjoint_row_range;

/// The rows that are drawn for; none outside a scope.
adjoint_row_range adjoint_drawn_rows(void);

/// Replaces the rows that are drawn for and returns those before.
adjoint_row_range adjoint_set_drawn_rows(adjoint_row_range rows);

#endif
