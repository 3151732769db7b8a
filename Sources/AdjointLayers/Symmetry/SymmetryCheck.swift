/// Checks that the order of a set's elements makes no difference to a function.
///
///     f(P X) = f(X) for every permutation P of the rows of X
///
///     #expect(checkInvariance(of: { model($0) }, at: x).passes)
///
/// - Parameters:
///   - function: The function of a set, `[n, features]`. It has to give the same result every time.
///   - x: The set to check it at.
///   - orders: Which orders are tried: all of up to six elements, 100 random ones of more, if left out.
///   - tolerance: The largest difference that passes, relative to the largest number in the result but at least to 1; a thousand
///     times the element type's precision if left out, since sums in another order are rounded otherwise.
/// - Returns: A report with the worst row; `passes` is what a test expects.
/// - Complexity: One evaluation for each order.
public func checkInvariance(
  of function: (Variable) -> Variable, at x: Tensor, orders: PermutationChoice = .automatic, tolerance: Double? = nil
) -> SymmetryReport {
  checkSymmetry("invariance", x, orders, tolerance, function) { expected, _ in expected }
}

/// Checks that a function permutes its result as its input is permuted.
///
///     f(P X) = P f(X) for every permutation P of the rows of X
///
///     #expect(checkEquivariance(of: { layer($0) }, at: x).passes)
///
/// - Parameters:
///   - function: The function of a set, `[n, features]`, with a row for each element. Another number of rows stops the program.
///   - x: The set to check it at.
///   - orders: Which orders are tried: all of up to six elements, 100 random ones of more, if left out.
///   - tolerance: The largest difference that passes, relative to the largest number in the result but at least to 1; a thousand
///     times the element type's precision if left out.
/// - Returns: A report with the worst row; `passes` is what a test expects.
/// - Complexity: One evaluation for each order.
public func checkEquivariance(
  of function: (Variable) -> Variable, at x: Tensor, orders: PermutationChoice = .automatic, tolerance: Double? = nil
) -> SymmetryReport {
  checkSymmetry("equivariance", x, orders, tolerance, function) { expected, order in
    require(
      expected.rank > 0 && expected.shape[0] == order.count,
      "checkEquivariance: the function turns \(order.count) rows into shape \(expected.shape)")
    return expected.gatherRows(IndexArray(order))
  }
}

private func checkSymmetry(
  _ symmetry: String, _ x: Tensor, _ orders: PermutationChoice, _ tolerance: Double?,
  _ function: (Variable) -> Variable, expecting rearranged: (Tensor, [Int]) -> Tensor
) -> SymmetryReport {
  require(x.rank > 0, "checkSymmetry: a single number has no rows")
  return withoutRecording {
    let original = function(Variable(x)).value
    var report = SymmetryReport(
      symmetry, original, orderCount: 0, tolerance: tolerance ?? 1000 * x.dtype.ulpOfOne)
    for order in orders.orders(of: x.shape[0]) {
      let found = function(Variable(x.gatherRows(IndexArray(order)))).value
      report.compare(found, rearranged(original, order), order)
    }
    return report
  }
}
