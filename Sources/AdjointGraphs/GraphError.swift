/// What is wrong with the edges of a graph.
public enum GraphError: Error, Equatable, CustomStringConvertible {
  /// The number of nodes is negative or exceeds 31 bits.
  case nodeCount(Int)
  /// There are not as many sources as targets.
  case lengthsDiffer(sources: Int, targets: Int)
  /// An edge ends outside the graph.
  case edgeOutside(position: Int, source: Int, target: Int, node: Int, nodeCount: Int)
  /// A fact has a relation that is not there.
  case relationOutside(position: Int, relation: Int, relationCount: Int)
  /// There are not as many weights as edges.
  case weightCount(Shape, edges: Int)
  /// A weight is infinite or not a number.
  case weight(position: Int, source: Int, target: Int, Double)
  /// There are not as many rows of features as nodes.
  case featureRows(Shape, axis: Int, nodes: Int)
  /// The weights that reach a node have a negative sum, which has no root.
  case negativeDegree(node: Int, degree: Double)

  /// A sentence that names the edge, its value and the limit.
  public var description: String {
    switch self {
    case .nodeCount(let count): "Graph: \(count) is not a number of nodes; it lies in 0 ... \(Int32.max)"
    case .lengthsDiffer(let sources, let targets): "Graph: \(sources) sources do not match \(targets) targets"
    case .edgeOutside(let position, let source, let target, let node, let nodeCount):
      "Graph: edge \(position) (\(source) → \(target)): node \(node) is outside 0 ..< \(nodeCount)"
    case .relationOutside(let position, let relation, let relationCount):
      "KnowledgeGraph: relation \(relation) of fact \(position) is outside 0 ..< \(relationCount)"
    case .weightCount(let shape, let edges): "Graph: weights of shape \(shape) for \(edges) edges"
    case .weight(let position, let source, let target, let weight):
      "Graph: edge \(position) (\(source) → \(target)) has the weight \(weight); it has to be finite"
    case .featureRows(let shape, let axis, let nodes):
      "Graph: features of shape \(shape) have \(shape.rank > axis ? shape[axis] : 0) \(axis == 0 ? "rows" : "columns") for \(nodes) nodes"
    case .negativeDegree(let node, let degree):
      "Graph: node \(node) has the degree \(degree); it must not be negative"
    }
  }
}
