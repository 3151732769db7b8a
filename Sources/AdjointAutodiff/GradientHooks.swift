// A hook is an operation that leaves its value alone: where the reverse sweep reaches it, the gradient of everything computed
// from its result is complete.

extension Variable {
  /// Returns the same value, and shows its gradient to a closure in every reverse sweep.
  ///
  ///     y = x,  x̄ = ȳ
  ///
  ///     let h = relu(layer(x)).observingGradient { norms.append($0.norm().item()) }
  ///
  /// The closure gets the complete gradient of the returned variable, once in each sweep that reaches it: carry on with that
  /// variable. In a recorded sweep the gradient is recorded.
  ///
  /// - Parameter observe: Gets the gradient, on the thread of the sweep.
  /// - Returns: A variable with the same value; a constant stays as it is.
  public func observingGradient(_ observe: @escaping (Variable) -> Void) -> Variable {
    replacingGradient {
      observe($0)
      return $0
    }
  }

  /// Returns the same value, and puts what a closure makes of its gradient in the gradient's place.
  ///
  ///     y = x,  x̄ = replace(ȳ)
  ///
  ///     let h = layer(x).replacingGradient { clamp($0, to: -1...1) }
  ///
  /// The closure acts in every sweep: in that of a gradient, and again in that of the gradient's own gradient.
  ///
  /// - Parameter replace: Turns the complete gradient of the returned variable into another one of the same shape; another shape
  ///   stops the program. It runs on the thread of the sweep.
  /// - Returns: A variable with the same value; a constant stays as it is.
  public func replacingGradient(_ replace: @escaping (Variable) -> Variable) -> Variable {
    guard isRecorded else { return self }
    let hook = GradientHook(replace: replace)
    return record("gradientHook", self, value: value, saving: .nothing) { dy, _ in [hook.replace(dy)] }
  }
}

/// A closure that stays on the thread of its tape.
private struct GradientHook: @unchecked Sendable {
  let replace: (Variable) -> Variable
}
