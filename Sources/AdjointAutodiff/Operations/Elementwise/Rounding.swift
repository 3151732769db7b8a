/// Returns the largest integer that is not above every element.
///
///     y = ⌊x⌋              x, y: [any shape]
///     x̄ = 0                at integers too
///
/// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
public func floor(_ x: Variable) -> Variable { record(.floor, x, value: floor(x.value)) }

/// Returns the smallest integer that is not below every element.
///
///     y = ⌈x⌉              x, y: [any shape]
///     x̄ = 0                at integers too
///
/// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
public func ceil(_ x: Variable) -> Variable { record(.ceil, x, value: ceil(x.value)) }

/// Returns the integer nearest to every element; of two that are equally near, the even one.
///
///     y = integer nearest to x     x, y: [any shape]
///     x̄ = 0                        half-way between integers too
///
/// - Complexity: O(`x.count`) time; nothing is kept for the reverse sweep.
public func round(_ x: Variable) -> Variable { record(.round, x, value: round(x.value)) }

extension OperationRule {
  static let floor = OperationRule("floor", saving: .nothing, joint: { _, _ in [nil] })
  static let ceil = OperationRule("ceil", saving: .nothing, joint: { _, _ in [nil] })
  static let round = OperationRule("round", saving: .nothing, joint: { _, _ in [nil] })
}

extension OperationSample {
  static let floor = OperationSample(elementwise: 1, in: -0.9 ... -0.1) { AdjointAutodiff.floor($0[0]) }
  static let ceil = OperationSample(elementwise: 1, in: -0.9 ... -0.1) { AdjointAutodiff.ceil($0[0]) }
  static let round = OperationSample(elementwise: 1, in: 0.6...1.4) { AdjointAutodiff.round($0[0]) }
}
