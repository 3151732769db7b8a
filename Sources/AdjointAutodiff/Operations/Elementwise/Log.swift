/// Returns the natural logarithm of every element.
///
///     y = ln x             x, y: [any shape]; −∞ at 0, NaN below
///     x̄ = ȳ / x            0 where ȳ is 0, at x = 0 too
///
/// - Complexity: O(`x.count`) time; keeps the input.
public func log(_ x: Variable) -> Variable { record(.log, x, value: log(x.value)) }

extension OperationRule {
  static let log = OperationRule("log", saving: .inputs, batching: .elementwise) { dy, saved in
    AdjointAutodiff.divideOrZero(dy, saved[0])
  }
}

extension OperationSample {
  static let log = OperationSample(elementwise: 1, in: 0.5...2) { AdjointAutodiff.log($0[0]) }
}
