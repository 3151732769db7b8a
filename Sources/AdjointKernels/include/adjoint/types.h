#ifndef ADJOINT_TYPES_H
#define ADJOINT_TYPES_H

#include <stddef.h>
#include <stdint.h>

/// The element type of an array of numbers.
typedef enum adjoint_dtype { ADJOINT_FLOAT32 = 0, ADJOINT_FLOAT64 = 1 } adjoint_dtype;

/// The most axes an array can have.
enum { ADJOINT_MAX_RANK = 8 };

#endif
