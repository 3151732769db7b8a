/// Compares the derivative of a function with central differences.
///
///     #expect(checkGradients(of: { tanh($0) }, at: [0.3, -2]).passes)
///
/// The function's result is contracted with fixed random numbers, so that any shape will do. Element i of the derivative is compared
/// with (f(x + h eᵢ) − f(x − h eᵢ)) / 2h, h = ∛ε max(1, |xᵢ|), within 20 ∛ε² times the size of the numbers that went into
/// it. Order 2 does the same with the gradient as the function. What does not agree is told apart: it is a kink or a tie where
/// the slopes on the two sides differ, noise where the differences of other steps scatter as much as they disagree, wrong
/// otherwise. Of a large input 200 elements are checked, and four random directions, which every element takes part in.
///
/// - Parameters:
///   - function: The function. It is called many times; it has to give the same result every time.
///   - point: Where to check.
///   - order: 1 for the gradient, 2 for the gradient of the gradient.
///   - dtype: The element type to check in; `point` is converted to it.
/// - Returns: A report; `passes` is what a test expects.
/// - Complexity: Two evaluations for each element and direction, and some more for each that does not agree.
public func checkGradients(
  of function: @escaping (Variable) -> Variable, at point: Tensor, order: Int = 1, dtype: DType = .float64
) -> GradientReport {
  checkGradients(of: { function($0[0]) }, at: [point], order: order, dtype: dtype)
}

/// Compares the derivative of a function of several inputs with central differences.
///
/// - Parameters:
///   - function: The function.
///   - point: The value of every input.
///   - order: 1 for the gradient, 2 for the gradient of the gradient.
///   - dtype: The element type to check in; `point` is converted to it.
/// - Returns: A report; `passes` is what a test expects.
public func checkGradients(
  of function: @escaping ([Variable]) -> Variable, at point: [Tensor], order: Int = 1, dtype: DType = .float64
) -> GradientReport {
  let checker = GradientChecker(
    point.map { $0.converted(to: dtype) }, names: point.indices.map { "input \($0)" }, dtype
  ) {
    tape, values in
    let inputs = values.map { tape?.variable($0) ?? Variable($0) }
    return (function(inputs), inputs)
  }
  return withDefaultDType(dtype) { checker.check(order: order) }
}

/// Compares the derivative of a function with respect to parameters, such as those of a layer, with central differences.
///
/// - Parameters:
///   - parameters: The parameters; their values are changed during the check and put back.
///   - order: 1 for the gradient, 2 for the gradient of the gradient.
///   - dtype: The element type to check in; the parameters have it during the check.
///   - function: The function; inputs that it holds have to be of the same element type.
/// - Returns: A report; `passes` is what a test expects.
public func checkGradients(
  for parameters: [(path: String, parameter: Parameter)], order: Int = 1, dtype: DType = .float64,
  of function: @escaping () -> Variable
) -> GradientReport {
  let originals = parameters.map(\.parameter.value)
  defer { for (entry, value) in zip(parameters, originals) { entry.parameter.value = value } }
  let checker = GradientChecker(originals.map { $0.converted(to: dtype) }, names: parameters.map(\.path), dtype) {
    tape, values in
    for (entry, value) in zip(parameters, values) { entry.parameter.value = value }
    guard let tape else { return (withoutRecording(function), []) }
    return tape.recording { (function(), parameters.map(\.parameter.wrappedValue)) }
  }
  return withDefaultDType(dtype) { checker.check(order: order) }
}
