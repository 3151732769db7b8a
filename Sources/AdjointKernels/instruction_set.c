// The choice between the instruction sets that the kernels are compiled for.
#define _GNU_SOURCE  // for syscall
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tables.h"
#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/// Whether the processor has tiles of bfloat16 and the system lets this process use them: they are much to save when
/// threads take turns, so that Linux wants to be asked first.
static bool amx_available(void) {
#if defined(__x86_64__) && defined(__linux__)
  enum { AMX_BF16 = 1 << 22, AMX_TILE = 1 << 24, REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & AMX_BF16) || !(d & AMX_TILE)) return false;
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
#else
  return false;
#endif
}

static adjoint_isa best_available(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
              __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("popcnt") &&
              __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("movbe");
  if (!avx2) return ADJOINT_BASELINE;
  bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512cd");
  return avx512 ? ADJOINT_AVX512 : ADJOINT_AVX2;
#else
  return ADJOINT_BASELINE;
#endif
}

static const char *const names[] = {"baseline", "avx2", "avx512", "amx"};

/// The best set, or the one that is asked for, if the processor has it.
static adjoint_isa choose(void) {
  int limit = ADJOINT_AMX;
  const char *wanted = getenv("ADJOINT_ISA");
  if (wanted != NULL && wanted[0] != 0) {
    for (limit = ADJOINT_BASELINE; strcmp(wanted, names[limit]) != 0; limit++) {
      if (limit < ADJOINT_AMX) continue;
      fprintf(stderr, "adjoint: ADJOINT_ISA is \"%s\"; it may be \"baseline\", \"avx2\", \"avx512\" or \"amx\".\n",
              wanted);
      abort();
    }
  }
  const adjoint_isa best = best_available();
  if (limit < (int)best) return (adjoint_isa)limit;
  return best == ADJOINT_AVX512 && limit == ADJOINT_AMX && amx_available() ? ADJOINT_AMX : best;
}

adjoint_isa adjoint_instruction_set(void) {
  // Threads that meet here the first time all choose the same, so that no lock is needed.
  static _Atomic int chosen = -1;
  int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (isa < 0) {
    isa = choose();
    atomic_store_explicit(&chosen, isa, memory_order_relaxed);
  }
  return (adjoint_isa)isa;
}

const char *adjoint_instruction_set_name(void) { return names[adjoint_instruction_set()]; }

bool adjoint_is_intel(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_is("intel");
#else
  return false;
#endif
}

double adjoint_fma_peak(long iterations) { return elementwise_kernels(ADJOINT_FLOAT32)->fma_peak(iterations); }
