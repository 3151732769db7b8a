/// The gradients that a reverse sweep found.
///
/// A gradient has the shape and element type of what it belongs to. It is zeros for something recorded that the result
/// does not depend on. After a recorded sweep the gradients are recorded variables, which can be differentiated again.
public struct Gradients {
  let adjoints: AdjointBuffer
  private let parameters: [ObjectIdentifier: (index: Int32, parameter: Parameter, storage: ObjectIdentifier?)]

  init(_ adjoints: AdjointBuffer) {
    self.adjoints = adjoints
    parameters = adjoints.state.pointee.parameters
  }

  /// The gradient of a variable.
  ///
  /// A constant, a variable of another tape, or an intermediate value after a sweep that kept leaves alone stops the
  /// program.
  public subscript(x: Variable) -> Variable {
    require(x.isRecorded, "Gradients: a constant of shape \(x.shape) has no gradient; make it with tape.variable(…)")
    require(
      x.tape == adjoints.state && x.generation == adjoints.generation,
      "Gradients: the variable of shape \(x.shape) was recorded on another tape than these gradients")
    require(
      !adjoints.hasDropped(x.index),
      "Gradients: the gradient of the intermediate of shape \(x.shape) was not kept; ask gradients(keeping: .all) for it"
    )
    return adjoints.has(x.index) ? adjoints[x.index] : Variable(Tensor(zeros: x.shape, dtype: x.dtype))
  }

  /// The gradient of a parameter; zeros if the result does not depend on it.
  public subscript(parameter: Parameter) -> Variable {
    find(parameter) ?? Variable(Tensor(zeros: parameter.value.shape, dtype: parameter.value.dtype))
  }

  /// The gradient of a parameter, or nil if the result does not depend on it.
  ///
  /// - Parameter parameter: The parameter.
  /// - Returns: The gradient.
  public func find(_ parameter: Parameter) -> Variable? {
    parameters[ObjectIdentifier(parameter)].flatMap { adjoints.has($0.index) ? adjoints[$0.index] : nil }
  }

  /// The gradient of a parameter as the rows that were gathered from it: 0 in all other rows.
  ///
  /// - Parameter parameter: The parameter.
  /// - Returns: The rows; nil if something other than ``Variable/gatherRows(_:)`` and what is made of it read the parameter,
  ///   if the sweep was recorded, or if the result does not depend on it.
  public func rows(of parameter: Parameter) -> RowGradient? {
    parameters[ObjectIdentifier(parameter)].flatMap { adjoints.rows(of: $0.index) }
  }
}
