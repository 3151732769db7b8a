/// Returns a value of one variable with the gradient of another: the straight-through estimator.
///
///     y = forward              x̄ = ȳ
///
/// What rounds, samples or picks has no gradient; this takes that of a smooth stand-in. A stop-gradient is
/// ``Variable/detached()``.
///
/// - Parameters:
///   - forward: The value.
///   - x: The variable that gets the gradient. Another shape or element type stops the program.
/// - Returns: A variable with that value.
/// - Complexity: O(1).
/// - SeeAlso: Bengio, Léonard & Courville, *Estimating or Propagating Gradients Through Stochastic Neurons*, arXiv 1308.3432.
public func straightThrough(_ forward: Tensor, gradientTo x: Variable) -> Variable {
  require(
    forward.shape == x.shape && forward.dtype == x.dtype,
    "straightThrough: a value \(forward.dtype) \(forward.shape) for \(x.dtype) \(x.shape)")
  return record(.straightThrough, x, value: forward)
}

/// Returns the variable itself, with its gradient reversed and scaled: what trains features to mislead a classifier.
///
///     y = x                    x̄ = −scale · ȳ
///
/// - Parameters:
///   - x: A variable.
///   - scale: How strongly.
/// - Returns: A variable of the same value.
/// - Complexity: O(1), and O(`x.count`) in the reverse sweep.
/// - SeeAlso: Ganin & Lempitsky, *Unsupervised Domain Adaptation by Backpropagation*, ICML 2015, eq. 10.
public func reverseGradient(_ x: Variable, scale: Double = 1) -> Variable {
  record("reverseGradient", x, value: x.value, saving: .nothing) { dy, _ in [dy * Variable(-scale)] }
}

/// Returns a differentiable sample from a distribution over classes.
///
///     y = softmax((x − ln(−ln u)) / temperature)      x, y: [any shape]   u: uniform draws of `key`
///
/// The lower the temperature, the closer y is to a one-hot sample from softmax(x). A hard sample is exactly one-hot, with the
/// gradient of the soft one.
///
/// - Parameters:
///   - logits: The logits x.
///   - temperature: The temperature, above 0.
///   - axis: The axis of the classes, negative ones counting from the end.
///   - hard: Whether the result is one-hot.
///   - key: The place in the random sequence; use another one at every call.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`logits.count`) time.
/// - SeeAlso: Jang, Gu & Poole, *Categorical Reparameterization with Gumbel-Softmax*, ICLR 2017.
public func gumbelSoftmax(
  logits: Variable, temperature: Double = 1, along axis: Int = -1, hard: Bool = false, key: RandomKey
) -> Variable {
  require(temperature > 0, "gumbelSoftmax: the temperature \(temperature) is not above 0")
  let dtype = logits.dtype
  // Draws of exactly 0 would give an infinite logit.
  let draws = max(Tensor(uniform: logits.shape, key: key, dtype: dtype), Tensor(1e-30, dtype: dtype))
  let noise = -log(max(-log(draws), Tensor(1e-30, dtype: dtype)))
  let soft = softmax((logits + Variable(noise)) * Variable(1 / temperature), along: axis)
  if !hard { return soft }
  let axis = logits.shape.resolvedAxis(axis, operation: "gumbelSoftmax")
  var moved = Array(0..<logits.rank - 1)
  moved.insert(logits.rank - 1, at: axis)
  let outer = Array(logits.shape.reduced(along: [axis], keepingAxes: false))
  let one = oneHot(soft.argmax(along: axis), classes: logits.shape[axis], dtype: dtype)
  return straightThrough(one.value.reshaped(to: outer + [logits.shape[axis]]).transposed(moved), gradientTo: soft)
}

extension OperationRule {
  static let straightThrough = OperationRule("straightThrough", saving: .nothing) { dy, _ in dy }
}

extension OperationSample {
  // What has a gradient other than its value's is sampled where the two agree.
  static let straightThrough = OperationSample([[3, 2]], yields: [3, 2]) {
    AdjointAutodiff.straightThrough($0[0].value, gradientTo: $0[0]) * $0[0]
  }.varying(3, 2).also(on: [[]], yields: [])
  static let reverseGradient = OperationSample("reverseGradient, twice", [[3, 2]], yields: [3, 2]) {
    AdjointAutodiff.reverseGradient(AdjointAutodiff.reverseGradient($0[0], scale: 2), scale: 0.5)
  }.varying(3, 2).also(on: [[]], yields: [])
  static let gumbelSoftmax = OperationSample([[3, 4]], yields: [3, 4]) {
    AdjointAutodiff.gumbelSoftmax(logits: $0[0], temperature: 2, key: RandomKey(seed: 3))
  }.varying(3, 4)
}
