/// The gated graph convolution: a recurrent unit at every node reads the sum of its neighbours' states.
///
///     h₀ = [x, 0]
///     m[i] = Σ_j h_l[j] W_l          over the edges j → i
///     h_{l+1}[i] = GRU(m[i], h_l[i])
///
/// x: `[N, inputs]` with inputs ≤ D, h: `[N, D]`, W_l: `[D, D]`; the unit is a ``GRUCell``.
///
/// Source: Li, Tarlow, Brockschmidt & Zemel, *Gated Graph Sequence Neural Networks*, ICLR 2016, eqs. 1–6.
public struct GatedGraphConv: Layer {
  /// The weights W_l of the steps.
  public let weights: [Parameter]
  /// The recurrent unit.
  public let cell: GRUCell

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - width: D, the number of features of the state.
  ///   - steps: How many times the neighbours are read, at least 1.
  ///   - key: The place in the random sequence.
  public init(_ width: Int, steps: Int, key: RandomKey) {
    require(steps >= 1, "GatedGraphConv: \(steps) steps; there has to be at least 1")
    weights = (0..<steps).map { Parameter(Initializer.glorotUniform([width, width], key: key.stream($0))) }
    cell = GRUCell(width, width, key: key.stream(steps))
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`, at most D of them; missing ones are zeros.
  ///   - graph: The graph.
  /// - Returns: `[N, D]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("GatedGraphConv")
    let width = cell.units
    require(
      x.rank == 2 && x.shape[1] <= width, "GatedGraphConv: features of shape \(x.shape) do not fit a state of \(width)")
    let start = x.padded(before: [0, 0], after: [0, width - x.shape[1]])
    return weights.reduce(start) { h, weight in cell(graph.sum(.source(matmul(h, weight.wrappedValue))), h) }
  }
}
