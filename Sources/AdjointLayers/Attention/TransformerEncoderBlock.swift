/// A block of a Transformer's encoder: self-attention and a perceptron, each with a way around it and a norm.
///
///     before    h = x + attention(norm₁(x)),   y = h + mlp(norm₂(h))          the norm comes first
///     after     h = norm₁(x + attention(x)),   y = norm₂(h + mlp(h))          as in the original
///               mlp(h) = φ(h W₁ + b₁) W₂ + b₂                                 x, y: [B, T, D]
///
/// With the norm first, deep stacks train without a warm-up; the last block's result then wants a ``LayerNorm`` of its own. In training,
/// both branches drop units before they are added.
///
/// Sources: Vaswani et al., *Attention Is All You Need*, NeurIPS 2017, section 3.1; Xiong et al., *On Layer Normalization in the
/// Transformer Architecture*, ICML 2020.
public struct TransformerEncoderBlock: UnaryLayer {
  /// Where the norms stand.
  public enum NormPlacement: Sendable {
    /// Before attention and perceptron.
    case before
    /// After what they compute has been added.
    case after
  }

  /// The attention.
  public let attention: MultiHeadAttention
  /// The perceptron.
  public let mlp: MLP
  /// The norms at the attention and at the perceptron.
  public let attentionNorm, mlpNorm: LayerNorm
  /// Drops units of both branches.
  public let dropout: Dropout
  /// Where the norms stand.
  public let norm: NormPlacement

  /// Creates a block.
  ///
  /// - Parameters:
  ///   - features: The number D of features, a multiple of `heads`.
  ///   - heads: The number of heads.
  ///   - hidden: The number of hidden units of the perceptron; 4 D if left out.
  ///   - norm: Where the norms stand.
  ///   - activation: The function φ in the perceptron.
  ///   - dropout: The probability of dropping a unit or a weight of the attention in training, in 0 ..< 1.
  ///   - key: The place in the random sequence.
  public init(
    _ features: Int, heads: Int, hidden: Int? = nil, norm: NormPlacement = .before,
    activation: @escaping (Variable) -> Variable = { gelu($0) }, dropout: Double = 0, key: RandomKey
  ) {
    attention = MultiHeadAttention(features, heads: heads, dropout: dropout, key: key.stream(0))
    mlp = MLP(
      [features, hidden ?? 4 * features, features], activation: activation, initializer: .glorotUniform,
      key: key.stream(1))
    attentionNorm = LayerNorm(features)
    mlpNorm = LayerNorm(features)
    self.dropout = Dropout(dropout)
    self.norm = norm
  }

  /// Applies the block to whole sequences, as in evaluation.
  ///
  /// - Parameter x: `[B, T, D]`.
  /// - Returns: `[B, T, D]`.
  public func callAsFunction(_ x: Variable) -> Variable { self(x, keyMask: nil, key: nil) }

  /// Applies the block to whole sequences.
  ///
  /// - Parameters:
  ///   - x: `[B, T, D]`.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[B, T, D]`.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable { self(x, keyMask: nil, key: key) }

  /// Applies the block.
  ///
  /// - Parameters:
  ///   - x: `[B, T, D]`.
  ///   - keyMask: `[B, T]`, zeros at places that are only padding, which no other place then sees; all count if nil.
  ///   - isCausal: Whether place t sees places 0 ... t alone.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[B, T, D]`.
  public func callAsFunction(
    _ x: Variable, keyMask: Tensor?, isCausal: Bool = false, key: RandomKey? = nil
  ) -> Variable {
    func attend(_ x: Variable) -> Variable {
      dropout(attention(x, keyMask: keyMask, isCausal: isCausal, key: key?.stream(0)), key: key?.stream(1))
    }
    func transform(_ x: Variable) -> Variable { dropout(mlp(x), key: key?.stream(2)) }
    switch norm {
    case .before:
      let h = x + attend(attentionNorm(x))
      return h + transform(mlpNorm(h))
    case .after:
      let h = attentionNorm(x + attend(x))
      return mlpNorm(h + transform(h))
    }
  }
}

/// Returns sinusoidal encodings of positions, to be added to the features of a sequence's places.
///
///     p[t, 2 i] = sin(t / 10000^{2 i / D}),   p[t, 2 i + 1] = cos(t / 10000^{2 i / D})      p: [T, D]
///
/// - Parameters:
///   - count: The number T of positions, counted from 0.
///   - features: The number D of features; if it is odd, the last sine has no cosine.
///   - dtype: The element type.
/// - Returns: A row for each position.
/// - SeeAlso: Vaswani et al., *Attention Is All You Need*, NeurIPS 2017, section 3.5.
public func positionalEncoding(_ count: Int, _ features: Int, dtype: DType = .default) -> Tensor {
  let t = Tensor.arange(Double(count), dtype: .float64).reshaped(to: [count, 1])
  let even = Tensor((0..<(features + 1) / 2).map { -2 * Double($0) / Double(features) }, dtype: .float64)
  let angles = t * exp(even * Tensor(9.210340371976184, dtype: .float64))
  let pairs = stack([sin(angles), cos(angles)]).transposed([1, 2, 0])
  return pairs.reshaped(to: [count, 2 * even.count]).slice(0..<features, along: 1).converted(to: dtype)
}
