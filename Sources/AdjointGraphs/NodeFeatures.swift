/// Features for nodes: given ones, brought into the form that layers take, and what to use where none are given.
public enum NodeFeatures {
  /// Features from a matrix that comes from outside.
  ///
  /// - Parameters:
  ///   - matrix: A row for each node, or a column for each node if `isTransposed`.
  ///   - graph: The graph.
  ///   - isTransposed: Whether the matrix is features by nodes, X ∈ ℝ^(m × N), as many texts write it. It is never guessed.
  /// - Returns: `[N, m]`: row v holds the features of node v.
  /// - Throws: ``GraphError/featureRows(_:axis:nodes:)``, which names both counts.
  public static func rows(
    of matrix: Tensor, for graph: Graph, isTransposed: Bool = false
  ) throws(GraphError) -> Tensor {
    let axis = isTransposed ? 1 : 0
    guard matrix.rank == 2, matrix.shape[axis] == graph.nodeCount else {
      throw .featureRows(matrix.shape, axis: axis, nodes: graph.nodeCount)
    }
    return isTransposed ? matrix.transposed() : matrix
  }

  /// The indicator of each node: tells all nodes apart, and fits no other graph.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes N.
  ///   - dtype: The element type.
  /// - Returns: The identity, `[N, N]`.
  public static func oneHot(_ nodeCount: Int, dtype: DType = .default) -> Tensor { .eye(nodeCount, dtype: dtype) }

  /// The same for every node: only the shape of the graph counts.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes N.
  ///   - width: The number of features D.
  ///   - dtype: The element type.
  /// - Returns: Ones, `[N, D]`.
  public static func ones(_ nodeCount: Int, width: Int = 1, dtype: DType = .default) -> Tensor {
    Tensor(ones: [nodeCount, width], dtype: dtype)
  }

  /// The number of edges that end at each node, as a number or as one-hot rows.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - largest: The largest degree that has a column of its own; higher ones share it. Nil for the degree as a number.
  ///   - dtype: The element type.
  /// - Returns: `[N, 1]`, or `[N, largest + 1]`.
  public static func degree(_ graph: Graph, oneHotUpTo largest: Int? = nil, dtype: DType = .default) -> Tensor {
    guard let largest else {
      return Tensor(graph.inDegrees.map(Double.init), shape: [graph.nodeCount, 1], dtype: dtype)
    }
    require(largest >= 0, "degree: a largest degree of \(largest); it must not be negative")
    return Tensor.eye(largest + 1, dtype: dtype).gatherRows(IndexArray(graph.inDegrees.map { Swift.min($0, largest) }))
  }
}
