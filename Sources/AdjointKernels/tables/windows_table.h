#ifndef ADJOINT_WINDOWS_TABLE_H
#define ADJOINT_WINDOWS_TABLE_H

struct windows_table {
  /// Rows `first ..< last` of the result, each of which holds one element of every window of a plane.
  void (*unfold)(void *result, const void *source, const adjoint_windows *windows, double filling, ptrdiff_t first,
                 ptrdiff_t last);
  /// Planes `first ..< last` of the result.
  void (*fold)(void *result, const void *source, const adjoint_windows *windows, ptrdiff_t first, ptrdiff_t last);
};
DECLARE_TABLES(windows)

/// The positions first ..< last among `count` for which offset + position · stride lies in 0 ..< extent.
struct windows_inside { ptrdiff_t first, last; };

static inline struct windows_inside windows_inside(ptrdiff_t offset, ptrdiff_t stride, ptrdiff_t extent,
                                                   ptrdiff_t count) {
  ptrdiff_t first = offset < 0 ? (stride - 1 - offset) / stride : 0;
  ptrdiff_t last = extent > offset ? (extent - offset + stride - 1) / stride : 0;
  if (last > count) last = count;
  if (first > last) first = last;
  return (struct windows_inside){first, last};
}

#endif
