/// Returns the product of two matrices, or of two stacks of matrices.
///
///     y = op(a) op(b)              op(a): [..., M, K]   op(b): [..., K, N]   y: [..., M, N]
///     op(a)‾ = ȳ op(b)ᵀ            op(b)‾ = op(a)ᵀ ȳ
///
/// `op` transposes the last two axes where asked, without moving an element. Leading axes broadcast. A vector on the left is a
/// row, on the right a column, and the result has no axis for it: [K] × [K, N] gives [N], [M, K] × [K] gives [M].
///
/// - Parameters:
///   - a: A variable with at least one axis.
///   - b: A variable with at least one axis.
///   - transposingLeft: Whether `a` is transposed first.
///   - transposingRight: Whether `b` is transposed first.
/// - Returns: The product. Inner extents that differ stop the program with "matmul: inner extents differ: [2, 3] × [4, 5]".
/// - Complexity: O(M · N · K) for every pair of matrices; keeps an operand only where the other one's gradient needs it.
public func matmul(
  _ a: Variable, _ b: Variable, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Variable {
  if a.rank == 1 || b.rank == 1 {
    require(!transposingLeft && !transposingRight, "matmul: a vector cannot be transposed: \(a.label) × \(b.label)")
    return vectorProduct(a, b)
  }
  checkProduct(a, b, transposingLeft, transposingRight, operation: "matmul")
  return record(
    .matmul[(transposingLeft ? 2 : 0) + (transposingRight ? 1 : 0)], a, b,
    value: matmul(a.value, b.value, transposingLeft: transposingLeft, transposingRight: transposingRight))
}

/// Stops the program when inner extents differ, naming parameters by their paths.
package func checkProduct(_ a: Variable, _ b: Variable, _ left: Bool, _ right: Bool, operation: String) {
  guard a.rank >= 2, b.rank >= 2 else { return }
  require(
    a.shape[left ? a.rank - 2 : a.rank - 1] == b.shape[right ? b.rank - 1 : b.rank - 2],
    "\(operation): inner extents differ: \(a.label)\(left ? "ᵀ" : "") × \(b.label)\(right ? "ᵀ" : "")")
}

extension OperationRule {
  /// One rule for each pair of flags, at 2 · left + right.
  static let matmul = [(false, false), (false, true), (true, false), (true, true)].map { left, right in
    OperationRule(
      "matmul", saving: .otherInputs, broadcasts: true, batching: .leading,
      { dy, saved in
        left
          ? AdjointAutodiff.matmul(saved[1], dy, transposingLeft: right, transposingRight: true)
          : AdjointAutodiff.matmul(dy, saved[1], transposingRight: !right)
      },
      { dy, saved in
        right
          ? AdjointAutodiff.matmul(dy, saved[0], transposingLeft: true, transposingRight: left)
          : AdjointAutodiff.matmul(saved[0], dy, transposingLeft: !left)
      })
  }
}

extension OperationSample {
  static let matmul = OperationSample([[3, 4], [4, 2]], yields: [3, 2]) { AdjointAutodiff.matmul($0[0], $0[1]) }
    .varying(3, 4, 2)
  static let matmulLeft = OperationSample("matmul, left transposed", [[4, 3], [4, 2]], yields: [3, 2]) {
    AdjointAutodiff.matmul($0[0], $0[1], transposingLeft: true)
  }.varying(3, 4, 2)
  static let matmulRight = OperationSample("matmul, right transposed", [[3, 4], [2, 4]], yields: [3, 2]) {
    AdjointAutodiff.matmul($0[0], $0[1], transposingRight: true)
  }.varying(3, 4, 2)
  static let matmulBoth = OperationSample("matmul, both transposed", [[4, 3], [2, 4]], yields: [3, 2]) {
    AdjointAutodiff.matmul($0[0], $0[1], transposingLeft: true, transposingRight: true)
  }.varying(3, 4, 2)
  static let matmulStack = OperationSample("matmul of a stack", [[2, 3, 4], [4, 2]], yields: [2, 3, 2]) {
    AdjointAutodiff.matmul($0[0], $0[1])
  }.varying(2, 3, 4)
  static let matmulItself = OperationSample("matmul with itself", [[3, 3]], yields: [3, 3]) {
    AdjointAutodiff.matmul($0[0], $0[0])
  }.varying(3)
}
