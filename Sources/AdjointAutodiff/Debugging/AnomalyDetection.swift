import AdjointKernels

/// Runs `body` and throws the first NaN or infinity that an operation or a pullback produces in it.
///
///     do {
///       try withAnomalyDetection {
///         let (_, gradients) = valueWithGradients { loss(model(x)) }
///         optimizer.update(model, with: gradients)
///       }
///     } catch let anomaly as Anomaly {
///       print(anomaly)      // log: the result is -inf at [3, 1]; called at Model.swift:12 in loss(_:) …
///     }
///
/// It watches recorded operations: those on the tapes made inside, on the tape of the recording scope around it, and on `tape`.
/// The body runs to its end; the error says what went wrong first. While watching, every result and every gradient is
/// looked at, the inputs of every operation are kept, and the stack is walked once for each, so that it is for finding mistakes,
/// not for training. Outside, recording costs nothing more.
///
/// - Parameters:
///   - tape: A tape made before, if the computation goes on with one.
///   - allowingInfinities: Whether only NaN counts, for computations that mean their infinities, such as masks of −∞.
///   - body: The code to run, on this thread.
/// - Returns: What `body` returns.
/// - Throws: The ``Anomaly``, or what `body` throws if there is none.
public func withAnomalyDetection<Result>(
  on tape: Tape? = nil, allowingInfinities: Bool = false, _ body: () throws -> Result
) throws -> Result {
  let detector = AnomalyDetector(allowingInfinities: allowingInfinities)
  let outer = AnomalyDetector.current
  AnomalyDetector.current = detector
  defer {
    AnomalyDetector.current = outer
    detector.isDone = true
  }
  tape?.state.pointee.observe(detector)
  if let scope = UnsafeMutablePointer<TapeState>.current, scope != tape?.state { scope.pointee.observe(detector) }
  do {
    let result = try body()
    if let anomaly = detector.anomaly { throw anomaly }
    return result
  } catch {
    throw detector.anomaly ?? error
  }
}

/// Looks for the first element that is not a number.
final class AnomalyDetector: TapeObserver {
  /// The detector of the innermost scope on this thread.
  static var current: AnomalyDetector? {
    get { adjoint_observer().map { Unmanaged.fromOpaque($0).takeUnretainedValue() } }
    set { adjoint_set_observer(newValue.map { Unmanaged.passUnretained($0).toOpaque() }) }
  }

  var isDone = false
  private(set) var anomaly: Anomaly?
  private let allowingInfinities: Bool
  private let finder = CallSiteFinder()
  private var calls: [UnsafeMutablePointer<TapeState>: (generation: UInt32, calls: [Int32: Call])] = [:]

  /// What the report of an operation's gradient needs to know of its call.
  private struct Call {
    let inputs: [Variable]
    let site: () -> String?
  }

  init(allowingInfinities: Bool) { self.allowingInfinities = allowingInfinities }

  func didRecord(
    _ rule: OperationRule, at index: Int32, of state: UnsafeMutablePointer<TapeState>, inputs: [Variable], value: Tensor
  ) {
    let call = Call(inputs: inputs, site: finder.capture())
    if let position = firstBad(value) {
      return report(.forward, rule, call, input: nil, value, position, upstream: nil)
    }
    let generation = state.pointee.generation
    if calls[state]?.generation != generation { calls[state] = (generation, [:]) }
    calls[state]?.calls[index] = call
  }

  func didPull(
    _ rule: OperationRule, at index: Int32, of state: UnsafeMutablePointer<TapeState>, upstream: Tensor, input: Int,
    gradient: Tensor
  ) {
    guard !isDone, let position = firstBad(gradient) else { return }
    let known = calls[state].flatMap { $0.generation == state.pointee.generation ? $0.calls[index] : nil }
    report(.backward, rule, known, input: input, gradient, position, upstream: upstream)
  }

  private func firstBad(_ tensor: Tensor) -> Int? {
    tensor.scalars(as: Double.self).firstIndex { allowingInfinities ? $0.isNaN : !$0.isFinite }
  }

  private func report(
    _ direction: Anomaly.Direction, _ rule: OperationRule, _ call: Call?, input: Int?, _ tensor: Tensor,
    _ position: Int, upstream: Tensor?
  ) {
    let inputs = (call?.inputs ?? []).enumerated().map { number, input in
      Anomaly.Summary("input \(number)" + (input.name.map { " (\($0))" } ?? ""), input.value)
    }
    anomaly = Anomaly(
      direction: direction, operation: rule.name, value: tensor.element(at: position),
      position: tensor.shape.indices(of: position), input: input,
      inputs: inputs + (upstream.map { [Anomaly.Summary("upstream gradient", $0)] } ?? []), callSite: call?.site())
    isDone = true
    calls = [:]
  }
}

extension Shape {
  /// The position along every axis of an element in row-major order.
  fileprivate func indices(of position: Int) -> [Int] {
    var rest = position
    return reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }
}
