extension Variable {
  /// Returns the norm of all elements, or the norms along some axes.
  ///
  ///     y = (Σ |x|ᵖ)^(1/p)          x: [any shape]   y: x's shape without `axes`
  ///     x̄ = ȳ sign(x) (|x| / y)^(p − 1)
  ///
  /// Powers are taken of numbers scaled to be near 1, so that they neither overflow nor vanish while the norm is in range.
  /// Order 1 is the sum of the absolute values, 2 the Euclidean length, ∞ the largest absolute value, whose ties share the gradient
  /// equally. Where the norm is 0 the gradient is 0, and likewise at elements that are 0. The norm of no elements is 0.
  ///
  /// - Parameters:
  ///   - order: The order p, at least 1 and possibly infinite; another one stops the program.
  ///   - axes: The axes to reduce, negative ones counting from the end; all if left out.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: The norms.
  /// - Complexity: O(`x.count`) time; keeps the input and the output.
  public func norm(_ order: Double = 2, along axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    require(order >= 1, "norm: the order \(order) is not at least 1")
    func sum(_ x: Variable) -> Variable { x.sum(along: axes, keepingAxes: keepingAxes) }
    if order == 1 { return sum(abs(self)) }
    let reduced = value.reductionAxes(axes, operation: "norm")
    if reduced.contains(where: { shape[$0] == 0 }) { return sum(self) }
    if order == .infinity { return abs(self).max(along: axes, keepingAxes: keepingAxes) }
    let result = Array(shape.reduced(along: reduced, keepingAxes: keepingAxes))
    if order == 2 { return euclideanNorm(reduced).reshaped(to: result) }
    // The scale is a constant, because the norm does not depend on it.
    let scale = Variable(value.scale(along: reduced))
    let powers = absolutePower(self / scale, order, signed: false).sum(along: reduced, keepingAxes: true)
    return (absolutePower(powers, 1 / order, signed: false) * scale).reshaped(to: result)
  }

  /// The square roots of the sums of squares along some axes, which stay.
  private func euclideanNorm(_ axes: [Int]) -> Variable {
    let scale = value.scale(along: axes)
    let value = sqrt(square(value / scale).sum(along: axes, keepingAxes: true)) * scale
    return record(
      "norm", self, value: value, saving: [.input0, .output],
      unary: { dy, saved in
        let zeros = equal(saved.output.value, 0)
        let direction = Variable(1 - zeros) * (saved[0] / (saved.output + Variable(zeros)))
        return multiplyOrZero(dy, direction)
      })
  }

  /// Returns the norms along one axis.
  ///
  /// - Parameters:
  ///   - order: The order p, at least 1 and possibly infinite.
  ///   - axis: The axis, negative ones counting from the end.
  ///   - keepingAxes: Whether it stays, with extent 1.
  /// - Returns: The norms.
  public func norm(_ order: Double = 2, along axis: Int, keepingAxes: Bool = false) -> Variable {
    norm(order, along: [axis], keepingAxes: keepingAxes)
  }
}

/// Returns |x|ᵖ, or sign(x) |x|ᵖ, 0 at 0 wherever it would be infinite.
func absolutePower(_ x: Variable, _ exponent: Double, signed: Bool) -> Variable {
  var power = pow(abs(x.value), Tensor(exponent, dtype: x.dtype))
  if exponent < 0 { power = multiplyOrZero(1 - equal(x.value, 0), power) }
  let value = signed ? multiplyOrZero(sign(x.value), power) : power
  return record("absolute power", x, value: value, saving: .inputs) { dy, saved in
    [multiplyOrZero(dy, Variable(exponent) * absolutePower(saved[0], exponent - 1, signed: !signed))]
  }
}

extension Tensor {
  /// The powers of two near the largest absolute value along some axes, which stay; 1 where that is 0 or not finite.
  fileprivate func scale(along axes: [Int]) -> Tensor {
    let largest = abs(self).max(along: axes, keepingAxes: true)
    let smallest = dtype == .float32 ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
    let powers = largest.scalars(as: Double.self).map { x in
      x == 0 || !x.isFinite ? 1 : Swift.max(smallest, x / x.significand)
    }
    return Tensor(powers, shape: largest.shape, dtype: dtype)
  }
}

extension OperationSample {
  static let norm = OperationSample([[3, 4]], yields: []) { $0[0].norm() }.varying(3, 4).also(on: [[]], yields: [])
  static let normOne = OperationSample("norm of order 1", [[3, 4]], yields: [3]) { $0[0].norm(1, along: 1) }.varying(
    3, 4)
  static let normThree = OperationSample("norm of order 3", [[2, 3, 2]], yields: [1, 3, 1]) {
    $0[0].norm(3, along: [0, 2], keepingAxes: true)
  }.varying(2, 3)
  static let normLargest = OperationSample("norm of order ∞", [[3, 4]], yields: [4], in: -1.3...0.9) {
    $0[0].norm(.infinity, along: 0)
  }.varying(4).varying(3, from: 1)
  static let absolutePower = OperationSample([[3, 4]], yields: [3, 4], in: -2 ... -0.5) {
    AdjointAutodiff.absolutePower($0[0], 1.5, signed: true) * AdjointAutodiff.absolutePower($0[0], 2.5, signed: false)
  }.varying(3, 4).also(on: [[]], yields: [])
}
