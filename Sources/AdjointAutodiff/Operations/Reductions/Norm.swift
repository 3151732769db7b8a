#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Variable {
  /// Returns the norm of all elements, or the norms along some axes.
  ///
  ///     y = (Σ |x|ᵖ)^(1/p)          x: [any shape]   y: x's shape without `axes`
  ///     x̄ = ȳ sign(x) (|x| / y)^(p − 1)
  ///
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
    if order == 2 { return rootOrZero(sum(square(self))) }
    if order == 1 { return sum(abs(self)) }
    let isEmpty = value.reductionAxes(axes, operation: "norm").contains { shape[$0] == 0 }
    if order == .infinity { return isEmpty ? sum(self) : abs(self).max(along: axes, keepingAxes: keepingAxes) }
    if isEmpty { return sum(self) }
    // Powers of numbers up to 1 stay within range; the scale is a constant, because the norm does not depend on it.
    let largest = abs(value).max(along: axes, keepingAxes: true)
    let scale = Variable(largest.replacingUnscalable())
    let powers = sum(absolutePower(self / scale, order, signed: false))
    return absolutePower(powers, 1 / order, signed: false) * scale.reshaped(to: Array(powers.shape))
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
  let result = x.value.scalars(as: Double.self).map { x in
    if x == 0 { return exponent == 0 && !signed ? 1.0 : 0 }
    let power = pow(Swift.abs(x), exponent)
    return signed && x < 0 ? -power : power
  }
  let value = Tensor(result, shape: x.shape, dtype: x.dtype)
  return record("absolute power", x, value: value, saving: .inputs) { dy, saved in
    [multiplyOrZero(dy, Variable(exponent) * absolutePower(saved[0], exponent - 1, signed: !signed))]
  }
}

extension Tensor {
  /// The elements with 1 in place of 0 and of what is not finite.
  fileprivate func replacingUnscalable() -> Tensor {
    Tensor(scalars(as: Double.self).map { $0 == 0 || !$0.isFinite ? 1 : $0 }, shape: shape, dtype: dtype)
  }
}

extension OperationSample {
  static let norm = OperationSample([[3, 4]], yields: []) { $0[0].norm() }
  static let normOne = OperationSample("norm of order 1", [[3, 4]], yields: [3]) { $0[0].norm(1, along: 1) }
  static let normThree = OperationSample("norm of order 3", [[2, 3, 2]], yields: [1, 3, 1]) {
    $0[0].norm(3, along: [0, 2], keepingAxes: true)
  }
  static let normLargest = OperationSample("norm of order ∞", [[3, 4]], yields: [4], in: -1.3...0.9) {
    $0[0].norm(.infinity, along: 0)
  }
  static let absolutePower = OperationSample([[3, 4]], yields: [3, 4], in: -2 ... -0.5) {
    AdjointAutodiff.absolutePower($0[0], 1.5, signed: true) * AdjointAutodiff.absolutePower($0[0], 2.5, signed: false)
  }
}
