/// The gated graph convolution: a recurrent unit at every node reads the sum of its neighbours' states.
///
///     h₀ = [x, 0]
///     m[i] = Σ_j h_l[j] W_l          over the edges j → i
///     r = σ(m U_r + b_r + h V_r + c_r),   z = σ(m U_z + b_z + h V_z + c_z)
///     n = tanh(m U_n + b_n + r ⊙ (h V_n + c_n)),   h_{l+1} = (1 − z) ⊙ n + z ⊙ h
///
/// x: `[N, inputs]` with inputs ≤ D, h: `[N, D]`, W_l: `[D, D]`; U and V hold the three gates side by side in the order r, z, n,
/// `[D, 3 D]`.
///
/// Source: Li, Tarlow, Brockschmidt & Zemel, *Gated Graph Sequence Neural Networks*, ICLR 2016, eqs. 1–6.
public struct GatedGraphConv: Layer {
  /// The weights W_l of the steps.
  public let weights: [Parameter]
  /// The maps U with b, and V with c, of the recurrent unit.
  public let message: Linear, state: Linear
  private let width: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - width: D, the number of features of the state.
  ///   - steps: How many times the neighbours are read, at least 1.
  ///   - key: The place in the random sequence.
  public init(_ width: Int, steps: Int, key: RandomKey) {
    require(steps >= 1, "GatedGraphConv: \(steps) steps; there has to be at least 1")
    weights = (0..<steps).map { Parameter(Initializer.glorotUniform([width, width], key: key.stream($0))) }
    message = Linear(width, 3 * width, key: key.stream(steps))
    state = Linear(width, 3 * width, key: key.stream(steps + 1))
    self.width = width
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`, at most D of them; missing ones are zeros.
  ///   - graph: The graph.
  /// - Returns: `[N, D]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    require(
      x.rank == 2 && x.shape[1] <= width, "GatedGraphConv: features of shape \(x.shape) do not fit a state of \(width)")
    let start = x.padded(before: [0, 0], after: [0, width - x.shape[1]])
    return weights.reduce(start) { h, weight in
      let m = graph.sum(.source(matmul(h, weight.wrappedValue)))
      let (a, b) = (message(m).chunked(by: width), state(h).chunked(by: width))
      let (r, z) = (sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1]))
      return (1 - z) * tanh(a[2] + r * b[2]) + z * h
    }
  }
}
