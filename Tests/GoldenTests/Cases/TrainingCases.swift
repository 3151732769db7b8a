import Adjoint
import Foundation

extension CaseTable {
  /// Whole training runs.
  static let training: [CaseRow] = [
    .outputs("karate_gcn") { run in
      let graph = KarateClub.graph, labels = KarateClub.labels
      let features = Variable(Tensor.eye(graph.nodeCount, dtype: run.dtype))
      let model = try run.model { GCN($0, hidden: $1, classes: $2, dropout: 0, activation: { tanh($0) }, key: $3) }
      let optimizer = SGD(learningRate: try run.number("lr"))
      let start = model(features, on: graph)
      let losses = try run.losses(model) {
        maskedCrossEntropy(model(features, on: graph), labels, [0, 33], .mean)
      } update: {
        optimizer.update(model, with: $0)
      }
      let end = model(features, on: graph)
      try run.expect("final_accuracy", accuracy(end, labels, labels.indices), within: 0)
      return ["loss": .values(losses), "logits_start": .values(start), "logits_end": .values(end)]
    },
    .outputs("cora_gcn") { run in
      let cora = try Cora.load().get()
      let features = cora.features(dtype: run.dtype)
      let model = try run.model { GCN($0, hidden: $1, classes: $2, dropout: 0, key: $3) }
      let rate = try run.number("lr")
      let (hidden, output) = (Adam(learningRate: rate, weightDecay: 5e-4), Adam(learningRate: rate))
      let start = model(features, on: cora.graph)
      let training = IndexArray(cora.train)
      let losses = try run.losses(model) {
        maskedCrossEntropy(model(features, on: cora.graph), cora.labels, training, .mean)
      } update: {
        hidden.update(model.hidden, with: $0)
        output.update(model.output, with: $0)
      }
      let end = model(features, on: cora.graph)
      for (name, nodes) in [("train", cora.train), ("val", cora.validation), ("test", cora.test)] {
        try run.expect("final_\(name)_accuracy", accuracy(end, cora.labels, nodes), within: 0.005)
      }
      return ["loss": .values(losses), "logits_start_first5": .values(start.rows(0..<5))]
    },
    .outputs("digits_mlp") { run in
      let (pixels, labels) = try digits(run.dtype), training = 0..<1437, test = 1437..<1797
      let model = try run.model { MLP([$0, $1, $2], key: $3) }
      let optimizer = SGD(learningRate: try run.number("lr"), momentum: try run.number("momentum"))
      let x = pixels.rows(training), y = IndexArray(labels[training])
      let losses = try run.losses(model) {
        softmaxCrossEntropy(logits: model(x), y)
      } update: {
        optimizer.update(model, with: $0)
      }
      let end = model(pixels), all = IndexArray(labels)
      try run.expect("final_train_accuracy", accuracy(end, all, training), within: 0.01)
      try run.expect("final_test_accuracy", accuracy(end, all, test), within: 0.01)
      return ["loss": .values(losses)]
    },
    .outputs("mutag_gin") { run in
      let (molecules, labels) = try molecules(run.dtype), x = Variable(molecules.nodes.values("x"))
      let shapes = try run.shapes(of: ["A1", "a1", "B1", "b1", "A2", "a2", "B2", "b2", "C", "c"])
      let model = GINClassifier(
        shapes[0][1], hidden: shapes[0][0], layers: 2, classes: shapes[8][0], isNormalized: false,
        readsEveryLayer: false, dropout: 0, key: run.key)
      try run.initialize(model, shapes)
      let optimizer = Adam(learningRate: try run.number("lr"))
      let start = model(x, on: molecules)
      let losses = try run.losses(model) {
        softmaxCrossEntropy(logits: model(x, on: molecules), labels)
      } update: {
        optimizer.update(model, with: $0)
      }
      try run.expect("final_accuracy", accuracy(model(x, on: molecules), labels, labels.indices), within: 0.01)
      return ["loss": .values(losses), "logits_start_first5": .values(start.rows(0..<5))]
    },
  ]

  /// All graphs of MUTAG side by side, with one-hot node labels, and their classes.
  private static func molecules(_ dtype: DType) throws -> (GraphBatch, IndexArray) {
    let folder = dataFolder.appending(path: "mutag").path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CaseError.unsupported("there is no \(folder); ADJOINT_DATA names the folder above it")
    }
    do {
      let mutag = try GraphCollection(folder: folder, name: "MUTAG", dtype: dtype)
      return (GraphBatch(mutag.graphs), mutag.labels)
    } catch { throw CaseError.malformed("\(error)") }
  }

  /// The digits' pixels, divided by 16, and what they show.
  private static func digits(_ dtype: DType) throws -> (Variable, [Int]) {
    let file = dataFolder.appending(path: "digits/digits.csv")
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
      throw CaseError.unsupported(
        "there is no \(file.path(percentEncoded: false)); ADJOINT_DATA names the folder above digits")
    }
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: ",").compactMap { Int($0) }
    }
    guard rows.count == 1797, rows.allSatisfy({ $0.count == 65 }) else {
      throw CaseError.malformed("\(file.path(percentEncoded: false)) is not 1797 lines of 65 numbers")
    }
    let pixels = Tensor(rows.flatMap { $0.dropLast().map { Double($0) / 16 } }, shape: [1797, 64], dtype: dtype)
    return (Variable(pixels), rows.map { $0[64] })
  }

  /// The part of some nodes whose largest logit is that of their class.
  private static func accuracy(_ logits: Variable, _ labels: IndexArray, _ nodes: some Collection<Int>) -> Double {
    let predicted = logits.value.argmax(along: 1)
    return Double(nodes.count { predicted[$0] == labels[$0] }) / Double(nodes.count)
  }
}

extension CaseRun {
  /// A two-layer network whose parameters are made as the description says: the matrices by an integer recurrence.
  fileprivate func model<Model: Layer>(
    _ make: (_ inputs: Int, _ hidden: Int, _ classes: Int, RandomKey) -> Model
  ) throws -> Model {
    let shapes = try shapes(of: ["W1", "b1", "W2", "b2"])
    let model = make(shapes[0][1], shapes[0][0], shapes[2][0], key)
    try initialize(model, shapes)
    return model
  }

  /// The shapes that the attribute parameters lists for these matrices and vectors in turn.
  fileprivate func shapes(of names: [String]) throws -> [[Int]] {
    let shapes = parameterList.compactMap { $0.array?.last?.integers }
    guard parameterNames == names, shapes.map(\.count) == names.indices.map({ $0 % 2 == 0 ? 2 : 1 }) else {
      throw CaseError.malformed("attribute parameters does not list \(names.joined(separator: ", ")) with their shapes")
    }
    return shapes
  }

  private var parameterList: [JSON] { optional("parameters")?.array ?? [] }
  private var parameterNames: [String] { parameterList.compactMap { $0.array?.first?.string } }

  /// Gives a network's parameters, in their order, the numbers that the description says.
  fileprivate func initialize(_ model: some Layer, _ shapes: [[Int]]) throws {
    let seed = try integer("seed")
    for (position, entry) in model.parameters.enumerated() {
      let value = recurrence(shapes[position], seed: seed + position)
      entry.parameter.value = value.rank == 2 ? value.transposed() : value
    }
  }

  /// A matrix of numbers by the integer recurrence of the training runs; a vector of zeros.
  func recurrence(_ shape: [Int], seed: Int) -> Tensor {
    if shape.count == 1 { return Tensor(zeros: Shape(shape), dtype: dtype) }
    let bound = (6 / Double(shape[0] + shape[1])).squareRoot()
    var state = UInt32(truncatingIfNeeded: seed)
    let values = (0..<shape[0] * shape[1]).map { _ in
      state = 1_664_525 &* state &+ 1_013_904_223
      return (2 * Double(state) / 4_294_967_296 - 1) * bound
    }
    return Tensor(values, shape: Shape(shape), dtype: dtype)
  }

  /// Trains for the given number of steps and compares the norms of the first gradients.
  ///
  /// - Returns: The loss before each step.
  fileprivate func losses(
    _ model: some Layer, _ loss: () -> Variable, update: (Gradients) -> Void
  ) throws -> Variable {
    var losses: [Tensor] = []
    for step in 0..<(try integer("steps")) {
      let (value, gradients) = valueWithGradients(loss)
      losses.append(value.value)
      if step == 0 { try expectNorms(model, gradients) }
      update(gradients)
    }
    return Variable(stack(losses))
  }

  private func expectNorms(_ model: some Layer, _ gradients: Gradients) throws {
    let norms = optional("gradient_norms_at_start")?.object ?? [:]
    for (name, entry) in zip(parameterNames, model.parameters) {
      guard let golden = norms[name]?.number else { throw CaseError.malformed("gradient_norms_at_start lacks \(name)") }
      let norm = sqrt(square(gradients[entry.parameter].value).sum()).item()
      if !agrees(norm, golden, tolerance) {
        problems.append("norm of the first gradient of \(name): \(norm), golden \(golden)")
      }
    }
  }

  /// Compares a number with an attribute.
  fileprivate func expect(_ attribute: String, _ value: Double, within distance: Double) throws {
    let golden = try number(attribute)
    if !agrees(value, golden, Tolerance(relative: 0, absolute: distance + 1e-9)) {
      problems.append("\(attribute): \(value), golden \(golden)")
    }
  }
}
