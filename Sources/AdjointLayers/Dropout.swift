/// Dropout as a layer: drops units with a random key, and none without.
///
///     y = x ⊙ mask(key) / (1 − p)      with a key, in training
///     y = x                            without one, in evaluation
///
/// Training passes a key, another one at every step; evaluation passes none and so can never drop a unit.
public struct Dropout: UnaryLayer {
  /// The probability of dropping an element.
  public let probability: Double

  /// Creates a layer.
  ///
  /// - Parameter probability: The probability of dropping an element, in 0 ..< 1.
  public init(_ probability: Double) {
    require(probability >= 0 && probability < 1, "Dropout: the probability \(probability) is outside 0 ..< 1")
    self.probability = probability
  }

  /// Applies dropout.
  ///
  /// - Parameters:
  ///   - x: A variable.
  ///   - key: The place in the random sequence, or nil in evaluation.
  /// - Returns: A variable of the same shape.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable {
    key.map { dropout(x, probability: probability, key: $0) } ?? x
  }

  /// Returns the variable as it is, as in evaluation.
  ///
  /// - Parameter x: A variable.
  /// - Returns: The same variable.
  public func callAsFunction(_ x: Variable) -> Variable { x }

  /// Applies dropout to the stored entries of a sparse matrix.
  ///
  /// - Parameters:
  ///   - x: A sparse matrix.
  ///   - key: The place in the random sequence, or nil in evaluation.
  /// - Returns: A matrix with the same pattern.
  public func callAsFunction(_ x: SparseMatrix, key: RandomKey?) -> SparseMatrix {
    key.map { dropout(x, probability: probability, key: $0) } ?? x
  }
}
