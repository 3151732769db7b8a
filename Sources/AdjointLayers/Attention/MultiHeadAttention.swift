/// Attention with several heads, each on a part of the features.
///
///     headₕ = softmax(Qₕ Kₕᵀ / √(D / H)) Vₕ      Q = x W_Q, K = m W_K, V = m W_V, split into H parts of D / H features
///     y = concatenate(head₁, …, head_H) W_O      x, y: [B, T, D]   m: [B, S, memory]
///
/// `attention(x)` is self-attention, `attention(x, over: memory)` cross-attention.
///
/// Source: Vaswani et al., *Attention Is All You Need*, NeurIPS 2017, section 3.2.2.
public struct MultiHeadAttention: UnaryLayer {
  /// The maps W_Q, W_K, W_V and W_O.
  public let query, key, value, output: Linear
  /// The number H of heads.
  public let heads: Int
  /// The probability of dropping a weight in training.
  public let dropout: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - features: The number D of features, a multiple of `heads`.
  ///   - heads: The number H of heads.
  ///   - memory: The number of features of what is attended to; D if left out.
  ///   - bias: Whether the maps have biases.
  ///   - dropout: The probability of dropping a weight in training, in 0 ..< 1.
  ///   - random: The place in the random sequence.
  public init(
    _ features: Int, heads: Int, memory: Int? = nil, bias: Bool = true, dropout: Double = 0, key random: RandomKey
  ) {
    require(
      heads >= 1 && features % heads == 0, "MultiHeadAttention: \(features) features do not divide into \(heads) heads")
    require(
      dropout >= 0 && dropout < 1, "MultiHeadAttention: the dropout \(dropout) is outside 0 ..< 1")
    query = Linear(features, features, bias: bias, key: random.stream(0))
    key = Linear(memory ?? features, features, bias: bias, key: random.stream(1))
    value = Linear(memory ?? features, features, bias: bias, key: random.stream(2))
    output = Linear(features, features, bias: bias, key: random.stream(3))
    (self.heads, self.dropout) = (heads, dropout)
  }

  /// Attends to the sequence itself, without a mask, as in evaluation.
  ///
  /// - Parameter x: `[B, T, D]`.
  /// - Returns: `[B, T, D]`.
  public func callAsFunction(_ x: Variable) -> Variable { self(x, over: x, key: nil) }

  /// Attends to the sequence itself, without a mask.
  ///
  /// - Parameters:
  ///   - x: `[B, T, D]`.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[B, T, D]`.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable { self(x, over: x, key: key) }

  /// Attends to a sequence.
  ///
  /// - Parameters:
  ///   - x: What attends, `[B, T, D]`.
  ///   - memory: What is attended to, `[B, S, memory]`; `x` itself if left out. Shapes that do not fit stop the program.
  ///   - keyMask: `[B, S]`, zeros at places that are only padding; all count if left out.
  ///   - isCausal: Whether place t sees places 0 ... t alone.
  ///   - random: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[B, T, D]`. A place that sees nothing gets the bias of the last map.
  public func callAsFunction(
    _ x: Variable, over memory: Variable? = nil, keyMask: Tensor? = nil, isCausal: Bool = false, key random: RandomKey?
  ) -> Variable {
    let memory = memory ?? x
    require(
      x.rank == 3 && memory.rank == 3 && x.shape[0] == memory.shape[0],
      "MultiHeadAttention: shapes \(x.shape) and \(memory.shape) are not [B, T, D] and [B, S, D]")
    if let keyMask {
      require(
        keyMask.shape == Shape(memory.shape.dropLast()),
        "MultiHeadAttention: a key mask of shape \(keyMask.shape) for \(Shape(memory.shape.dropLast())) places")
    }
    let mixed = dotProductAttention(
      queries: split(query(x)), keys: split(self.key(memory)), values: split(value(memory)),
      mask: keyMask.map { $0.reshaped(to: [memory.shape[0], 1, 1, memory.shape[1]]) }, isCausal: isCausal,
      dropout: dropout, key: random)
    return output(mixed.transposed([0, 2, 1, 3]).reshaped(to: Array(x.shape.dropLast()) + [query.outputs]))
  }

  /// [B, T, D] as [B, H, T, D / H].
  private func split(_ x: Variable) -> Variable {
    x.reshaped(to: [x.shape[0], x.shape[1], heads, x.shape[2] / heads]).transposed([0, 2, 1, 3])
  }
}

extension Linear {
  /// The number of output features.
  fileprivate var outputs: Int { $weight.value.shape[1] }
}
