import Adjoint

extension CaseTable {
  /// Models of several graph layers with their losses.
  static let graphModels: [CaseRow] = [
    .outputs("two_layer_sage") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let (first, second) = (try run.sage("conv1."), try run.sage("conv2."))
      return try run.classification(run.tape.recording { second(relu(first(x, on: graph)), on: graph) })
    },
    .outputs("two_layer_gat") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let (first, second) = (try run.attention("conv1."), try run.attention("conv2."))
      return try run.classification(run.tape.recording { second(elu(first(x, on: graph)), on: graph) })
    },
    .outputs("gin_graph_classifier") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0]), count = try run.integer("graphs")
      let groups = try run.indices("batch", below: count)
      let (first, second) = (GINConv(try run.perceptron("conv1.nn.")), GINConv(try run.perceptron("conv2.nn.")))
      let shape = try run.parameter("head.weight").shape, head = Linear(shape[1], shape[0], key: run.key)
      try run.bind(head, to: "head.")
      let logits = run.tape.recording {
        head(relu(second(relu(first(x, on: graph)), on: graph)).scatterSum(to: groups, count: count))
      }
      let labels = try run.indices("target", below: shape[0])
      return ["logits": .values(logits), "loss": .values(softmaxCrossEntropy(logits: logits, labels))]
    },
    .outputs("link_prediction") { run in
      let x = try run["x"], graph = try run.graph(nodeCount: x.shape[0])
      let (first, second) = (try run.convolution("conv1."), try run.convolution("conv2."))
      let z = run.tape.recording { second(relu(first(x, on: graph)), on: graph) }
      let ends = try run.indices("pairs", below: x.shape[0]), count = ends.count / 2
      let sources = z.gatherRows(IndexArray(ends.prefix(count))), targets = z.gatherRows(IndexArray(ends.suffix(count)))
      let scores = (sources * targets).sum(along: 1)
      let loss = binaryCrossEntropy(logits: scores, try run["labels"])
      return ["z": .values(z), "scores": .values(scores), "loss": .values(loss)]
    },
  ]
}

extension CaseRun {
  /// Logits and their mean cross entropy over the training rows.
  fileprivate func classification(_ logits: Variable) throws -> [String: CaseOutput] {
    let labels = try indices("target", below: logits.shape[1]), rows = try indices("rows", below: logits.shape[0])
    return ["logits": .values(logits), "loss": .values(CaseTable.maskedCrossEntropy(logits, labels, rows, .mean))]
  }
}
