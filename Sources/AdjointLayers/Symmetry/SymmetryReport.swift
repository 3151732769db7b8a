/// What a check of a function's behaviour under permutations found.
public struct SymmetryReport: Sendable {
  /// The row of a result that lies furthest from what it should be.
  public struct WorstRow: Sendable {
    /// The order that the input's rows were in: row i of the permuted input is row `order[i]` of the original.
    public let order: [Int]
    /// The row of the result.
    public let row: Int
    /// The largest difference within the row; infinite where one side alone is NaN.
    public let difference: Double
    /// What the row is.
    public let found: Tensor
    /// What it should be.
    public let expected: Tensor
  }

  /// The symmetry that was checked: `"invariance"` or `"equivariance"`.
  public let symmetry: String
  /// How many orders were tried.
  public private(set) var orderCount: Int
  /// The largest difference that passes.
  public let tolerance: Double
  /// The worst row; nil if all results were exactly as they should be.
  public private(set) var worst: WorstRow?

  /// Whether no difference is larger than the tolerance.
  public var passes: Bool { (worst?.difference ?? 0) <= tolerance }

  package init(_ symmetry: String, _ result: Tensor, orderCount: Int, tolerance: Double) {
    let largest = result.scalars(as: Double.self).reduce(1) { $1.isFinite ? Swift.max($0, $1.magnitude) : $0 }
    (self.symmetry, self.orderCount, self.tolerance) = (symmetry, orderCount, tolerance * largest)
  }

  /// Compares a result with what it should be and remembers the row if none has been worse.
  package mutating func compare(_ found: Tensor, _ expected: Tensor, _ order: [Int]) {
    require(
      found.shape == expected.shape,
      "checkSymmetry: the function gives shape \(expected.shape), and \(found.shape) for another order")
    orderCount += 1
    // A result without rows counts as one row.
    let rows = found.rank < 2 ? 1 : found.shape[0]
    if found.count == 0 { return }
    let width = found.count / rows
    let pairs = Array(zip(found.scalars(as: Double.self), expected.scalars(as: Double.self)))
    for row in 0..<rows {
      let difference = pairs[row * width..<(row + 1) * width].reduce(0) { Swift.max($0, distance($1.0, $1.1)) }
      if difference > worst?.difference ?? 0 {
        func values(_ tensor: Tensor) -> Tensor { tensor.rank < 2 ? tensor : tensor.rows(row..<row + 1) }
        worst = WorstRow(
          order: order, row: row, difference: difference, found: values(found), expected: values(expected))
      }
    }
  }

  private func distance(_ a: Double, _ b: Double) -> Double {
    if a == b || a.isNaN && b.isNaN { return 0 }
    let difference = (a - b).magnitude
    return difference.isNaN ? .infinity : difference
  }
}

extension SymmetryReport: CustomStringConvertible {
  /// The verdict, and the worst row where there is a difference.
  public var description: String {
    let tried = "\(symmetry) under \(orderCount) permutation\(orderCount == 1 ? "" : "s")"
    guard let worst else { return "\(tried) holds exactly" }
    let verdict = passes ? "\(tried) holds" : "\(tried) does not hold"
    return "\(verdict): with the rows in the order \(worst.order), row \(worst.row) is \(worst.found) where "
      + "\(worst.expected) is expected, a difference of \(worst.difference) (tolerance \(tolerance))"
  }
}
