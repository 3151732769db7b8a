/// The layer of GraphSAGE: what the neighbours say, and what the node itself says, each with weights of its own.
///
///     y[i] = AGG { x[j] : j → i } W + b + x[i] V              the sum form
///     y[i] = [ AGG { x[j] : j → i } W + b, x[i] V ]           the concatenation form, twice as wide
///
/// x: `[N, inputs]`, W, V: `[inputs, outputs]`, b: `[outputs]`. AGG is 0 where no edge arrives; a self-loop counts as a
/// neighbour. The paper's W · [x, AGG] is the sum form with its matrix cut into two blocks.
///
/// Source: Hamilton, Ying & Leskovec, *Inductive Representation Learning on Large Graphs*, NeurIPS 2017, algorithm 1, eq. 3.
public struct SAGEConv: Layer {
  /// How the neighbours' features become one row.
  public enum Aggregation: Sendable {
    /// A reduction of the features as they are.
    case reduction(Reduction)
    /// The maximum of max(x P + c, 0), P: `[inputs, inputs]`.
    case maxPooling
    /// What a long short-term memory of as many units as inputs remembers of the neighbours, one after another. It depends on
    /// their order, so that the layer is not equivariant.
    case lstm

    /// The mean of the neighbours.
    public static let mean = Aggregation.reduction(.mean)
    /// The sum over the neighbours.
    public static let sum = Aggregation.reduction(.sum)
    /// The elementwise maximum over the neighbours.
    public static let max = Aggregation.reduction(.max)
    /// The elementwise minimum over the neighbours.
    public static let min = Aggregation.reduction(.min)
  }

  /// The maps W with b, and V.
  public let neighbours: Linear, own: Linear
  /// The map before a pooled maximum.
  public let pool: Linear?
  /// The memory that reads the neighbours.
  public let memory: LSTMCell?
  private let reduction: Reduction
  private let concatenates, normalizes: Bool

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features; the concatenation form yields twice as many.
  ///   - aggregation: How the neighbours' features become one row.
  ///   - concatenates: Whether the two parts stand side by side instead of being added.
  ///   - normalizes: Whether every row is divided by its Euclidean norm (at least 10⁻¹²).
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, aggregation: Aggregation = .mean, concatenates: Bool = false,
    normalizes: Bool = false, key: RandomKey
  ) {
    neighbours = Linear(inputs, outputs, key: key.stream(0))
    own = Linear(inputs, outputs, bias: false, key: key.stream(1))
    (self.concatenates, self.normalizes) = (concatenates, normalizes)
    pool = if case .maxPooling = aggregation { Linear(inputs, inputs, key: key.stream(2)) } else { nil }
    memory = if case .lstm = aggregation { LSTMCell(inputs, inputs, key: key.stream(2)) } else { nil }
    reduction = if case .reduction(let reduction) = aggregation { reduction } else { .max }
  }

  /// Applies the layer. Where it can, it multiplies first and moves the narrower features along the edges.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for the order in which a memory reads neighbours; nil for the stored order.
  /// - Returns: `[N, outputs]`, or twice as wide.
  public func callAsFunction(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    applied(x, graph, key, rectified: false)
  }

  /// Applies the layer to the two sides of a bipartite graph.
  ///
  /// - Parameters:
  ///   - sources: The features of the sources, `[sourceCount, inputs]`.
  ///   - targets: The features of the targets, `[nodeCount, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for the order in which a memory reads neighbours; nil for the stored order.
  /// - Returns: A row for each target.
  public func callAsFunction(
    sources: Variable, targets: Variable, on graph: Graph, key: RandomKey? = nil
  ) -> Variable {
    applied(sources, targets: targets, graph, key, rectified: false)
  }

  /// Applies the layer and the rectified linear unit, max(y, 0). The sum form applies both in one pass over the result where it
  /// moves x itself along the edges and does not normalise.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for the order in which a memory reads neighbours; nil for the stored order.
  /// - Returns: `[N, outputs]`, or twice as wide.
  public func rectified(_ x: Variable, on graph: Graph, key: RandomKey? = nil) -> Variable {
    applied(x, graph, key, rectified: true)
  }

  /// Applies the layer and the rectified linear unit to the two sides of a bipartite graph.
  ///
  /// - Parameters:
  ///   - sources: The features of the sources, `[sourceCount, inputs]`.
  ///   - targets: The features of the targets, `[nodeCount, inputs]`.
  ///   - graph: The graph.
  ///   - key: The place in the random sequence for the order in which a memory reads neighbours; nil for the stored order.
  /// - Returns: A row for each target.
  public func rectified(
    sources: Variable, targets: Variable, on graph: Graph, key: RandomKey? = nil
  ) -> Variable {
    applied(sources, targets: targets, graph, key, rectified: true)
  }

  /// The layer, or max(y, 0) of it; without `targets` these are the sources.
  func applied(
    _ sources: Variable, targets: Variable? = nil, _ graph: Graph, _ key: RandomKey?, rectified: Bool
  ) -> Variable {
    if targets == nil { graph.requireOneKind("SAGEConv", instead: Self.instead) }
    let weight = neighbours.weight, bias = neighbours.bias?.wrappedValue, outputs = weight.shape[1]
    let y: Variable
    if isLinear && outputs < weight.shape[0] {
      if let targets {
        y = joined(moved(matmul(sources, weight), graph), own(targets))
      } else {
        // One product for both, so that x is read once.
        checkProduct(sources, weight, false, false, operation: "matmul")
        let both = matmul(sources, concatenate(weight, own.weight))
        y = joined(moved(both.slice(0..<outputs, along: 1), graph), both.slice(outputs..<2 * outputs, along: 1))
      }
    } else {
      let message = Endpoint.source(pool.map { $0.rectified(sources) } ?? sources), targets = targets ?? sources
      let read =
        memory.map { graph.reduce(message, by: $0, shuffled: key) } ?? message.reduced(by: reduction, on: graph)
      if rectified && !concatenates && !normalizes {
        return rectifiedLinear(read, weight, bias, plus: targets, own.weight)
      }
      y =
        concatenates
        ? joined(neighbours(read), own(targets)) : normalized(linear(read, weight, bias, plus: targets, own.weight))
    }
    return rectified ? relu(y) : y
  }

  /// Applies the layer to sparse features, at the cost of their stored entries; sum and mean alone.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, a sparse matrix of shape `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`, or twice as wide.
  public func callAsFunction(_ x: SparseMatrix, on graph: Graph) -> Variable {
    graph.requireOneKind("SAGEConv", instead: "; make the features dense, and pass sources and targets apart")
    let aggregation = memory == nil ? "\(reduction)" : "a memory"
    require(isLinear, "SAGEConv: sparse features go with a sum or a mean; make them dense for \(aggregation)")
    return joined(moved(matmul(x, neighbours.weight), graph), own(x))
  }

  private static let instead = "; pass sources and targets apart"
  private var isLinear: Bool { pool == nil && memory == nil && (reduction == .sum || reduction == .mean) }

  private func moved(_ h: Variable, _ graph: Graph) -> Variable {
    let total = Endpoint.source(h).reduced(by: reduction, on: graph)
    return neighbours.bias.map { total + $0.wrappedValue } ?? total
  }

  private func joined(_ a: Variable, _ b: Variable) -> Variable { normalized(concatenates ? concatenate(a, b) : a + b) }

  private func normalized(_ y: Variable) -> Variable {
    normalizes ? y / max(y.norm(along: 1, keepingAxes: true), 1e-12) : y
  }
}
