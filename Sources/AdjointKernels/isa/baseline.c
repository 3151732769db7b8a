#pragma clang fp contract(off)
#define ISA baseline
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif
#include "../templates/families.inc"
