// Matrix products of float32 on the tile unit of processors with Intel AMX. Their other kernels are those of AVX-512.
#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include "../tables.h"
#pragma clang fp contract(off)
#pragma clang attribute push( \
    __attribute__((target("amx-tile,amx-bf16,avx512f,avx512vl,avx512bw,avx512dq,avx512cd,avx2,fma"))), \
    apply_to = function)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define VECTOR_BYTES 64
#define HAS_FMA 1
#define T float
#define I int32_t
#define U uint32_t
#define IS_DOUBLE 0
#define LANES 16
#define N(name) name##_f32_amx
#define V N(vector)
#define VI N(signed_vector)
#define VU N(unsigned_vector)
#include "../templates/vector.inc"
#include "../templates/matmul_amx.inc"
#pragma clang attribute pop
#endif
