#ifndef ADJOINT_RANDOM_TABLE_H
#define ADJOINT_RANDOM_TABLE_H

/// Elements first ..< first + count, where `first` is a multiple of 8.
struct random_table {
  void (*bits)(adjoint_random_key key, uint64_t first, uint32_t *result, ptrdiff_t count);
  void (*uniform)(adjoint_random_key key, uint64_t first, void *result, ptrdiff_t count, double low, double high);
  void (*normal)(adjoint_random_key key, uint64_t first, void *result, ptrdiff_t count, double mean,
                 double standard_deviation);
  void (*dropout)(adjoint_random_key key, uint64_t first, void *result, const void *x, ptrdiff_t count,
                  uint32_t threshold, double scale);
};
DECLARE_TABLES(random)

#endif
