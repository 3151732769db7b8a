#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Compares the derivative of a function with central differences.
///
///     #expect(checkGradients(of: { tanh($0) }, at: [0.3, -2]).passes)
///
/// The function's result is contracted with fixed random numbers, so that any shape will do. Element i of the derivative is compared
/// with (f(x + h eᵢ) − f(x − h eᵢ)) / 2h, h = ∛ε max(1, |xᵢ|), within 20 ∛ε² times the size of the numbers that went into
/// it. Order 2 does the same with the gradient as the function.
///
/// - Parameters:
///   - function: The function. It is called many times; it has to give the same result every time.
///   - point: Where to check.
///   - order: 1 for the gradient, 2 for the gradient of the gradient.
///   - dtype: The element type to check in; `point` is converted to it.
/// - Returns: A report; `passes` is what a test expects.
/// - Complexity: Two evaluations for each element, at most 200 elements of each input, chosen at random beyond that.
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

private struct GradientChecker {
  /// Computes the function at some values: on a tape, with the recorded inputs, or without one.
  typealias Evaluate = (Tape?, [Tensor]) -> (output: Variable, inputs: [Variable])
  private static let sampledElements = 200

  let point: [Tensor]
  let names: [String]
  let dtype: DType
  let evaluate: Evaluate

  init(_ point: [Tensor], names: [String], _ dtype: DType, evaluate: @escaping Evaluate) {
    (self.point, self.names, self.dtype, self.evaluate) = (point, names, dtype, evaluate)
  }

  /// A scalar, and the size of the numbers that it is made of.
  private struct Scalar {
    var value = 0.0, magnitude = 0.0

    mutating func add(_ tensor: Tensor, times weights: Tensor) {
      for (x, w) in zip(tensor.scalars(as: Double.self), weights.scalars(as: Double.self)) {
        value += x * w
        magnitude += Swift.abs(x * w)
      }
    }
  }

  private func weights(_ shape: Shape, _ stream: Int) -> Tensor {
    Tensor(uniform: shape, low: 0.5, high: 1.5, key: RandomKey(seed: 0xAD).stream(stream), dtype: dtype)
  }

  /// The gradients of the contracted output, as variables of `tape`.
  private func gradients(_ tape: Tape, _ values: [Tensor], recorded: Bool) -> (
    gradients: [Variable], inputs: [Variable]
  ) {
    let (output, inputs) = evaluate(tape, values)
    require(
      output.dtype == dtype, "checkGradients: the function turns \(dtype) into \(output.dtype)")
    guard output.isRecorded else { return (inputs.map { Variable(Tensor(zeros: $0.shape, dtype: dtype)) }, inputs) }
    let gradients = output.gradients(seed: Variable(weights(output.shape, 0)), recorded: recorded)
    return (inputs.map { gradients[$0] }, inputs)
  }

  /// The scalar whose derivative is checked.
  private func scalar(_ values: [Tensor], order: Int) -> Scalar {
    var result = Scalar()
    if order == 1 {
      let output = evaluate(nil, values).output.value
      result.add(output, times: weights(output.shape, 0))
    } else {
      let tape = Tape()
      for (i, gradient) in gradients(tape, values, recorded: false).gradients.enumerated() {
        result.add(gradient.value, times: weights(gradient.shape, i + 1))
      }
    }
    return result
  }

  private func analytic(order: Int) -> [Tensor] {
    let tape = Tape()
    let (first, inputs) = gradients(tape, point, recorded: order > 1)
    if order == 1 { return first.map(\.value) }
    var total = Variable(Tensor(0, dtype: dtype))
    for (i, gradient) in first.enumerated() where gradient.isRecorded {
      total = total + (gradient * Variable(weights(gradient.shape, i + 1))).sum()
    }
    guard total.isRecorded else { return inputs.map { Tensor(zeros: $0.shape, dtype: dtype) } }
    let second = total.gradients()
    return inputs.map { second[$0].value }
  }

  func check(order: Int) -> GradientReport {
    require(order == 1 || order == 2, "checkGradients: order \(order) is neither 1 nor 2")
    let operation = Tape().nameOfResult { evaluate($0, point).output }
    let base = scalar(point, order: order)
    let again = scalar(point, order: order)
    guard base.value == again.value || base.value.isNaN && again.value.isNaN else {
      return GradientReport(operation: operation, order: order, dtype: dtype, isRepeatable: false, elements: [])
    }
    let derivative = analytic(order: order)
    var elements: [GradientReport.Element] = []
    for input in point.indices {
      let count = point[input].count
      let positions =
        count <= Self.sampledElements
        ? Array(0..<count) : RandomKey(seed: 7).permutation(count).prefix(Self.sampledElements).sorted()
      for position in positions {
        let expected = derivative[input].element(at: position)
        elements.append(compare(input, position, expected, base, order))
      }
    }
    return GradientReport(operation: operation, order: order, dtype: dtype, isRepeatable: true, elements: elements)
  }

  private func compare(
    _ input: Int, _ position: Int, _ analytic: Double, _ base: Scalar, _ order: Int
  ) -> GradientReport.Element {
    let epsilon = dtype.ulpOfOne
    let x = point[input].element(at: position)
    let full = cbrt(epsilon) * Swift.max(1, Swift.abs(x))

    func slopes(_ step: Double) -> (below: Double, above: Double, central: Double, magnitude: Double) {
      func moved(_ distance: Double) -> (at: Double, value: Scalar) {
        var values = point
        let target = dtype.rounded(x + distance)
        values[input] = values[input].replacing(position, by: target)
        return (target, scalar(values, order: order))
      }
      let (up, down) = (moved(step), moved(-step))
      return (
        (base.value - down.value.value) / (x - down.at), (up.value.value - base.value) / (up.at - x),
        (up.value.value - down.value.value) / (up.at - down.at),
        Swift.max(up.value.magnitude, down.value.magnitude)
      )
    }

    let coarse = slopes(full)
    let tolerance =
      20 * pow(epsilon, 2.0 / 3) * Swift.max(1, coarse.magnitude, analytic.isFinite ? Swift.abs(analytic) : 0)
    func element(_ verdict: GradientReport.Verdict, _ numeric: Double) -> GradientReport.Element {
      GradientReport.Element(
        name: names[input], position: position, analytic: analytic, numeric: numeric, step: full, tolerance: tolerance,
        slopes: (coarse.below, coarse.above), verdict: verdict)
    }
    // Where the function is smooth, the slopes on the two sides approach each other with the step; at a kink they do not.
    // Central differences agree at a symmetric kink, |x| at 0, where there is no derivative to agree with.
    let agrees = coarse.central.isFinite && Swift.abs(coarse.central - analytic) <= tolerance
    let gap = Swift.abs(coarse.above - coarse.below)
    let isSuspicious = gap > (Swift.abs(coarse.above) + Swift.abs(coarse.below)) / 4
    if agrees && !isSuspicious { return element(.agrees, coarse.central) }
    let fine = slopes(full / 16)
    let isKink = gap > 16 * tolerance && Swift.abs(fine.above - fine.below) > gap / 4
    return element(isKink ? .kink : agrees ? .agrees : .wrong, coarse.central)
  }
}

extension Tape {
  /// The name of the operation that made a result on this tape; empty for a constant.
  fileprivate func nameOfResult(_ body: (Tape) -> Variable) -> String {
    let result = body(self)
    return result.isRecorded ? state.pointee.entry(result.index).pointee.ruleName : ""
  }
}

extension Tensor {
  /// The tensor with another value of one element.
  fileprivate func replacing(_ position: Int, by value: Double) -> Tensor {
    var scalars = scalars(as: Double.self)
    scalars[position] = value
    return Tensor(scalars, shape: shape, dtype: dtype)
  }
}
