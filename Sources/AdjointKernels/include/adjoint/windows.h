#ifndef ADJOINT_WINDOWS_H
#define ADJOINT_WINDOWS_H

#include "types.h"

/// Windows that slide over planes of height × width, with zeros or another number around them. Element (ky, kx) of the
/// window at (r, c) is the plane's element (r · stride_y + ky · dilation_y − padding_y, c · stride_x + kx · dilation_x −
/// padding_x).
typedef struct adjoint_windows {
  ptrdiff_t planes, height, width;
  ptrdiff_t window_height, window_width;
  ptrdiff_t stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x;
  /// How many windows there are from top to bottom and from left to right.
  ptrdiff_t rows, columns;
} adjoint_windows;

/// result[plane, ky, kx, r, c] = that element of the plane, or `filling` where it lies outside.
void adjoint_unfold(adjoint_dtype dtype, void *result, const void *source, const adjoint_windows *windows,
                    double filling);

/// The adjoint of unfolding: every element of a plane is the sum of its places in `source`, in the order (ky, kx).
void adjoint_fold(adjoint_dtype dtype, void *result, const void *source, const adjoint_windows *windows);

#endif
