/// The matrix P for which P X has the rows of X in another order.
///
///     P[i, σᵢ] = 1, 0 elsewhere, so that (P X)[i] = X[σᵢ]      permutationMatrix([2, 4, 1, 3]): y₁ = x₂, y₂ = x₄, y₃ = x₁, y₄ = x₃
///
/// - Parameters:
///   - order: The permutation σ as mathematics writes it: the numbers 1 ... n, each once. Anything else stops the program.
///   - dtype: The element type.
/// - Returns: `[n, n]`.
public func permutationMatrix(_ order: [Int], dtype: DType = .default) -> Tensor {
  require(
    order.sorted() == Array(1..<order.count + 1), "permutationMatrix: \(order) is not an order of 1 ... \(order.count)")
  return Tensor.eye(order.count, dtype: dtype).gatherRows(IndexArray(order.map { $0 - 1 }))
}

/// Orders to try: all there are if these are few, else a random choice.
public enum PermutationChoice: Sendable {
  /// All orders of up to six rows (720), 100 random ones of more.
  case automatic
  /// All orders, which only few rows allow for.
  case all
  /// So many random orders from a key.
  case random(Int, RandomKey)

  /// The orders of so many rows, counted from 0.
  func orders(of count: Int) -> [[Int]] {
    switch self {
    case .automatic:
      return count <= 6 ? Self.all.orders(of: count) : Self.random(100, RandomKey(seed: 0)).orders(of: count)
    case .all:
      var orders: [[Int]] = [[]]
      for next in 0..<count {
        orders = orders.flatMap { order in
          (0...order.count).map { place in
            var longer = order
            longer.insert(next, at: place)
            return longer
          }
        }
      }
      return orders
    case .random(let trials, let key):
      return (0..<trials).map { key.stream($0).permutation(count) }
    }
  }
}
