/// Returns variables joined along an axis.
///
///     y = [a | b | …]          all extents but that of `axis` agree
///     ā, b̄, … = the slices of ȳ
///
/// - Parameters:
///   - variables: At least one variable.
///   - axis: The axis, negative ones counting from the end.
/// - Returns: A variable whose extent along `axis` is the sum of theirs. Shapes that do not fit stop the program.
/// - Complexity: O(`y.count`) time; nothing is kept.
public func concatenate(_ variables: [Variable], along axis: Int = -1) -> Variable {
  let value = concatenate(variables.map(\.value), along: axis)
  let axis = value.shape.resolvedAxis(axis, operation: "concatenate")
  let extents = variables.map { $0.shape[axis] }
  return record("concatenate", variables, value: value) { dy, saved in
    var start = 0
    return extents.enumerated().map { position, extent in
      defer { start += extent }
      return saved.needsGradient(position) ? dy.slice(start..<start + extent, along: axis) : nil
    }
  }
}

/// Returns variables joined along their last axis.
///
/// - Parameter variables: At least one variable.
/// - Returns: A variable whose last extent is the sum of theirs.
public func concatenate(_ variables: Variable...) -> Variable { concatenate(variables) }

extension OperationSample {
  static let concatenate = OperationSample([[3, 2], [3, 1], [3, 2]], yields: [3, 5]) {
    AdjointAutodiff.concatenate($0)
  }.varying(3).also(on: [[2, 0], [2, 3]], yields: [2, 3]).also(on: [[2, 2]], yields: [2, 2]).also(
    on: [[2], [0], [1]], yields: [3])
  static let concatenateRows = OperationSample("concatenate along the first axis", [[1, 3], [2, 3]], yields: [3, 3]) {
    AdjointAutodiff.concatenate($0, along: 0)
  }.also(on: [[0, 3], [2, 3]], yields: [2, 3]).also(on: [[0, 0], [1, 0]], yields: [1, 0]).also(
    on: [[1], [1]], yields: [2])
}
