import AdjointLayers
import Foundation
import Testing

/// This side of Tests/Interchange/run.sh, which names a folder; skipped without one.
@Suite struct `Interchange with PyTorch` {
  static let folder = ProcessInfo.processInfo.environment["ADJOINT_INTERCHANGE"]
  private let key = RandomKey(seed: 10)

  @Test(.enabled(if: folder != nil, "run Tests/Interchange/run.sh, which needs PyTorch"))
  func `networks give the same outputs on both sides`() throws {
    let mlp = MLP([5, 16, 8, 3], key: key)
    try exchange("mlp", mlp, input: [7, 5]) { mlp($0) }
    let lstm = LSTM(5, 12, layers: 2, bidirectional: true, key: key)
    try exchange("lstm", lstm, input: [9, 4, 5]) { lstm($0).outputs }
    let gru = GRU(5, 12, layers: 2, bidirectional: true, key: key)
    try exchange("gru", gru, input: [9, 4, 5]) { gru($0).outputs }
    let rnn = RNN(5, 12, key: key)
    try exchange("rnn", rnn, input: [9, 4, 5]) { rnn($0).outputs }
  }

  /// Saves a network with an input and its output, then loads PyTorch's and compares the outputs.
  private func exchange(
    _ name: String, _ layer: some PyTorchLayer, input: Shape, _ apply: (Variable) -> Variable
  ) throws {
    let folder = try #require(Self.folder)
    for (number, entry) in layer.parameters.enumerated() where entry.parameter.value.rank == 1 {
      entry.parameter.value = Tensor(normal: entry.parameter.value.shape, key: key.stream(number))
    }
    let x = Tensor(normal: input, key: key.stream(99))
    var tensors = ["x": x, "y": apply(Variable(x)).value]
    for (name, weight) in layer.pyTorchWeights { tensors["weights.\(name)"] = weight }
    try write(tensors, to: "\(folder)/adjoint_\(name).safetensors")

    let theirs = try read("\(folder)/torch_\(name).safetensors")
    var weights: [String: Tensor] = [:]
    for (name, tensor) in theirs where name.hasPrefix("weights.") { weights[String(name.dropFirst(8))] = tensor }
    try layer.load(pyTorchWeights: weights)
    let (x2, expected) = (try #require(theirs["x"]), try #require(theirs["y"]))
    let difference = abs(apply(Variable(x2)).value - expected).max().item()
    print("\(name): saved by PyTorch, outputs here differ by \(difference)")
    #expect(difference <= 1e-6)
  }

  /// Writes single-precision tensors as a safetensors file: the length of a header, the header, the numbers.
  private func write(_ tensors: [String: Tensor], to file: String) throws {
    var (header, body) = ([String: [String: Any]](), Data())
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = body.count
      for number in tensor.scalars(as: Float.self) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { body.append(contentsOf: $0) }
      }
      header[name] = ["dtype": "F32", "shape": Array(tensor.shape), "data_offsets": [start, body.count]]
    }
    let text = try JSONSerialization.data(withJSONObject: header)
    let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
    try (length + text + body).write(to: URL(filePath: file))
  }

  /// Reads such a file.
  private func read(_ file: String) throws -> [String: Tensor] {
    let data = try Data(contentsOf: URL(filePath: file))
    let length = Int(data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
    let header = try #require(
      try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
    return try header.filter { $0.key != "__metadata__" }.mapValues { entry in
      let shape = try #require(entry["shape"] as? [Int]), offsets = try #require(entry["data_offsets"] as? [Int])
      let numbers = stride(from: offsets[0], to: offsets[1], by: 4).map { offset -> Float in
        data.withUnsafeBytes {
          Float(
            bitPattern: UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 8 + length + offset, as: UInt32.self)))
        }
      }
      return Tensor(numbers, shape: Shape(shape))
    }
  }
}
