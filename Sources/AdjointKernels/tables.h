// The kernels of one family, element type and instruction set, as function pointers: tables/X_table.h declares the
// struct, templates/X.inc defines one for each type and instruction set, X.c holds the entry points that pick one.
#ifndef ADJOINT_TABLES_H
#define ADJOINT_TABLES_H

#include <stdbool.h>
#include "include/AdjointKernels.h"

#if defined(__x86_64__)
#define DECLARE_TABLES(family) \
  extern const struct family##_table family##_f32_baseline, family##_f64_baseline, family##_f32_avx2, \
      family##_f64_avx2, family##_f32_avx512, family##_f64_avx512; \
  static inline const struct family##_table *family##_kernels(adjoint_dtype dtype) { \
    switch (adjoint_instruction_set()) { \
      case ADJOINT_AMX: \
      case ADJOINT_AVX512: return dtype == ADJOINT_FLOAT32 ? &family##_f32_avx512 : &family##_f64_avx512; \
      case ADJOINT_AVX2: return dtype == ADJOINT_FLOAT32 ? &family##_f32_avx2 : &family##_f64_avx2; \
      default: return dtype == ADJOINT_FLOAT32 ? &family##_f32_baseline : &family##_f64_baseline; \
    } \
  }
#else
#define DECLARE_TABLES(family) \
  extern const struct family##_table family##_f32_baseline, family##_f64_baseline; \
  static inline const struct family##_table *family##_kernels(adjoint_dtype dtype) { \
    return dtype == ADJOINT_FLOAT32 ? &family##_f32_baseline : &family##_f64_baseline; \
  }
#endif

/// Whether the processor is one of Intel's, whose own prefetching differs from that of others.
bool adjoint_is_intel(void);

/// How the rows that entries name are fetched before they are read: whole into the first-level cache, whole into the
/// second, or their first lines only, from which the processor itself goes on.
enum row_fetch { FETCH_NEAR, FETCH_FAR, FETCH_FIRST_LINE };
struct fetching {
  enum row_fetch rows;
  /// How many entries ahead.
  ptrdiff_t ahead;
};

#include "tables/attention_table.h"
#include "tables/copying_table.h"
#include "tables/elementwise_table.h"
#include "tables/linear_algebra_table.h"
#include "tables/matmul_table.h"
#include "tables/optimizers_table.h"
#include "tables/random_table.h"
#include "tables/recurrent_table.h"
#include "tables/reductions_table.h"
#include "tables/softmax_table.h"
#include "tables/sparse_table.h"
#include "tables/windows_table.h"

#endif
