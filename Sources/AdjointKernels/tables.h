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

/// Rows that entries name and that are at least this long are fetched into the second-level cache.
enum { WIDE_ROW_BYTES = 512 };

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
