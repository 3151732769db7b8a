import Adjoint

/// A collection of graphs, with the features that networks are trained on.
struct LabelledGraphs {
  /// The graphs, each with node features `x`.
  let graphs: [AttributedGraph]
  let labels: IndexArray
  let classCount: Int
  /// The number of features of a node.
  let features: Int
  let folds: Folds

  /// Reads a collection.
  ///
  /// The features of a node are its label as a one-hot row and, where nodes have them, its attributes, each shifted and scaled to
  /// mean 0 and deviation 1 over all nodes.
  init(folder: String, name: String) throws {
    let collection = try GraphCollection(folder: folder, name: name)
    (labels, classCount) = (collection.labels, collection.classCount)
    folds = collection.folds.map { Folds($0) } ?? Folds(stratifying: labels, key: RandomKey(seed: 0))
    let batch = GraphBatch(collection.graphs), kinds = Tensor.eye(collection.nodeLabels.count)
    let labelRows = kinds.gatherRows(batch.nodes.indices("label"))
    let x =
      batch.nodes.names.contains("attributes")
      ? concatenate([Self.standardized(batch.nodes.values("attributes")), labelRows], along: 1) : labelRows
    features = x.shape[1]
    graphs = collection.graphs.enumerated().map { number, graph in
      // Nothing but structure and features goes into batches.
      var plain = AttributedGraph(graph.graph)
      plain.nodes["x"] = .values(x.rows(batch.nodeOffsets[number]..<batch.nodeOffsets[number + 1]))
      return plain
    }
  }

  private static func standardized(_ x: Tensor) -> Tensor {
    let x = Variable(x), centred = x - x.mean(along: 0)
    return (centred / max(x.standardDeviation(along: 0), 1e-6)).value
  }

  /// Some of the graphs as one.
  func batch(_ members: some Collection<Int>) -> Batch {
    let joined = GraphBatch(members.map { graphs[$0] })
    return Batch(x: Variable(joined.nodes.values("x")), graphs: joined, labels: IndexArray(members.map { labels[$0] }))
  }

  /// Graphs side by side.
  struct Batch {
    let x: Variable
    let graphs: GraphBatch
    let labels: IndexArray
  }
}
