// What the drivers share: arrays of exactly the size asked for (so that the address sanitizer sees any overrun), a
// count of checks, and comparison of results between thread counts.
#ifndef ADJOINT_CHECK_H
#define ADJOINT_CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "AdjointKernels.h"

static long checks_passed, checks_failed;

__attribute__((format(printf, 2, 3))) static inline void check(bool ok, const char *format, ...) {
  if (ok) {
    checks_passed++;
    return;
  }
  if (++checks_failed > 20) return;
  va_list arguments;
  va_start(arguments, format);
  printf("FAILED (%s): ", adjoint_instruction_set_name());
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

static inline int finish(const char *name) {
  printf("%s, %s: %ld passed, %ld failed\n", name, adjoint_instruction_set_name(), checks_passed, checks_failed);
  return checks_failed > 0;
}

static const ptrdiff_t sizes[] = {0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 1000, 70001};
enum { SIZE_COUNT = sizeof sizes / sizeof *sizes };
static const int thread_counts[] = {1, 2, 3, 7};
enum { THREAD_COUNTS = sizeof thread_counts / sizeof *thread_counts };
static const adjoint_dtype dtypes[] = {ADJOINT_FLOAT32, ADJOINT_FLOAT64};

static inline ptrdiff_t size_of(adjoint_dtype dtype) { return dtype == ADJOINT_FLOAT32 ? 4 : 8; }
static inline double epsilon(adjoint_dtype dtype) { return dtype == ADJOINT_FLOAT32 ? 0x1p-23 : 0x1p-52; }
static inline double smallest(adjoint_dtype dtype) { return dtype == ADJOINT_FLOAT32 ? 0x1p-149 : 0x1p-1074; }

static inline double get(adjoint_dtype dtype, const void *array, ptrdiff_t i) {
  return dtype == ADJOINT_FLOAT32 ? ((const float *)array)[i] : ((const double *)array)[i];
}
static inline void set(adjoint_dtype dtype, void *array, ptrdiff_t i, double value) {
  if (dtype == ADJOINT_FLOAT32) ((float *)array)[i] = (float)value;
  else ((double *)array)[i] = value;
}
static inline double rounded(adjoint_dtype dtype, double x) { return dtype == ADJOINT_FLOAT32 ? (float)x : x; }

/// `bytes` bytes of 0xff: NaN, so that an element nobody wrote is noticed.
static inline void *fresh(ptrdiff_t bytes) {
  void *memory = malloc((size_t)bytes);
  if (bytes > 0) memset(memory, 0xff, (size_t)bytes);
  return memory;
}

static uint64_t random_state = 88172645463325252u;
static inline uint64_t next_bits(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}
static inline double next_unit(void) { return (double)(next_bits() >> 11) * 0x1p-53; }
static inline double next_in(double low, double high) { return low + (high - low) * next_unit(); }

static inline void *uniform_numbers(adjoint_dtype dtype, ptrdiff_t count, double low, double high) {
  void *array = fresh(count * size_of(dtype));
  for (ptrdiff_t i = 0; i < count; i++) set(dtype, array, i, next_in(low, high));
  return array;
}

/// Numbers with zeros, equal values, infinities and NaN among them.
static inline void *special_numbers(adjoint_dtype dtype, ptrdiff_t count) {
  static const double specials[] = {0.0, -0.0, 1, -1, 0.5, INFINITY, -INFINITY, NAN, 1e-40, -1e-40, 1e30, -1e30};
  void *array = uniform_numbers(dtype, count, -4, 4);
  for (ptrdiff_t i = 0; i < count; i++) if (next_bits() % 3 == 0) set(dtype, array, i, specials[next_bits() % 12]);
  return array;
}

/// Whether `got` is `expected` up to `units` units in the last place (or the least positive number, times that).
static inline bool agrees(adjoint_dtype dtype, double got, double expected, double units) {
  if (isnan(expected)) return isnan(got);
  expected = rounded(dtype, expected);
  if (got == expected) return true;
  return fabs(got - expected) <= units * fmax(fabs(expected) * epsilon(dtype), smallest(dtype));
}

/// Runs `body` for each number of threads and checks that `bytes` bytes at `result` are the same each time.
#define FOR_EACH_THREAD_COUNT(result, bytes, what, ...)                                                      \
  {                                                                                                          \
    void *first_result = malloc((size_t)(bytes));                                                            \
    for (int t = 0; t < THREAD_COUNTS; t++) {                                                                \
      adjoint_set_thread_count(thread_counts[t]);                                                            \
      if ((bytes) > 0) memset((result), 0xff, (size_t)(bytes));                                              \
      __VA_ARGS__;                                                                                           \
      if ((bytes) == 0) continue;                                                                            \
      if (t == 0) memcpy(first_result, (result), (size_t)(bytes));                                           \
      else check(memcmp(first_result, (result), (size_t)(bytes)) == 0, "%s: bits differ with %d threads", what, \
                 thread_counts[t]);                                                                          \
    }                                                                                                        \
    free(first_result);                                                                                      \
  }

#endif
