/// The gradients that a reverse sweep found.
///
/// A gradient has the shape and element type of what it belongs to. It is zeros for something recorded that the result
/// does not depend on. After a recorded sweep the gradients are recorded variables, which can be differentiated again.
public struct Gradients {
  // What a sweep found; nil for gradients that were put together by hand.
  let adjoints: AdjointBuffer?
  // What took the place of the parameters' gradients in the sweep, if anything did.
  private var replacements: [ObjectIdentifier: (position: Int, parameter: Parameter, gradient: Variable)]?

  @inline(__always)
  init(_ adjoints: AdjointBuffer) {
    self.adjoints = adjoints
    replacements = nil
  }

  /// Gradients that were computed in another way, such as sums over several batches.
  ///
  /// - Parameter gradients: Parameters, each once, and a gradient of the same shape and element type for each.
  public init(of gradients: [(parameter: Parameter, gradient: Variable)]) {
    adjoints = nil
    replace(gradients)
  }

  private mutating func replace(_ gradients: [(parameter: Parameter, gradient: Variable)]) {
    var replacements: [ObjectIdentifier: (position: Int, parameter: Parameter, gradient: Variable)] = [:]
    for (i, (parameter, gradient)) in gradients.enumerated() {
      let value = parameter.value
      require(
        gradient.shape == value.shape && gradient.dtype == value.dtype,
        "Gradients: a parameter of \(value.dtype) \(value.shape) cannot have the gradient \(gradient.dtype) \(gradient.shape)"
      )
      let previous = replacements.updateValue((i, parameter, gradient), forKey: ObjectIdentifier(parameter))
      require(previous == nil, "Gradients: the parameter at position \(i) has a gradient already")
    }
    self.replacements = replacements
  }

  /// The gradient that the sweep has found for an entry of the tape.
  func found(at index: Int32) -> Variable? { adjoints?.gradient(at: index) }

  /// The gradient of a variable.
  ///
  /// A constant, a variable of another tape, or an intermediate value after a sweep that kept leaves alone stops the
  /// program.
  public subscript(x: Variable) -> Variable {
    get { adjoints?.number(of: x) ?? gradient(of: x) }
  }

  /// The gradient of any variable; one that has none stops the program, or is zeros.
  @inline(never)
  private func gradient(of x: Variable) -> Variable {
    if let gradient = adjoints?.gradient(of: x) { return gradient }
    require(x.isRecorded, "Gradients: a constant of shape \(x.shape) has no gradient; make it with tape.variable(…)")
    guard let adjoints, x.tape == adjoints.state, x.generation == adjoints.generation else {
      stop("Gradients: the variable of shape \(x.shape) was recorded on another tape than these gradients")
    }
    require(
      !adjoints.hasDropped(x.index),
      "Gradients: the gradient of the intermediate of shape \(x.shape) was not kept; ask gradients(keeping: .all) for it"
    )
    return Variable(Tensor(zeros: x.shape, dtype: x.dtype))
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
    if let replacements { return replacements[ObjectIdentifier(parameter)]?.gradient }
    return adjoints?.parameters?[ObjectIdentifier(parameter)].flatMap { found(at: $0.index) }
  }

  /// The parameters that the result depends on, in the order in which they were first read.
  public var parameters: [Parameter] {
    if let replacements { return replacements.values.sorted { $0.position < $1.position }.map(\.parameter) }
    return (adjoints?.parameters ?? [:]).values.filter { found(at: $0.index) != nil }.sorted { $0.index < $1.index }
      .map(\.parameter)
  }

  /// The same gradients, with those of parameters changed. The gradients of other variables stay as they are.
  ///
  /// - Parameter transform: Gives the new gradient, of the same shape, for a parameter and its gradient.
  /// - Returns: The gradients.
  public func mapParameters(_ transform: (Parameter, Variable) -> Variable) -> Gradients {
    var result = self
    result.replace(parameters.compactMap { p in find(p).map { (p, transform(p, $0)) } })
    return result
  }

  /// The gradient of a parameter as the rows that were gathered from it: 0 in all other rows.
  ///
  /// - Parameter parameter: The parameter.
  /// - Returns: The rows; nil if something other than ``Variable/gatherRows(_:)`` and what is made of it read the parameter,
  ///   if the sweep was recorded, or if the result does not depend on it.
  public func rows(of parameter: Parameter) -> RowGradient? {
    if replacements != nil { return nil }
    return adjoints?.parameters?[ObjectIdentifier(parameter)].flatMap { adjoints?.rows(of: $0.index) }
  }
}
