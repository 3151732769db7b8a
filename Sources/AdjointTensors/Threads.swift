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

/// The instruction set that kernels use: `"baseline"`, `"avx2"` or `"avx512"`.
///
/// It is the best that the processor has, or the weaker one that the environment variable `ADJOINT_ISA` names.
public var instructionSet: String { String(cString: adjoint_instruction_set_name()) }
