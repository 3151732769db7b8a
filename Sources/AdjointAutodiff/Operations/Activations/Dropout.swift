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
  require(probability >= 0 && probability < 1, "dropout: the probability \(probability) is outside 0 ..< 1")
  if probability == 0 { return x }
  // Draws are 32-bit, so the probability of keeping is a multiple of 2⁻³²; the scale is exact for what was drawn.
  let threshold = UInt32(probability * 4_294_967_296)
  let scale = 4_294_967_296 / (4_294_967_296 - Double(threshold))
  let value = x.value.withPointer { source in
    Tensor(shape: x.shape, dtype: x.dtype) {
      adjoint_dropout(x.dtype.kernel, $0, source, x.value.count, key.kernel, threshold, scale)
    }
  }
  return record("dropout", x, value: value, saving: .nothing) { dy, _ in
    dropout(dy, probability: probability, key: key)
  }
}

extension OperationSample {
  static let dropout = OperationSample([[3, 4]], yields: [3, 4]) {
    AdjointAutodiff.dropout($0[0], probability: 0.4, key: RandomKey(seed: 3))
  }.varying(3, 4)
}
