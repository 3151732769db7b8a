/// A graph filter: a polynomial of a shift matrix with a matrix of weights for each power.
///
///     y = Σ_{k<K} Sᵏ x H_k + b
///
/// x: `[N, inputs]`, H_k: `[inputs, outputs]`, y: `[N, outputs]`. S moves a signal along the edges, H mixes the features of each
/// node. Powers of S are never formed. With K taps a node sees its neighbourhood of K − 1 hops; what the literature calls one
/// step of message passing has two taps, the node itself and its neighbours.
///
/// Source: Gama, Isufi, Leus & Ribeiro, *Graphs, Convolutions, and Neural Networks*, IEEE Signal Processing Magazine 37(6), 2020,
/// eqs. 5 and 12; Isufi, Gama, Shuman & Segarra, *Graph Filters for Signal Processing and Machine Learning on Graphs*, 2022.
public struct GraphFilter: Layer {
  /// A term of the polynomial: its weights, and the number that multiplies them; nil for a term that is left out. Terms may
  /// share their weights.
  public typealias Tap = (scale: Double, weight: Parameter)?

  /// The terms, that of S⁰ first.
  public let taps: [Tap]
  /// The bias b, if there is one.
  public let bias: Parameter?
  /// The shift S, unless a call brings its own.
  public let shift: GraphShift

  /// Creates a filter from its terms.
  ///
  /// - Parameters:
  ///   - taps: The terms; the last one is not nil.
  ///   - shift: S.
  ///   - bias: b.
  public init(taps: [Tap], shift: GraphShift, bias: Parameter? = nil) {
    require(taps.last.map { $0 != nil } ?? false, "GraphFilter: the last of \(taps.count) taps has no weights")
    (self.taps, self.shift, self.bias) = (taps, shift, bias)
  }

  /// Creates a filter with weights of its own for each power.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - taps: K, the number of terms, at least 1.
  ///   - shift: S.
  ///   - bias: Whether there is a bias.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, taps: Int, shift: GraphShift, bias: Bool = false, key: RandomKey) {
    self.init(
      taps: (0..<taps).map { (1, Parameter(Initializer.glorotUniform([inputs, outputs], key: key.stream($0)))) },
      shift: shift, bias: bias ? Parameter(Tensor(zeros: [outputs])) : nil)
  }

  /// Applies the filter.
  ///
  /// - Parameters:
  ///   - x: The signals, `[N, inputs]`.
  ///   - graph: The graph that the shift is made of.
  ///   - weights: One number for each edge, that may be trained; nil for ones.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph, weights: Variable? = nil) -> Variable {
    self(x, shift: graph.shift(shift, weights: weights, dtype: x.dtype))
  }

  /// Applies the filter with a shift matrix of one's own.
  ///
  /// - Parameters:
  ///   - x: The signals, `[N, inputs]`.
  ///   - shift: S, `[N, N]`; gradients flow to its values.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, shift: SparseMatrix) -> Variable {
    let weights = taps.map { tap in
      tap.map { $0.scale == 1 ? $0.weight.wrappedValue : Variable($0.scale) * $0.weight.wrappedValue }
    }
    var y: Variable?
    // Horner's scheme: x H₀ + S (x H₁ + S (x H₂ + …)).
    for weight in weights.reversed() {
      let moved = y.map { matmul(shift, $0) }, own = weight.map { matmul(x, $0) }
      y = moved.flatMap { m in own.map { $0 + m } } ?? moved ?? own
    }
    let result = y ?? x
    return bias.map { result + $0.wrappedValue } ?? result
  }
}

extension GraphFilter {
  /// The graph convolution of Kipf and Welling: two taps, of which the first is left out, on S = D^(−1/2) (A + I) D^(−1/2).
  ///
  /// - Parameter weight: `[inputs, outputs]`.
  /// - Returns: The filter.
  public static func convolution(_ weight: Parameter) -> GraphFilter { simplified(weight, hops: 1) }

  /// The simplified graph convolution: all taps but the last are left out.
  ///
  /// - Parameters:
  ///   - weight: `[inputs, outputs]`.
  ///   - hops: The power of S.
  /// - Returns: The filter.
  public static func simplified(_ weight: Parameter, hops: Int) -> GraphFilter {
    require(hops >= 0, "simplified: \(hops) hops; there have to be at least 0")
    return GraphFilter(taps: [Tap](repeating: nil, count: hops) + [(1, weight)], shift: .convolution)
  }

  /// The first map of a graph isomorphism layer: two taps on the adjacency that share their weights, H₀ = (1 + ε) H₁.
  ///
  /// - Parameters:
  ///   - weight: `[inputs, outputs]`.
  ///   - epsilon: ε.
  /// - Returns: The filter.
  public static func isomorphism(_ weight: Parameter, epsilon: Double) -> GraphFilter {
    GraphFilter(taps: [(1 + epsilon, weight), (1, weight)], shift: .adjacency)
  }

  /// The diffusion convolution: S = D⁻¹ A, and tap k puts feature f, times w[k, f], into column k · D + f.
  ///
  /// - Parameter weights: w, `[K, D]`; others stop the program.
  /// - Returns: The filter, from D features to K · D.
  public static func diffusion(_ weights: Tensor) -> GraphFilter {
    require(
      weights.rank == 2 && weights.shape[0] >= 1, "diffusion: weights of shape \(weights.shape); they are [K, D]")
    let (steps, width) = (weights.shape[0], weights.shape[1]), values = weights.scalars(as: Double.self)
    let taps = (0..<steps).map { step in
      var block = [Double](repeating: 0, count: width * steps * width)
      for feature in 0..<width {
        block[(feature * steps + step) * width + feature] = values[step * width + feature]
      }
      return Tensor(block, shape: [width, steps * width], dtype: weights.dtype)
    }
    return GraphFilter(taps: taps.map { (1, Parameter($0)) }, shift: .randomWalk)
  }

  /// The polynomial of a scaled Laplacian that has the given coefficients in the Chebyshev basis.
  ///
  /// - Parameters:
  ///   - coefficients: The weights of T₀, T₁, …, each `[inputs, outputs]`.
  ///   - largestEigenvalue: λ, above 0.
  /// - Returns: The filter, whose taps are the weights of the powers.
  public static func chebyshev(_ coefficients: [Tensor], largestEigenvalue: Double = 2) -> GraphFilter {
    require(!coefficients.isEmpty, "chebyshev: there are no coefficients")
    var monomials = coefficients.map { Tensor(zeros: $0.shape, dtype: $0.dtype) }
    var (previous, term): ([Double], [Double]) = ([], [1])
    for (k, coefficient) in coefficients.enumerated() {
      for (power, factor) in term.enumerated() {
        monomials[power] = monomials[power] + Tensor(factor, dtype: coefficient.dtype) * coefficient
      }
      // T_{k+1} = 2 x T_k − T_{k−1}, but T₁ = x T₀.
      var next = [0] + term.map { (k == 0 ? 1 : 2) * $0 }
      for (power, factor) in previous.enumerated() { next[power] -= factor }
      (previous, term) = (term, next)
    }
    return GraphFilter(
      taps: monomials.map { (1, Parameter($0)) }, shift: .scaledLaplacian(largest: largestEigenvalue))
  }

  /// The spectral filter U g(Λ) Uᵀ of a shift with distinct eigenvalues, as the polynomial that takes the values of g there.
  ///
  /// Source: Bruna, Zaremba, Szlam & LeCun, *Spectral Networks and Deep Locally Connected Networks on Graphs*, ICLR 2014.
  ///
  /// - Parameters:
  ///   - eigenvalues: The eigenvalues of the shift, each once; repeated ones stop the program.
  ///   - response: g at each of them.
  ///   - shift: S.
  /// - Returns: A filter of a single feature with as many taps as there are eigenvalues.
  public static func spectral(eigenvalues: [Double], response: [Double], shift: GraphShift) -> GraphFilter {
    let (count, distinct) = (eigenvalues.count, Set(eigenvalues).count)
    require(
      response.count == count && distinct == count && count > 0,
      "spectral: \(response.count) values at \(count) eigenvalues, \(distinct) distinct; there is one at each, and at least 1"
    )
    // Newton's divided differences, then the powers by Horner's scheme.
    var differences = response
    for order in 1..<Swift.max(eigenvalues.count, 1) {
      for i in (order..<eigenvalues.count).reversed() {
        differences[i] = (differences[i] - differences[i - 1]) / (eigenvalues[i] - eigenvalues[i - order])
      }
    }
    var powers: [Double] = []
    for i in eigenvalues.indices.reversed() {
      var next = [0] + powers
      for (power, factor) in powers.enumerated() { next[power] -= eigenvalues[i] * factor }
      next[0] += differences[i]
      powers = next
    }
    return GraphFilter(
      taps: powers.prefix(eigenvalues.count).map { (1, Parameter(Tensor([$0], shape: [1, 1]))) }, shift: shift)
  }
}
