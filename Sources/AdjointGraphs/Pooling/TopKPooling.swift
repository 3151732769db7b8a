import AdjointTensors

/// Keeps the nodes of each graph that score highest, and the edges between them.
///
///     s = x p / ‖p‖,   y[i] = x[i] tanh(s[i]) for the ⌈ratio · n⌉ highest of the n nodes of each graph
///
/// x: `[N, inputs]`, p: `[inputs]`. Kept nodes stay in their order; of equal scores the first one is kept.
///
/// Source: Gao & Ji, *Graph U-Nets*, ICML 2019, eq. 2; Cangea et al., *Towards Sparse Hierarchical Graph Classifiers*, 2018.
public struct TopKPooling: Layer {
  /// The direction p that scores are measured along.
  @Parameter public var direction: Variable
  /// The part of the nodes that is kept.
  public let ratio: Double

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of features.
  ///   - ratio: The part of the nodes that is kept, above 0 and at most 1.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, ratio: Double = 0.5, key: RandomKey) {
    require(ratio > 0 && ratio <= 1, "TopKPooling: the ratio \(ratio) is outside 0 < ratio ≤ 1")
    _direction = Parameter(Tensor(normal: [inputs], key: key))
    self.ratio = ratio
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - batch: The graphs.
  /// - Returns: The features of the nodes that are kept, their graphs, and which nodes they are. The ``Graph/edgeOrder`` of the
  ///   union names the stored edges of `batch.graph` that are kept.
  public func callAsFunction(
    _ x: Variable, on batch: GraphBatch
  ) -> (nodes: Variable, batch: GraphBatch, kept: IndexArray) {
    batch.requireNodeRows(x, "TopKPooling")
    let score = matmul(x, direction.reshaped(to: [x.shape[1], 1])) / direction.norm()
    let values = score.scalars(as: Double.self)
    var kept: [Int] = []
    for g in 0..<batch.count {
      let nodes = batch.nodeOffsets[g]..<batch.nodeOffsets[g + 1]
      let count = nodes.count.part(ratio, .up)
      kept += nodes.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }.prefix(count).sorted()
    }
    let rows = IndexArray(kept)
    let pooled = GraphBatch(
      union: AttributedGraph(batch.graph.subgraph(of: rows)), graphOfNode: batch.graphOfNode.gathered(rows),
      count: batch.count)
    return (x.gatherRows(rows) * tanh(score.gatherRows(rows)), pooled, rows)
  }
}
