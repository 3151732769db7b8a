/// Which gradients a sweep gives back.
public enum GradientsKept: Sendable {
  /// Those of every recorded value.
  case all
  /// Those of leaves alone: parameters and the variables made by a tape. Others are released as the sweep goes on.
  case leaves
}

extension Variable {
  /// The gradients of this value with respect to everything it was computed from: one reverse sweep over the tape.
  ///
  ///     x̄ = Σ ȳ ∂y/∂x      over the operations y that x went into, from the last to the first
  ///
  /// - Parameters:
  ///   - seed: The gradient to begin with, of this value's shape (a vector–Jacobian product); 1 if left out, which
  ///     needs a value with one element.
  ///   - recorded: Whether the sweep is recorded, so that the gradients can be differentiated in turn.
  ///   - kept: Which gradients are kept.
  /// - Returns: The gradients. A value that was not recorded stops the program.
  /// - Complexity: Proportional to the cost of computing the value; operations that it does not depend on are skipped.
  public func gradients(
    seed: Variable? = nil, recorded: Bool = false, keeping kept: GradientsKept = .all
  ) -> Gradients {
    let gradients = gradients(seed: seed, recorded: recorded, keeping: kept, consuming: false, operation: "gradients")
    tape.unsafelyUnwrapped.noteSweep(from: index)
    return gradients
  }

  // With `consuming`, the tape ends with the sweep, and saved values go as soon as they are used. The sweep stops at entry
  // `first`, before which nothing is wanted.
  @inline(__always)
  func gradients(
    seed: Variable? = nil, recorded: Bool, keeping kept: GradientsKept, consuming: Bool = false,
    downTo first: Int32 = 0,
    operation: String
  ) -> Gradients {
    if !isRecorded {
      stop(
        "\(operation): the result of shape \(shape) was not recorded; compute it from tape.variable(…), "
          + "or from parameters inside valueWithGradients { … }")
    }
    let state = checkedTape(operation)
    if let seed {
      require(
        !seed.isRecorded || seed.checkedTape(operation) == state, "\(operation): the seed was recorded on another tape")
      require(
        seed.shape == shape && (seed.dtype == dtype || seed.value.isLiteral),
        "\(operation): the seed is \(seed.dtype) \(seed.shape), the result \(dtype) \(shape)")
    } else {
      require(value.count == 1, "\(operation): the result has shape \(shape); give a seed, or reduce it to one element")
    }
    let adjoints = AdjointBuffer.make(state, from: Swift.min(first, index), through: index)
    if let seed {
      adjoints[index] = seed.value.isLiteral ? Variable(seed.value.converted(to: dtype)) : seed
    } else {
      adjoints[index] = Variable(
        value.isScalar ? Tensor(scalar: 1, dtype: value.dtype) : Tensor(ones: shape, dtype: dtype))
    }
    adjoints.sweep(from: index, downTo: first, recorded: recorded, keeping: kept, consuming: consuming)
    return Gradients(adjoints)
  }
}
