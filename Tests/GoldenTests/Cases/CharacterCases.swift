import Adjoint
import Foundation

extension CaseTable {
  /// A training run on text.
  static let characters: [CaseRow] = [
    .outputs("char_lstm") { run in
      let vocabulary = try run.integer("vocabulary"), codes = try run.characterCodes(vocabulary: vocabulary)
      let list = run.optional("parameters")?.array ?? []
      let shapes = list.compactMap { $0.array?.last?.integers }
      let names = list.compactMap { $0.array?.first?.string }
      guard names == ["W_ih", "W_hh", "b", "W", "c"], shapes.map(\.count) == [2, 2, 1, 2, 1] else {
        throw CaseError.malformed("attribute parameters does not list W_ih, W_hh, b, W and c with their shapes")
      }
      let network = LSTM(vocabulary, shapes[1][1], bias: .single, key: RandomKey(seed: 0))
      let cell = network.layers[0].forward, head = Linear(shapes[3][1], vocabulary, key: RandomKey(seed: 0))
      guard let bias = cell.input.bias, let headBias = head.bias else { return [:] }
      let parameters = [cell.input.$weight, cell.state.$weight, bias, head.$weight, headBias]
      let seed = try run.integer("seed")
      for (position, parameter) in parameters.enumerated() {
        let value = run.recurrence(shapes[position], seed: seed + position)
        parameter.value = value.rank == 2 ? value.transposed() : value
      }
      // Row r reads bytes 64 r … 64 r + 31, time first.
      let (rows, steps) = (16, 32)
      func window(_ offset: Int) -> IndexArray {
        IndexArray((0..<steps).flatMap { time in (0..<rows).map { codes[64 * $0 + time + offset] } })
      }
      let x = oneHot(window(0), classes: vocabulary, dtype: run.dtype).reshaped(to: [steps, rows, vocabulary])
      let targets = window(1), optimizer = Adam(learningRate: try run.number("lr"))
      let norms = run.optional("gradient_norms_at_start")?.object ?? [:]
      var losses: [Tensor] = []
      for step in 0..<(try run.integer("steps")) {
        let (loss, gradients) = valueWithGradients {
          softmaxCrossEntropy(logits: head(network(x).outputs.reshaped(to: [steps * rows, shapes[3][1]])), targets)
        }
        losses.append(loss.value)
        for (name, parameter) in zip(names, parameters) where step == 0 {
          let norm = sqrt(square(gradients[parameter].value).sum()).item()
          guard let golden = norms[name]?.number else {
            throw CaseError.malformed("gradient_norms_at_start lacks \(name)")
          }
          if !agrees(norm, golden, run.tolerance) {
            run.problems.append("norm of the first gradient of \(name): \(norm), golden \(golden)")
          }
        }
        for parameter in parameters { optimizer.update(parameter, with: gradients[parameter].value) }
      }
      return ["loss": .values(Variable(stack(losses)))]
    }
  ]
}

extension CaseRun {
  /// The first bytes of the text, each as its rank among the distinct bytes of the whole file.
  fileprivate func characterCodes(vocabulary: Int) throws -> [Int] {
    let named = ProcessInfo.processInfo.environment["ADJOINT_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    let data =
      named.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? URL(filePath: #filePath).appending(path: "../../../../../shared/data").standardized
    let file = data.appending(path: "tinyshakespeare/input.txt")
    guard let bytes = try? Data(contentsOf: file) else {
      throw CaseError.unsupported("there is no \(file.path(percentEncoded: false)); ADJOINT_DATA names the data folder")
    }
    let distinct = Set(bytes).sorted()
    guard distinct.count == vocabulary, bytes.count > 1024 else {
      throw CaseError.malformed("\(file.path(percentEncoded: false)) has \(distinct.count) distinct bytes")
    }
    let ranks = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    return bytes.prefix(1025).compactMap { ranks[$0] }
  }
}
