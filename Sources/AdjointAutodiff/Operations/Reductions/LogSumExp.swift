import AdjointKernels

extension Variable {
  /// Returns the logarithm of the sum of the exponentials of all elements, or along some axes.
  ///
  ///     y = m + ln Σ exp(x − m)      x: [any shape]   y: x's shape without `axes`   m: the maximum
  ///     x̄ = ȳ exp(x − y)
  ///
  /// Elements of any size do not overflow. A slice that is all −∞, or empty, gives −∞ and gets gradient 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The logarithms.
  /// - Complexity: O(`x.count`) time, in three passes; keeps the input and the output.
  public func logSumExp(along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let shape = shape, resolved = value.reductionAxes(axes, operation: "logSumExp")
    let kept = shape.reduced(along: resolved, keepingAxes: true)
    let isEmpty = resolved.contains { shape[$0] == 0 }
    let maximum = isEmpty ? Tensor(zeros: kept, dtype: dtype) : value.max(along: resolved, keepingAxes: true)
    let shift = maximum.replacingInfinite()
    let total = log(exp(value - shift).sum(along: resolved, keepingAxes: true)) + shift
    return record(
      "logSumExp", self, value: total.reshaped(to: Array(shape.reduced(along: resolved, keepingAxes: keepingAxes))),
      saving: [.inputs, .output]
    ) { dy, saved in
      // Where y is infinite, exp(x − 0) stands in: 0 at −∞.
      let finite = Variable(saved.output.value.finiteMask())
      let total = multiplyOrZero(finite, saved.output).reshaped(to: Array(kept))
      return [dy.reshaped(to: Array(kept)) * exp(saved[0] - total)]
    }
  }

  /// Returns the logarithms of the sums of the exponentials along one axis.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The logarithms.
  public func logSumExp(along axis: Int, keepingAxes: Bool = false) -> Variable {
    logSumExp(along: [axis], keepingAxes: keepingAxes)
  }
}

extension Tensor {
  /// 1 where an element is finite, 0 elsewhere.
  func finiteMask() -> Tensor {
    // x − x is NaN for what is not finite, and NaN equals nothing.
    equal(self - self, 0)
  }

  /// The elements with 0 in place of ±∞; NaN stays.
  func replacingInfinite() -> Tensor {
    Tensor.binary(ADJOINT_MULTIPLY_OR_ZERO, "finite", 1 - equal(abs(self), Tensor(.infinity, dtype: dtype)), self) {
      $0 == 0 ? 0 : $0 * $1
    }
  }
}

extension OperationSample {
  static let logSumExp = OperationSample([[3, 4]], yields: []) { $0[0].logSumExp() }.varying(3, 4, from: 1).also(
    on: [[]], yields: [])
  static let logSumExpOuter = OperationSample("logSumExp along two axes", [[2, 3, 4]], yields: [1, 3, 1]) {
    $0[0].logSumExp(along: [0, 2], keepingAxes: true)
  }.varying(3).varying(2, 4, from: 1)
}
