/// The Chebyshev graph convolution: a filter that is a polynomial of the scaled Laplacian in the Chebyshev basis.
///
///     y = Σ_{k<K} T_k(L̃) x W_k + b,   T₀ = I, T₁ = L̃, T_k = 2 L̃ T_{k−1} − T_{k−2}
///     L̃ = 2 L / λ − I,   L = I − D^(−1/2) A D^(−1/2)
///
/// x: `[N, inputs]`, W_k: `[inputs, outputs]`, y: `[N, outputs]`. Self-loops do not count; D holds the out-degrees, and
/// D^(−1/2) is 0 where they are. λ = 2 bounds the eigenvalues of L.
///
/// Source: Defferrard, Bresson & Vandergheynst, *Convolutional Neural Networks on Graphs with Fast Localized Spectral
/// Filtering*, NIPS 2016, eq. 4.
public struct ChebConv: Layer {
  /// The weights W₀ … W_{K−1}.
  public let weights: [Parameter]
  /// The bias b.
  @Parameter public var bias: Variable
  private let largestEigenvalue: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - taps: K, the number of terms, at least 1.
  ///   - largestEigenvalue: λ, above 0.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, taps: Int, largestEigenvalue: Double = 2, key: RandomKey) {
    require(taps >= 1, "ChebConv: \(taps) taps make no filter; there has to be at least 1")
    require(largestEigenvalue > 0, "ChebConv: the largest eigenvalue is \(largestEigenvalue); it has to be above 0")
    weights = (0..<taps).map { Parameter(Initializer.glorotUniform([inputs, outputs], key: key.stream($0))) }
    _bias = Parameter(Tensor(zeros: [outputs]))
    self.largestEigenvalue = largestEigenvalue
  }

  /// Applies the layer: by the recurrence of the T_k, or by Clenshaw's where the output is narrower than the input.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph; self-loops are left out.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("ChebConv")
    let weights = weights.map(\.wrappedValue), shape = weights[0].shape, simple = graph.removingSelfLoopsOnce()
    guard shape[1] >= shape[0] else { return clenshaw(weights.map { matmul(x, $0) }, simple) + bias }
    var (previous, term) = (x, x), y = matmul(x, weights[0])
    for (k, weight) in weights.enumerated().dropFirst() {
      let moved = shifted(term, simple)
      (previous, term) = (term, k == 1 ? moved : 2 * moved - previous)
      y = y + matmul(term, weight)
    }
    return y + bias
  }

  /// Applies the layer to sparse features, at the cost of their stored entries.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph; self-loops are left out.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph) -> Variable {
    graph.requireOneKind("ChebConv")
    return clenshaw(weights.map { matmul(x, $0.wrappedValue) }, graph.removingSelfLoopsOnce()) + bias
  }

  /// Σ T_k(L̃) h_k with one product by L̃ less than there are terms: b_k = h_k + 2 L̃ b_{k+1} − b_{k+2}.
  private func clenshaw(_ h: [Variable], _ graph: Graph) -> Variable {
    var (after, next): (Variable?, Variable?) = (nil, nil)
    for k in h.indices.reversed() {
      var term = h[k]
      if let next {
        let moved = shifted(next, graph)
        term = term + (k == 0 ? moved : 2 * moved)
      }
      if let after { term = term - after }
      (after, next) = (next, term)
    }
    return next ?? h[0]
  }

  /// L̃ h.
  private func shifted(_ h: Variable, _ graph: Graph) -> Variable {
    let moved = graph.sum(graph.sourceSymmetricWeights * .source(h)), scale = 2 / largestEigenvalue
    return scale == 1 ? -moved : Variable(scale - 1) * h - Variable(scale) * moved
  }
}

extension Graph {
  /// ``removingSelfLoops()``, kept with the graph.
  func removingSelfLoopsOnce() -> Graph {
    derived.withoutSelfLoops.withLock { known in
      if let known { return known }
      let made = removingSelfLoops()
      known = made
      return made
    }
  }

  /// 1 / √(d(source) d(target)), d the out-degree, of a part the one in the whole graph; 0 where a degree is 0.
  var sourceSymmetricWeights: EdgeWeights {
    EdgeWeights { dtype in
      derived.sourceSymmetricWeights.withLock { cached in
        if let known = cached[dtype] { return known }
        let degrees = degreesInWhole.map { Array($0.outDegrees) } ?? outDegrees
        let roots = degrees.map { $0 == 0 ? 0 : 1 / Double($0).squareRoot() }
        let made = Tensor(zip(sources, targets).map { roots[$0] * roots[$1] }, dtype: dtype)
        cached[dtype] = made
        return made
      }
    }
  }
}
