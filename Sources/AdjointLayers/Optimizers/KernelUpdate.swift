import AdjointKernels

/// One update of one parameter as a kernel sees it: arrays that it changes in place.
struct KernelUpdate {
  let dtype: adjoint_dtype
  let value: UnsafeMutableRawPointer
  let gradient: UnsafeRawPointer
  /// The tensors that are remembered, in the order of their names.
  let states: [UnsafeMutableRawPointer]
  let count: Int
  /// The number of this update, from 1.
  let updates: Int
}

extension ParameterStates {
  /// Counts an update of a parameter and lets a kernel make it, in place where nothing shares the memory.
  mutating func updateInPlace(_ parameter: Parameter, with gradient: Tensor, _ kernel: (KernelUpdate) -> Void) {
    update(parameter, with: gradient) { entry in
      func run(_ gradient: Tensor) {
        kernel(
          KernelUpdate(
            dtype: gradient.dtype.kernel, value: parameter.value.uniquePointer(), gradient: gradient.pointer,
            states: entry.tensors.indices.map { entry.tensors[$0].uniquePointer() }, count: gradient.count,
            updates: entry.updates))
      }
      if gradient.isScalar {
        // Single numbers live in registers; for the kernel they become arrays of one.
        entry.tensors = entry.tensors.map { $0.viewed(as: [1]) }
        parameter.value = parameter.value.viewed(as: [1])
        run(gradient.viewed(as: [1]))
        parameter.value = parameter.value.viewed(as: [])
        entry.tensors = entry.tensors.map { $0.viewed(as: []) }
      } else {
        run(gradient)
      }
    }
  }
}
