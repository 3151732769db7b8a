/// A matrix that moves a signal along the edges of a graph: the S of a graph filter Σ Sᵏ x h.
///
/// A has a row for each target and a column for each source, D is the diagonal of its row sums (the weighted in-degrees), and
/// D^(−1) and D^(−1/2) are 0 where a degree is 0.
///
/// Source: Gama, Isufi, Leus & Ribeiro, *Graphs, Convolutions, and Neural Networks*, IEEE Signal Processing Magazine 37(6), 2020.
public enum GraphShift: Hashable, Sendable {
  /// A.
  case adjacency
  /// Aᵀ.
  case transposedAdjacency
  /// D^(−1) A, the random walk: the mean over the neighbours.
  case randomWalk
  /// D^(−1/2) A D^(−1/2).
  case symmetric
  /// D̃^(−1/2) (A + I) D̃^(−1/2), D̃ the degrees of A + I: the graph convolution of Kipf and Welling. A self-loop that is there
  /// already is not doubled.
  case convolution
  /// L = D − A.
  case laplacian
  /// I − D^(−1/2) A D^(−1/2).
  case symmetricLaplacian
  /// I − D^(−1) A.
  case randomWalkLaplacian
  /// 2 / λ · (I − D^(−1/2) A D^(−1/2)) − I, whose eigenvalues lie in −1 ... 1 if λ is the largest of the Laplacian; 2 is never
  /// too small.
  case scaledLaplacian(largest: Double = 2)
}

extension Graph {
  /// A shift matrix of the graph.
  ///
  /// - Parameters:
  ///   - kind: Which matrix.
  ///   - weights: `[edgeCount]`, in the stored order, or nil for ones. Gradients flow to them, through the degrees too. For the
  ///     symmetric forms a negative degree stops the program; ``validate(weights:)`` finds one before.
  ///   - dtype: The element type without weights.
  /// - Returns: A sparse matrix, `[nodeCount, nodeCount]`.
  /// - Complexity: O(N + E).
  public func shift(_ kind: GraphShift, weights: Variable? = nil, dtype: DType = .default) -> SparseMatrix {
    requireOneKind("shift")
    if let weights { requireEdgeValues(weights, "shift") }
    let dtype = weights?.dtype ?? dtype
    let ones = Variable(Tensor(ones: [edgeCount], dtype: dtype))
    func symmetric() -> Variable { (weights.map { symmetricWeights($0) } ?? symmetricWeights).checked(dtype, self) }
    func randomWalk() -> Variable {
      guard let weights else { return randomWalkWeights.checked(dtype, self) }
      return SparseMatrix(adjacency, values: weights).rowNormalized().values ?? weights
    }
    let unit = Variable(Tensor(ones: [nodeCount], dtype: dtype))
    switch kind {
    case .adjacency: return SparseMatrix(adjacency, values: weights ?? ones)
    case .transposedAdjacency:
      let back = reversed()
      return SparseMatrix(back.adjacency, values: (weights ?? ones).gatherRows(back.edgeOrder))
    case .randomWalk: return SparseMatrix(adjacency, values: randomWalk())
    case .symmetric: return SparseMatrix(adjacency, values: symmetric())
    case .convolution:
      guard let weights else {
        let looped = addingSelfLoops()
        return SparseMatrix(looped.adjacency, values: looped.symmetricWeights.checked(dtype, looped))
      }
      let (looped, all) = addingSelfLoops(weights: weights)
      return SparseMatrix(looped.adjacency, values: looped.symmetricWeights(all).checked(dtype, looped))
    case .laplacian:
      let values = weights ?? ones
      return withDiagonal(values.scatterSum(to: targets, count: nodeCount), -values)
    case .symmetricLaplacian: return withDiagonal(unit, -symmetric())
    case .randomWalkLaplacian: return withDiagonal(unit, -randomWalk())
    case .scaledLaplacian(let largest):
      require(largest > 0, "shift: the largest eigenvalue is \(largest); it has to be above 0")
      return withDiagonal(Variable(2 / largest - 1) * unit, Variable(-2 / largest) * symmetric())
    }
  }

  /// The adjacency matrix as an ordinary tensor: how many edges run from each source (column) to each target (row).
  ///
  /// - Parameter dtype: The element type.
  /// - Returns: `[nodeCount, sourceCount]`.
  public func denseAdjacency(dtype: DType = .default) -> Tensor { SparseMatrix(adjacency).dense(dtype: dtype).value }

  /// Checks weights that come from outside before they meet a normalisation.
  ///
  /// - Parameter weights: `[edgeCount]`, in the stored order.
  /// - Throws: ``GraphError`` for another number of weights, one that is not finite, or a node with a negative degree.
  public func validate(weights: Tensor) throws(GraphError) {
    guard weights.shape == [edgeCount] else { throw .weightCount(weights.shape, edges: edgeCount) }
    var degrees = [Double](repeating: 0, count: nodeCount)
    for (edge, weight) in weights.scalars(as: Double.self).enumerated() {
      guard weight.isFinite else {
        throw .weight(position: edge, source: sources[edge], target: targets[edge], weight)
      }
      degrees[targets[edge]] += weight
    }
    if let node = degrees.firstIndex(where: { $0 < 0 }) { throw .negativeDegree(node: node, degree: degrees[node]) }
  }

  /// The matrix with the given entries on the diagonal, and values for the edges.
  private func withDiagonal(_ diagonal: Variable, _ values: Variable) -> SparseMatrix {
    let nodes = IndexArray(0..<nodeCount)
    let pattern = SparsePattern(
      knownRows: .joined([targets, nodes]), columns: .joined([sources, nodes]), origin: nil, rowCount: nodeCount,
      columnCount: nodeCount)
    return SparseMatrix(pattern, values: concatenate([values, diagonal], along: 0).gatherRows(pattern.order))
  }
}
