#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,f16c,popcnt,lzcnt,movbe"))), apply_to = function)
#define ISA avx2
#define VECTOR_BYTES 32
#define HAS_FMA 1
#include "../templates/families.inc"
#pragma clang attribute pop
#endif
