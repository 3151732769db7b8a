/// Normalises every feature by its mean and variance over the batch.
///
///     training      y = (x − μ) / √(σ² + ε) ⊙ weight + bias      μ, σ²: mean and population variance over the batch
///                   running mean = (1 − m) running mean + m μ,  running variance = (1 − m) running variance + m s²
///     evaluation    the running mean and variance in place of the batch's
///                   x, y: [N, features], or [B, features, ...] over the batch and all further axes
///
/// s² = σ² n / (n − 1) is the sample's estimate from n numbers. Of a single number there is none: a batch of one yields the bias, moves
/// the running mean and leaves the running variance. A batch of none changes nothing.
///
/// Which of the two it is stands in the call: `norm(x)` evaluates, `norm(x, isTraining: true)` trains. The running
/// statistics are buffers, `runningMean` and `runningVariance`: they are saved with a model, and copies of the layer share them.
///
/// Source: Ioffe & Szegedy, *Batch Normalization*, ICML 2015, algorithms 1 and 2.
public struct BatchNorm: UnaryLayer {
  /// The scale, ones at first.
  @Parameter public var weight: Variable
  /// The shift, zeros at first.
  @Parameter public var bias: Variable
  /// The running mean, zeros at first.
  public let runningMean: Buffer
  /// The running variance, ones at first.
  public let runningVariance: Buffer
  /// The part m of a batch in the running statistics.
  public let momentum: Double
  /// The number ε that keeps the divisor from 0.
  public let epsilon: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - features: The number of features, or channels.
  ///   - momentum: The part m of a batch in the running statistics, in 0 ... 1.
  ///   - epsilon: The number ε that keeps the divisor from 0.
  public init(_ features: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) {
    require((0...1).contains(momentum), "BatchNorm: the momentum \(momentum) is outside 0 ... 1")
    _weight = Parameter(Tensor(ones: [features]))
    _bias = Parameter(Tensor(zeros: [features]))
    runningMean = Buffer(Tensor(zeros: [features]))
    runningVariance = Buffer(Tensor(ones: [features]))
    (self.momentum, self.epsilon) = (momentum, epsilon)
  }

  /// Normalises by the running statistics, which stay as they are.
  ///
  /// - Parameter x: `[N, features]` or `[B, features, ...]`; another second axis stops the program.
  /// - Returns: A variable of the same shape.
  public func callAsFunction(_ x: Variable) -> Variable {
    let column = column(of: x)
    func spread(_ row: Tensor) -> Variable { Variable(row.reshaped(to: column)) }
    return normalized(x - spread(runningMean.value), spread(runningVariance.value), column)
  }

  /// Normalises by the statistics of the batch and moves the running ones, in training; as ``callAsFunction(_:)`` otherwise.
  ///
  /// - Parameters:
  ///   - x: `[N, features]` or `[B, features, ...]`; another second axis stops the program.
  ///   - isTraining: Whether this is training.
  /// - Returns: A variable of the same shape.
  public func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
    guard isTraining else { return self(x) }
    let column = column(of: x)
    let axes = x.shape.indices.filter { $0 != 1 }, count = axes.reduce(1) { $0 * x.shape[$1] }
    let mean = x.mean(along: axes, keepingAxes: true), centred = x - mean
    let variance = square(centred).mean(along: axes, keepingAxes: true)
    if count > 0 { move(runningMean, to: mean.value, by: momentum) }
    if count > 1 {
      move(
        runningVariance, to: variance.value * Tensor(Double(count) / Double(count - 1), dtype: x.dtype), by: momentum)
    }
    return normalized(centred, variance, column)
  }

  /// Normalises in training if there is a key. Nothing is drawn from it.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable { self(x, isTraining: key != nil) }

  /// The shape of a number for each feature that broadcasts over a batch.
  private func column(of x: Variable) -> [Int] {
    let features = $weight.value.count
    require(x.rank >= 2 && x.shape[1] == features, "BatchNorm: shape \(x.shape) is not [B, \(features), ...]")
    return [features] + [Int](repeating: 1, count: x.rank - 2)
  }

  private func normalized(_ centred: Variable, _ variance: Variable, _ column: [Int]) -> Variable {
    centred * (rsqrt(variance + Variable(epsilon)) * weight.reshaped(to: column)) + bias.reshaped(to: column)
  }

  private func move(_ buffer: Buffer, to value: Tensor, by part: Double) {
    let dtype = buffer.value.dtype
    let target = value.reshaped(to: Array(buffer.value.shape)).converted(to: dtype)
    buffer.value = buffer.value + Tensor(part, dtype: dtype) * (target - buffer.value)
  }
}
