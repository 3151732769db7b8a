#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What `checkGradients` does: a function of some inputs, and the point to check it at.
struct GradientChecker {
  /// Computes the function at some values: on a tape, with the recorded inputs, or without one.
  typealias Evaluate = (Tape?, [Tensor]) -> (output: Variable, inputs: [Variable])
  private static let sampledElements = 200, sampledDirections = 4

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
    /// What rounding has kept from the value: the differences of large sums are small.
    private var rest = 0.0

    mutating func add(_ tensor: Tensor, times weights: Tensor) {
      for (x, w) in zip(tensor.scalars(as: Double.self), weights.scalars(as: Double.self)) {
        let term = x * w + rest, sum = value + term
        rest = term - (sum - value)
        value = sum
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
      return GradientReport(
        operation: operation, order: order, dtype: dtype, isRepeatable: false, elements: [], directions: [])
    }
    let derivative = analytic(order: order)
    var elements: [GradientReport.Element] = [], directions = elements
    for input in point.indices {
      let count = point[input].count
      let positions =
        count <= Self.sampledElements
        ? Array(0..<count) : RandomKey(seed: 7).permutation(count).prefix(Self.sampledElements).sorted()
      for position in positions {
        elements.append(compare(element(position, of: input, derivative[input]), base, order))
      }
      if count > Self.sampledElements {
        for number in 0..<Self.sampledDirections {
          directions.append(compare(direction(number, of: input, derivative[input]), base, order))
        }
      }
    }
    return GradientReport(
      operation: operation, order: order, dtype: dtype, isRepeatable: true, elements: elements, directions: directions)
  }

  /// A straight line through the point, along which one number of the derivative is checked.
  private struct Line {
    let input: Int, position: Int
    /// The size of the point along the line, which the step follows.
    let scale: Double
    /// The input moved by a distance, rounded to the element type.
    let moved: (Double) -> Tensor
    /// The distance between two such inputs, and the derivative between them if the reverse sweep is right.
    let distance: (Tensor, Tensor) -> Double, slope: (Tensor, Tensor) -> Double
  }

  private func element(_ position: Int, of input: Int, _ derivative: Tensor) -> Line {
    let x = point[input].element(at: position), slope = derivative.element(at: position)
    return Line(
      input: input, position: position, scale: Swift.abs(x),
      moved: { point[input].replacing(position, by: dtype.rounded(x + $0)) },
      distance: { $1.element(at: position) - $0.element(at: position) }, slope: { _, _ in slope })
  }

  /// A direction of length 1 in which all elements move as far.
  private func direction(_ number: Int, of input: Int, _ derivative: Tensor) -> Line {
    let x = point[input].scalars(as: Double.self), gradient = derivative.scalars(as: Double.self)
    let draws = Tensor(uniform: [x.count], key: RandomKey(seed: 8).stream(number), dtype: .float64)
    let part = 1 / Double(x.count).squareRoot()
    let direction = draws.scalars(as: Double.self).map { $0 < 0.5 ? -part : part }
    func distance(_ a: Tensor, _ b: Tensor) -> Double {
      zip(direction, zip(a.scalars(as: Double.self), b.scalars(as: Double.self))).reduce(0) {
        $0 + $1.0 * ($1.1.1 - $1.1.0)
      }
    }
    return Line(
      input: input, position: number, scale: (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot(),
      moved: { step in
        Tensor(zip(x, direction).map { $0 + step * $1 }, shape: point[input].shape, dtype: dtype)
      }, distance: distance,
      slope: { a, b in
        let change = zip(gradient, zip(a.scalars(as: Double.self), b.scalars(as: Double.self)))
        return change.reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) } / distance(a, b)
      })
  }

  private func compare(_ line: Line, _ base: Scalar, _ order: Int) -> GradientReport.Element {
    let epsilon = dtype.ulpOfOne, here = point[line.input]
    let step = cbrt(epsilon) * Swift.max(1, line.scale)

    func slopes(_ step: Double) -> Slopes {
      func value(_ tensor: Tensor) -> Scalar {
        var values = point
        values[line.input] = tensor
        return scalar(values, order: order)
      }
      let (above, below) = (line.moved(step), line.moved(-step))
      let (up, down) = (value(above), value(below))
      return Slopes(
        below: (base.value - down.value) / line.distance(below, here),
        above: (up.value - base.value) / line.distance(here, above),
        central: (up.value - down.value) / line.distance(below, above), expected: line.slope(below, above),
        magnitude: Swift.max(up.magnitude, down.magnitude))
    }

    let coarse = slopes(step), analytic = coarse.expected
    let tolerance =
      20 * pow(epsilon, 2.0 / 3) * Swift.max(1, coarse.magnitude, analytic.isFinite ? Swift.abs(analytic) : 0)
    func element(
      _ verdict: GradientReport.Verdict, _ numeric: Double, scatter: ClosedRange<Double>? = nil
    ) -> GradientReport.Element {
      GradientReport.Element(
        name: names[line.input], position: line.position, analytic: analytic, numeric: numeric, step: step,
        tolerance: tolerance, slopes: (coarse.below, coarse.above), scatter: scatter, verdict: verdict)
    }
    // Where the function is smooth, the slopes on the two sides approach each other with the step; at a kink they do not.
    // Central differences agree at a symmetric kink, |x| at 0, where there is no derivative to agree with.
    let agrees = coarse.central.isFinite && Swift.abs(coarse.central - analytic) <= tolerance
    let isSuspicious = coarse.gap > (Swift.abs(coarse.above) + Swift.abs(coarse.below)) / 4
    if agrees && !isSuspicious { return element(.agrees, coarse.central) }
    // Differences of other steps: a curve takes them apart as the square of the step, noise as its inverse, a kink does not.
    let fine = slopes(step / 16), others = [2, 1.5, 0.75, 0.5].map { slopes(step * $0).central }
    let low = Swift.min(coarse.central, others.min() ?? 0), high = Swift.max(coarse.central, others.max() ?? 0)
    let margin = coarse.gap / 4
    let isBetween =
      analytic >= Swift.min(coarse.below, coarse.above) - margin
      && analytic <= Swift.max(coarse.below, coarse.above) + margin
    if coarse.gap > 16 * tolerance && fine.gap > margin && fine.gap < 8 * coarse.gap && high - low <= margin
      && isBetween
    {
      return element(.kink, coarse.central)
    }
    if agrees { return element(.agrees, coarse.central) }
    guard low.isFinite && high.isFinite && analytic.isFinite else { return element(.wrong, coarse.central) }

    let extrapolated = others[3] + (others[3] - coarse.central) / 3
    if Swift.abs(extrapolated - analytic) <= tolerance { return element(.agrees, extrapolated) }
    let isNoise =
      Swift.abs(coarse.central - analytic) <= 2 * (high - low)
      && 4 * Swift.abs(others[3] - others[2]) > Swift.abs(others[1] - others[0])
    return element(isNoise ? .noise : .wrong, coarse.central, scatter: low...high)
  }

  /// Difference quotients at one step.
  private struct Slopes {
    let below: Double, above: Double, central: Double
    /// The derivative that the reverse sweep gives between the same points.
    let expected: Double
    let magnitude: Double

    var gap: Double { Swift.abs(above - below) }
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
