import AdjointKernels

/// The number of threads that kernels use. No result depends on it.
///
/// It starts as the number of processors that the process may use (its affinity and its control group's quota), or what the
/// environment variable `ADJOINT_THREADS` says.
public var threadCount: Int { Int(adjoint_thread_count()) }

/// Sets the number of threads that kernels use.
///
/// - Parameter count: From 1 to 256; other values are clamped.
public func setThreadCount(_ count: Int) { adjoint_set_thread_count(Int32(clamping: count)) }

/// The instruction set that kernels use: `"baseline"`, `"avx2"`, `"avx512"` or `"amx"`.
///
/// It is the best that the processor has, or the one that the environment variable `ADJOINT_ISA` names.
public var instructionSet: String { String(cString: adjoint_instruction_set_name()) }

/// Measures how fast one thread computes on numbers in registers: the bound that matrix products are measured against.
///
/// - Parameter seconds: For about how long to measure.
/// - Returns: Floating-point operations a second in single precision; a fused multiply-add counts as two.
public func fusedMultiplyAddPeak(seconds: Double = 0.2) -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  var operations = 0.0
  var elapsed = Duration.zero
  repeat {
    operations += adjoint_fma_peak(100_000)
    elapsed = clock.now - start
  } while elapsed < .seconds(seconds)
  return operations / (elapsed / .seconds(1))
}
