#ifndef ADJOINT_SCOPE_H
#define ADJOINT_SCOPE_H

/// The calling thread's ambient pointer: the tape that parameters join. Null outside a recording scope.
void *adjoint_scope(void);

/// Replaces the ambient pointer and returns the one it had.
void *adjoint_set_scope(void *scope);

#endif
