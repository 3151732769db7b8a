#ifndef ADJOINT_COPYING_H
#define ADJOINT_COPYING_H

#include "types.h"

/// result[i] = value.
void adjoint_fill(adjoint_dtype dtype, void *result, double value, ptrdiff_t count);

/// A plain copy of `bytes` bytes, on all threads when it is long.
void adjoint_copy(void *result, const void *source, ptrdiff_t bytes);

/// result[i] = source[i] in another element type.
void adjoint_convert(adjoint_dtype result_dtype, void *result, adjoint_dtype source_dtype, const void *source,
                     ptrdiff_t count);

/// A copy between two strided views of the same extents; elements are 4 or 8 bytes long. Strides are in elements and
/// may be 0 (source only) or negative. Transposition, slicing, padding, flipping and broadcasting are all this copy.
void adjoint_strided_copy(int element_size, int rank, const ptrdiff_t *extents, void *result,
                          const ptrdiff_t *result_strides, const void *source, const ptrdiff_t *source_strides);

#endif
