import AdjointKernels

extension Gradients {
  /// The length of the gradients of all parameters, as one long vector.
  ///
  ///     ‖g‖ = √(Σ over parameters Σ over elements g²)
  ///
  /// Squares are added in double precision in a fixed order, so that the bits do not depend on the number of threads. The norm is
  /// infinite or NaN if a gradient is; a loop can then skip the update.
  ///
  /// - Returns: The norm; 0 without parameters.
  public func norm() -> Double {
    parameters.reduce(0) { sum, parameter in
      guard let gradient = find(parameter)?.value else { return sum }
      return sum + gradient.withPointer { adjoint_sum_of_squares(gradient.dtype.kernel, $0, gradient.count) }
    }.squareRoot()
  }

  /// The gradients of parameters, made shorter together if their common norm is above a limit. Their direction stays.
  ///
  ///     g ← g · min(1, limit / (‖g‖ + 10⁻⁶))          ‖g‖: ``norm()``
  ///
  /// - Parameter limit: The largest norm, above 0.
  /// - Returns: The gradients; those of variables that are no parameters as they were.
  /// - SeeAlso: Pascanu, Mikolov & Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013, algorithm 1.
  public func clipped(toNorm limit: Double) -> Gradients {
    require(limit > 0, "clipped: the norm \(limit) to clip to is not above 0")
    let scale = limit / (norm() + 1e-6)
    // Written so that a norm of NaN makes NaN of all: a mistake stays visible.
    return scale >= 1 ? self : mapParameters { _, gradient in Variable(scale) * gradient }
  }

  /// The gradients of parameters with every element limited to a range; NaN stays NaN.
  ///
  /// - Parameter range: The range, such as `-0.5...0.5`.
  /// - Returns: The gradients; those of variables that are no parameters as they were.
  public func clipped(to range: ClosedRange<Double>) -> Gradients {
    mapParameters { _, gradient in clamp(gradient, to: range) }
  }
}
