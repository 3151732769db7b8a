/// Returns, for every row of a sparse pattern, the mean of the rows that its entries name.
///
///     y[r] = Σₑ x[c(e)] / n[r]         over the entries e of row r     x: [C, ...]   y: [R, ...]   n[r]: entries of r
///     x̄[c] = Σₑ ȳ[r(e)] / n[r(e)]      over the entries e of column c
///
/// A row without entries yields 0.
///
/// - Parameters:
///   - pattern: The entries; their values do not count.
///   - x: A variable with a row for every column of the pattern.
/// - Returns: The means.
/// - Complexity: O(entries · width of x) time; nothing is kept.
public func sparseMean(_ pattern: SparsePattern, _ x: Variable) -> Variable {
  require(
    x.rank >= 1 && x.shape[0] == pattern.columnCount,
    "sparseMean: inner extents differ: sparse [\(pattern.rowCount), \(pattern.columnCount)] × \(x.label)")
  return record("sparseMean", x, value: x.value.summed(over: pattern.grouping, mean: true), saving: .nothing) { dy, _ in
    sparseMeanTransposed(pattern, dy)
  }
}

/// Returns, for every column of a sparse pattern, the sum of the shares that its entries have in the rows that they lie in.
private func sparseMeanTransposed(_ pattern: SparsePattern, _ y: Variable) -> Variable {
  let shares = pattern.shares(dtype: y.dtype), columns = pattern.columnsInOrder
  return record("sparseMean′", y, value: y.value.summed(over: columns, values: shares), saving: .nothing) { dx, _ in
    sparseMean(pattern, dx)
  }
}

extension OperationSample {
  static let sparseMean = OperationSample([[4, 3]], yields: [3, 3]) { AdjointAutodiff.sparseMean(.sample(), $0[0]) }
    .also(
      on: [[4, 0]], yields: [3, 0]
    ).also(on: [[4, 1]], yields: [3, 1])
}
