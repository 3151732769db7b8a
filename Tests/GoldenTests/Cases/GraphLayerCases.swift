import Adjoint

extension CaseTable {
  /// Graph layers, one by one.
  static let graphLayers: [CaseRow] = [
    CaseRow("sage_conv_mean", "sage_conv_max", "sage_conv_sum", "sage_conv_mean_normalized") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let normalizes = run.golden.name.hasSuffix("normalized")
      let layer = try run.sage("", reduction: run.reduction(), normalizes: normalizes)
      return run.tape.recording { layer(x, on: graph) }
    },
    CaseRow("graph_conv_add", "graph_conv_mean", "graph_conv_max") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let shape = try run.parameter("lin_rel.weight").shape
      let layer = GraphConv(shape[1], shape[0], reduction: try run.reduction(), key: run.key)
      try run.bind(layer.neighbours, to: "lin_rel.")
      try run.bind(layer.own, to: "lin_root.")
      let weights = try run["edge_weight"].gatherRows(graph.edgeOrder)
      return run.tape.recording { layer(x, on: graph, weights: weights) }
    },
    CaseRow("gat_conv_concat", "gat_conv_mean") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let layer = try run.attention(
        "", concatenates: run.flag("concat"), slope: run.number("negative_slope"), heads: run.integer("heads"))
      return run.tape.recording { layer(x, on: graph) }
    },
    .outputs("gat_conv_attention") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let layer = try run.attention(
        "", concatenates: run.flag("concat"), slope: run.number("negative_slope"), heads: run.integer("heads"))
      let (y, weights) = run.tape.recording { (layer(x, on: graph), layer.attention(x, on: graph)) }
      // The given edges without self-loops, then a loop for each node.
      let looped = graph.addingSelfLoops(), n = graph.nodeCount
      let given = (0..<graph.edgeCount).sorted { graph.edgeOrder[$0] < graph.edgeOrder[$1] }
      let edges =
        given.map { (graph.sources[$0], graph.targets[$0]) }.filter { $0.0 != $0.1 } + (0..<n).map { ($0, $0) }
      let places = edges.compactMap { edge in
        (0..<looped.edgeCount).first { (looped.sources[$0], looped.targets[$0]) == edge }
      }
      return [
        "y": .values(y), "attention": .values(weights.gatherRows(IndexArray(places))),
        "attention_edges": .integers(edges.map(\.0) + edges.map(\.1), shape: [2, edges.count]),
      ]
    },
    CaseRow("gin_conv", "gin_conv_zero_eps") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let isTrained = run.golden.parameters["eps"] != nil
      let layer = GINConv(
        try run.perceptron("nn."), epsilon: try run.number("eps", default: 0), trainsEpsilon: isTrained)
      if let epsilon = layer.trainedEpsilon { try run.bind(epsilon, to: "eps") }
      return run.tape.recording { layer(x, on: graph) }
    },
    CaseRow("cheb_conv_k1", "cheb_conv_k2", "cheb_conv_k3") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0]), taps = try run.integer("K")
      let shape = try run.parameter("lins.0.weight").shape
      let layer = ChebConv(shape[1], shape[0], taps: taps, key: run.key)
      for k in 0..<taps { try run.bind(layer.weights[k], to: "lins.\(k).weight", isTransposed: true) }
      try run.bind(layer.$bias, to: "bias")
      return run.tape.recording { layer(x, on: graph) }
    },
    CaseRow("sg_conv") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let shape = try run.parameter("lin.weight").shape
      let layer = SGConv(shape[1], shape[0], hops: try run.integer("K"), key: run.key)
      try run.bind(layer.map, to: "lin.")
      return run.tape.recording { layer(x, on: graph) }
    },
    CaseRow("gated_graph_conv") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0]), steps = try run.integer("layers")
      let layer = GatedGraphConv(try run.parameter("weight").shape[2], steps: steps, key: run.key)
      try run.bind(layer.weights, to: "weight")
      try run.bind(layer.cell.input.$weight, to: "rnn.weight_ih", isTransposed: true)
      try run.bind(layer.cell.state.$weight, to: "rnn.weight_hh", isTransposed: true)
      if let bias = layer.cell.input.bias { try run.bind(bias, to: "rnn.bias_ih") }
      if let bias = layer.cell.state.bias { try run.bind(bias, to: "rnn.bias_hh") }
      return run.tape.recording { layer(x, on: graph) }
    },
    CaseRow("edge_conv_max", "edge_conv_mean", "edge_conv_sum") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let layer = EdgeConv(try run.perceptron("nn."), reduction: try run.reduction())
      return run.tape.recording { layer(x, on: graph) }
    },
    CaseRow("lecture_layer") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0]), shape = try run.parameter("W").shape
      let layer = MeanConv(shape[1], shape[0], key: run.key)
      try run.bind(layer.$neighbourWeight, to: "W", isTransposed: true)
      try run.bind(layer.$ownWeight, to: "B", isTransposed: true)
      return run.tape.recording { relu(layer(x, on: graph)) }
    },
    CaseRow("deep_sets") { run in
      let x = try run["x"], count = try run.integer("graphs"), groups = try run.indices("batch", below: count)
      let (inner, outer) = (try run.perceptron("local_nn."), try run.perceptron("global_nn."))
      return run.tape.recording { outer(inner(x).scatterSum(to: groups, count: count)) }
    },
    CaseRow("global_sum_pool") { try $0["x"].scatterSum(to: $0.groups(), count: $0.integer("graphs")) },
    CaseRow("global_mean_pool") { try $0["x"].scatterMean(to: $0.groups(), count: $0.integer("graphs")) },
    CaseRow("global_max_pool") { try $0["x"].scatterMax(to: $0.groups(), count: $0.integer("graphs")) },
  ]
}

extension CaseRun {
  /// For layers whose weights are replaced.
  var key: RandomKey { RandomKey(seed: 0) }

  /// What the attribute aggregation says.
  func reduction() throws -> Reduction {
    let name = try text("aggregation")
    guard let reduction = Reduction(rawValue: name == "add" ? "sum" : name) else {
      throw CaseError.unsupported("aggregation \(name)")
    }
    return reduction
  }

  fileprivate func groups() throws -> IndexArray { try indices("batch", below: integer("graphs")) }

  /// Puts a map into a layer's.
  func bind(_ layer: Linear, to path: String) throws {
    try bind(layer.$weight, to: path + "weight", isTransposed: true)
    if let bias = layer.bias { try bind(bias, to: path + "bias") }
  }

  /// The perceptron of two maps with a rectifier between them that stands under `path` in the file.
  func perceptron(_ path: String) throws -> MLP {
    let (first, second) = (try parameter(path + "0.weight").shape, try parameter(path + "2.weight").shape)
    let network = MLP([first[1], first[0], second[0]], key: key)
    for (position, layer) in network.layers.enumerated() { try bind(layer, to: "\(path)\(2 * position).") }
    return network
  }

  /// The layer whose parameters stand under `path` in the file.
  func sage(_ path: String, reduction: Reduction = .mean, normalizes: Bool = false) throws -> SAGEConv {
    let shape = try parameter(path + "lin_l.weight").shape
    let layer = SAGEConv(shape[1], shape[0], aggregation: .reduction(reduction), normalizes: normalizes, key: key)
    try bind(layer.neighbours, to: path + "lin_l.")
    try bind(layer.own, to: path + "lin_r.")
    return layer
  }

  /// The layer whose parameters stand under `path` in the file.
  func attention(_ path: String, concatenates: Bool = true, slope: Double = 0.2, heads: Int? = nil) throws -> GATConv {
    let vectors = try parameter(path + "att_src").shape, inputs = try parameter(path + "lin.weight").shape[1]
    guard heads ?? vectors[1] == vectors[1] else { throw CaseError.malformed("there are not \(heads ?? 0) heads") }
    let layer = GATConv(
      inputs, vectors[2], heads: vectors[1], concatenates: concatenates, slope: slope, key: key)
    try bind(layer.$weight, to: path + "lin.weight", isTransposed: true)
    try bind(layer.$attentionSource, to: path + "att_src")
    try bind(layer.$attentionTarget, to: path + "att_dst")
    try bind(layer.$bias, to: path + "bias")
    return layer
  }
}
