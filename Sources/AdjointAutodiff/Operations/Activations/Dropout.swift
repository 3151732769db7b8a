import AdjointKernels

/// Returns the variable with a random part of its elements set to 0 and the others scaled up.
///
///     y[i] = draw i of key ≥ p ? x[i] / (1 − p) : 0      x, y: [any shape]
///     x̄[i] = draw i of key ≥ p ? ȳ[i] / (1 − p) : 0
///
/// The expectation of y is x. The mask is a function of the key alone: the same key drops the same elements, in both
/// element types and for any number of threads, and nothing is kept for the reverse sweep.
///
/// - Parameters:
///   - x: A variable.
///   - probability: The probability p of dropping an element, in 0 ..< 1.
///   - key: The place in the random sequence; use another one at every call.
/// - Returns: A variable of the same shape.
/// - Complexity: O(`x.count`) time.
/// - SeeAlso: Srivastava et al., *Dropout: A Simple Way to Prevent Neural Networks from Overfitting*, JMLR 15, 2014.
public func dropout(_ x: Variable, probability: Double, key: RandomKey) -> Variable {
  let draws = DropoutDraws(probability, "dropout")
  if probability == 0 { return x }
  return dropout(x, draws, key, from: x.shape.firstDrawn)
}

/// Dropout with the draws from number `first` on.
private func dropout(_ x: Variable, _ draws: DropoutDraws, _ key: RandomKey, from first: UInt64) -> Variable {
  let value = x.value.withPointer { source in
    Tensor(shape: x.shape, dtype: x.dtype) {
      adjoint_dropout(x.dtype.kernel, $0, source, x.value.count, key.kernel, first, draws.threshold, draws.scale)
    }
  }
  return record("dropout", x, value: value, saving: .nothing) { dy, _ in
    dropout(dy, draws, key, from: first)
  }
}

/// Below which 32-bit draw an element is dropped, and what the others are multiplied by.
///
/// The probability of keeping is a multiple of 2⁻³²; the scale is exact for what was drawn.
struct DropoutDraws: Sendable {
  let threshold: UInt32, scale: Double

  /// The draws of a probability; one outside 0 ..< 1 stops the program and names the operation.
  init(_ probability: Double, _ operation: String) {
    require(probability >= 0 && probability < 1, "\(operation): the probability \(probability) is outside 0 ..< 1")
    threshold = UInt32(probability * 4_294_967_296)
    scale = 4_294_967_296 / (4_294_967_296 - Double(threshold))
  }
}

extension OperationSample {
  static let dropout = OperationSample([[3, 4]], yields: [3, 4]) {
    AdjointAutodiff.dropout($0[0], probability: 0.4, key: RandomKey(seed: 3))
  }.varying(3, 4)
}
