/// Numbers that scale messages, one for each edge or one for all: `graph.symmetricWeights * .source(h)`.
///
/// Normalisations have no element type until they meet a message; they adopt its.
public struct EdgeWeights: Message {
  let values: (DType) -> Variable
  /// The weight of all edges, if it is one number.
  let number: Variable?

  /// Weights from a variable.
  ///
  /// - Parameter values: One number for each edge, `[edgeCount]`, or for each edge and head, `[edgeCount, H]`, in the graph's
  ///   stored order; or one for all edges, `[]`. Where messages are rows `[edgeCount, D]`, a column `[edgeCount, 1]` will do.
  public init(_ values: Variable) {
    self.values = { _ in values }
    number = values.rank == 0 ? values : nil
  }

  init(_ values: @escaping (DType) -> Tensor) {
    self.values = { Variable(values($0)) }
    number = nil
  }

  /// The weights, in the default element type if they have none of their own.
  public func each(on graph: Graph) -> Variable { checked(.default, graph) }

  /// True.
  public var runsInBlocks: Bool { true }

  /// The weights in the element type that they adopt, one for each edge.
  func checked(_ dtype: DType, _ graph: Graph) -> Variable {
    let values = graph.ownRows(of: values(dtype))
    if values.rank == 0 { return values.broadcast(to: [graph.edgeCount]) }
    require(
      values.shape == [graph.edgeCount], "EdgeWeights: values of shape \(values.shape) for \(graph.edgeCount) edges")
    return values
  }

  /// The weights of rows: one for all, one for each edge, or one for each edge and head if the rows have heads.
  func checked(_ rows: Variable, _ graph: Graph) -> Variable {
    let values = graph.ownRows(of: values(rows.dtype)).asWeights(of: rows), edges = graph.edgeCount
    let hasHeads = values.rank == 2 && rows.rank >= 3 && values.shape[1] == rows.shape[1]
    require(
      values.rank == 0 || values.shape == [edges] || hasHeads && values.shape[0] == edges,
      "EdgeWeights: values of shape \(values.shape) for \(edges) edges with rows of shape \(Shape(rows.rowShape)); there is one for "
        + "each edge, [\(edges)]\(rows.rank >= 3 ? ", or for each edge and head, [\(edges), \(rows.shape[1])]" : "")")
    return values
  }
}

extension Variable {
  /// A column of numbers that scale rows without heads as one number for each.
  func asWeights(of rows: Variable) -> Variable {
    rank == 2 && rows.rank == 2 && shape[1] == 1 ? squeezed(along: 1) : self
  }
}

extension Graph {
  /// The symmetric normalisation 1 / √(d(source) d(target)), d the in-degree; 0 where a degree is 0.
  ///
  /// Source: Kipf & Welling, *Semi-Supervised Classification with Graph Convolutional Networks*, ICLR 2017, eq. 2.
  public var symmetricWeights: EdgeWeights {
    EdgeWeights { dtype in
      derived.symmetricWeights.withLock { cached in
        if let known = cached[dtype] { return known }
        let roots = normalizingDegrees("symmetricWeights").map { $0 == 0 ? 0 : 1 / Double($0).squareRoot() }
        let made = Tensor(zip(sources, targets).map { roots[$0] * roots[$1] }, dtype: dtype)
        cached[dtype] = made
        return made
      }
    }
  }

  /// The random-walk normalisation 1 / d(target), d the in-degree: the weights of a mean.
  public var randomWalkWeights: EdgeWeights {
    EdgeWeights { dtype in
      derived.randomWalkWeights.withLock { cached in
        if let known = cached[dtype] { return known }
        let degrees = inDegrees
        let made = Tensor(targets.map { 1 / Double(degrees[$0]) }, dtype: dtype)
        cached[dtype] = made
        return made
      }
    }
  }

  /// The symmetric normalisation of weighted edges, w / √(d(source) d(target)), d the sum of the weights that reach a node.
  ///
  /// Gradients flow to the weights through the degrees, too. Where a degree is 0, the normalised weight is 0.
  ///
  /// - Parameter weights: One number for each edge, in the stored order. A negative degree stops the program.
  /// - Returns: The normalised weights.
  public func symmetricWeights(_ weights: Variable) -> EdgeWeights {
    requireEdgeValues(weights, "symmetricWeights")
    requireOneKind("symmetricWeights")
    let degrees = weights.scatterSum(to: targets, count: nodeCount)
    for (node, degree) in degrees.scalars(as: Double.self).enumerated() {
      require(degree >= 0, "symmetricWeights: node \(node) has the degree \(degree); it must not be negative")
    }
    // A degree of 0 is replaced by 1 before the root and its result by 0, so that no gradient is infinite.
    let isZero = equal(degrees.value, 0)
    let roots = (1 - Variable(isZero)) / sqrt(degrees + Variable(isZero))
    return EdgeWeights(roots.gatherRows(sources) * weights * roots.gatherRows(targets))
  }
}
