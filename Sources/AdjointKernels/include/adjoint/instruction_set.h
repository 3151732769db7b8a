#ifndef ADJOINT_INSTRUCTION_SET_H
#define ADJOINT_INSTRUCTION_SET_H

/// The instruction sets the kernels are compiled for, weakest first. The baseline is SSE2 on x86-64 and NEON on arm64.
/// AMX is AVX-512 with a unit for tiles, which computes wide products of float32.
typedef enum adjoint_isa {
  ADJOINT_BASELINE = 0, ADJOINT_AVX2 = 1, ADJOINT_AVX512 = 2, ADJOINT_AMX = 3
} adjoint_isa;

/// The instruction set in use: the best this processor has, or the one that the environment variable `ADJOINT_ISA`
/// (`baseline`, `avx2`, `avx512` or `amx`) names, if the processor has it. Chosen once, at the first call.
adjoint_isa adjoint_instruction_set(void);

/// `"baseline"`, `"avx2"`, `"avx512"` or `"amx"`.
const char *adjoint_instruction_set_name(void);

/// Runs `iterations` rounds of dependent-chain-free fused multiply-adds in registers and returns the number of
/// floating-point operations done: the peak that matrix products are measured against.
double adjoint_fma_peak(long iterations);

#endif
