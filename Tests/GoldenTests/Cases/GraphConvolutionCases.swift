import Adjoint

extension CaseTable {
  /// Graph convolutions and models made of them.
  static let graphConvolutions: [CaseRow] = [
    CaseRow("gcn_conv", "gcn_conv_undirected", "gcn_conv_weighted", "gcn_conv_improved") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0]), layer = try run.convolution("")
      guard run.hasInput("edge_weight") else { return run.tape.recording { layer(x, on: graph) } }
      let weights = try run["edge_weight"].gatherRows(graph.edgeOrder)
      let loopWeight = try run.number("self_loop_weight", default: 1)
      return run.tape.recording { layer(x, on: graph, weights: weights, loopWeight: loopWeight) }
    },
    CaseRow("gcn_conv_no_self_loops") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let h = try matmul(x, run.parameter("lin.weight"), transposingRight: true)
      return try graph.sum(graph.symmetricWeights * .source(h)) + run.parameter("bias")
    },
    CaseRow("gcn_conv_unnormalized") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let h = try matmul(x, run.parameter("lin.weight"), transposingRight: true)
      return try graph.sum(.source(h)) + run.parameter("bias")
    },
    .outputs("two_layer_gcn") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let (hidden, output) = (try run.convolution("conv1."), try run.convolution("conv2."))
      let logits = run.tape.recording { output(relu(hidden(x, on: graph)), on: graph) }
      let targets = try run.indices("target", below: logits.shape[1])
      let rows = try run.indices("rows", below: x.shape[0])
      return ["logits": .values(logits), "loss": .values(maskedCrossEntropy(logits, targets, rows, .mean))]
    },
  ]
}

extension CaseRun {
  /// The layer whose parameters stand under `path` in the file.
  func convolution(_ path: String) throws -> GCNConv {
    let shape = try parameter(path + "lin.weight").shape
    let layer = GCNConv(shape[1], shape[0], key: RandomKey(seed: 0))
    try bind(layer.$weight, to: path + "lin.weight", isTransposed: true)
    try bind(layer.$bias, to: path + "bias")
    return layer
  }
}
