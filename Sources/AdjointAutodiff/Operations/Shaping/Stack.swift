/// Returns variables of one shape joined along a new axis.
///
///     y[…, k, …] = xₖ[…]            x₀, x₁, …: one shape   y: the shape with their number at `axis`
///     x̄ₖ = ȳ[…, k, …]
///
/// - Parameters:
///   - variables: At least one variable. Shapes that differ stop the program.
///   - axis: The position of the new axis in the result, negative ones counting from the end.
/// - Returns: A variable with one more axis.
/// - Complexity: O(`y.count`) time; nothing is kept.
public func stack(_ variables: [Variable], along axis: Int = 0) -> Variable {
  require(!variables.isEmpty, "stack: there are no variables")
  let shape = variables[0].shape
  for (i, variable) in variables.enumerated() {
    require(variable.shape == shape, "stack: variable \(i) has shape \(variable.shape), variable 0 has \(shape)")
  }
  let axis = Shape(Array(shape) + [1]).resolvedAxis(axis, operation: "stack")
  return concatenate(variables.map { $0.expandedDims(at: axis) }, along: axis)
}

extension Variable {
  /// Returns the slices along an axis, without it: the inverse of ``stack(_:along:)``.
  ///
  /// - Parameter axis: The axis, negative ones counting from the end.
  /// - Returns: As many variables as the axis is long.
  public func unstacked(along axis: Int = 0) -> [Variable] {
    let axis = shape.resolvedAxis(axis, operation: "unstack")
    return (0..<shape[axis]).map { slice($0..<$0 + 1, along: axis).squeezed(along: axis) }
  }
}

extension OperationSample {
  static let stack = OperationSample([[3, 2], [3, 2]], yields: [2, 3, 2]) { AdjointAutodiff.stack($0) }.varying(3).also(
    on: [[0], [0], [0]], yields: [3, 0]
  ).also(on: [[1, 1]], yields: [1, 1, 1])
  static let stackScalars = OperationSample("stack of numbers", [[], [], []], yields: [3]) { AdjointAutodiff.stack($0) }
    .also(on: [[]], yields: [1])
  static let stackLast = OperationSample("stack along the last axis", [[3, 2], [3, 2]], yields: [3, 2, 2]) {
    AdjointAutodiff.stack([$0[0], $0[1] * $0[0]], along: -1)
  }.varying(3)
  static let unstack = OperationSample([[3, 2]], yields: [3]) {
    let columns = $0[0].unstacked(along: 1)
    return columns[0] * columns[1]
  }.varying(3)
}
