/// Returns the sum of the products of two vectors' elements.
///
///     y = Σ a[k] b[k]      a, b: [K]   y: []
///     ā = ȳ b, b̄ = ȳ a
///
/// - Parameters:
///   - a: A vector.
///   - b: A vector of the same length; another shape stops the program with both named.
/// - Returns: One number.
/// - Complexity: O(K) time; keeps an operand only where the other one's gradient needs it.
public func dot(_ a: Variable, _ b: Variable) -> Variable {
  require(a.rank == 1 && a.shape == b.shape, "dot: shapes \(a.label) and \(b.label) are not two vectors of one length")
  return (a * b).sum()
}

/// Returns the products of every element of one vector with every element of another.
///
///     y[i, j] = a[i] b[j]      a: [M]   b: [N]   y: [M, N]
///     ā = ȳ b, b̄ = ȳᵀ a
///
/// - Parameters:
///   - a: A vector.
///   - b: A vector. Another number of axes stops the program.
/// - Returns: A matrix.
/// - Complexity: O(M · N) time; keeps an operand only where the other one's gradient needs it.
public func outer(_ a: Variable, _ b: Variable) -> Variable {
  require(a.rank == 1 && b.rank == 1, "outer: shapes \(a.label) and \(b.label) are not two vectors")
  return a.expandedDims(at: 1) * b
}

/// The product where at least one operand is a vector.
func vectorProduct(_ a: Variable, _ b: Variable) -> Variable {
  require(a.rank > 0 && b.rank > 0, "matmul: a single number is no matrix: \(a.label) × \(b.label)")
  require(
    a.shape[a.rank - 1] == b.shape[Swift.max(0, b.rank - 2)], "matmul: inner extents differ: \(a.label) × \(b.label)")
  if a.rank == 1 && b.rank == 1 { return dot(a, b) }
  return a.rank == 1
    ? matmul(a.expandedDims(at: 0), b).squeezed(along: -2) : matmul(a, b.expandedDims(at: 1)).squeezed(along: -1)
}

extension OperationSample {
  static let dot = OperationSample([[4], [4]], yields: []) {
    AdjointAutodiff.dot($0[0], $0[1]) + AdjointAutodiff.matmul($0[0], $0[0])
  }.varying(4)
  static let vectorMatrix = OperationSample("vector × matrix", [[3], [3, 2]], yields: [2]) {
    AdjointAutodiff.matmul($0[0], $0[1])
  }.varying(3, 2)
  static let matrixVector = OperationSample("stack × vector", [[2, 3, 4], [4]], yields: [2, 3]) {
    AdjointAutodiff.matmul($0[0], $0[1])
  }.varying(2, 3, 4)
  static let outer = OperationSample([[3], [4]], yields: [3, 4]) { AdjointAutodiff.outer($0[0], $0[1]) }.varying(3, 4)
}
