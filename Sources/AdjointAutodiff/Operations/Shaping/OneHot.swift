/// Returns rows of zeros with a single one each: a constant.
///
///     y[i, c] = [c = indices[i]]       y: [indices.count, C]
///
/// - Parameters:
///   - indices: The position of the one in every row. One outside `0 ..< classes` stops the program with
///     "oneHot: index 7 at row 3 is outside 0 ..< 5".
///   - classes: The number of columns C.
///   - dtype: The element type.
/// - Returns: The rows.
/// - Complexity: O(`indices.count` · C) time.
public func oneHot(_ indices: IndexArray, classes: Int, dtype: DType = .default) -> Variable {
  indices.check(within: classes, operation: "oneHot")
  var scalars = [Double](repeating: 0, count: indices.count * classes)
  for (row, index) in indices.enumerated() { scalars[row * classes + index] = 1 }
  return Variable(Tensor(scalars, shape: [indices.count, classes], dtype: dtype))
}

extension OperationSample {
  static let oneHot = OperationSample("product with one-hot rows", [[3, 4]], yields: [3, 4]) {
    $0[0] * AdjointAutodiff.oneHot($0[0].rows(of: [2, 0, 3]), classes: 4, dtype: $0[0].dtype)
  }.varying(3)
}
