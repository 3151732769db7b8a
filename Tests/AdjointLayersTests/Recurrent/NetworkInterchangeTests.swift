import AdjointLayers
import Foundation
import Testing

/// Python with PyTorch and safetensors: the one that ADJOINT_PYTHON names, or python3; nil if it lacks one of them.
private let python: String? = {
  let name = ProcessInfo.processInfo.environment["ADJOINT_PYTHON"] ?? "python3"
  return (try? run(name, "probe")) == 0 ? name : nil
}()

private let script = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Interchange/networks.py").standardized.path()

/// Runs the script and gives back its exit status.
private func run(_ python: String, _ arguments: String...) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [python, script] + arguments
  if arguments == ["probe"] { process.standardError = FileHandle.nullDevice }
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

@Suite(.enabled(if: python != nil, "set ADJOINT_PYTHON to a Python with PyTorch and safetensors"))
struct `Networks are interchanged with PyTorch` {
  private let key = RandomKey(seed: 10)

  @Test func `and give the same outputs on both sides`() throws {
    let folder = try TemporaryFolder()
    #expect(try run(#require(python), "write", folder.path) == 0)
    let mlp = MLP([5, 16, 8, 3], key: key)
    try exchange("mlp", mlp, input: [7, 5], folder.path) { mlp($0) }
    let lstm = LSTM(5, 12, layers: 2, bidirectional: true, key: key)
    try exchange("lstm", lstm, input: [9, 4, 5], folder.path) { lstm($0).outputs }
    let gru = GRU(5, 12, layers: 2, bidirectional: true, key: key)
    try exchange("gru", gru, input: [9, 4, 5], folder.path) { gru($0).outputs }
    let rnn = RNN(5, 12, key: key)
    try exchange("rnn", rnn, input: [9, 4, 5], folder.path) { rnn($0).outputs }
    #expect(try run(#require(python), "check", folder.path) == 0)
  }

  /// Saves a network with an input and its output, then loads PyTorch's and compares the outputs.
  private func exchange(
    _ name: String, _ layer: some PyTorchLayer, input: Shape, _ folder: String, _ apply: (Variable) -> Variable
  ) throws {
    for (number, entry) in layer.parameters.enumerated() where entry.parameter.value.rank == 1 {
      entry.parameter.value = Tensor(normal: entry.parameter.value.shape, key: key.stream(number))
    }
    let x = Tensor(normal: input, key: key.stream(99))
    var tensors = ["x": x, "y": apply(Variable(x)).value]
    for (name, weight) in layer.pyTorchWeights { tensors["weights.\(name)"] = weight }
    try Safetensors(tensors).write(to: "\(folder)/adjoint_\(name).safetensors")

    let theirs = try Safetensors(file: "\(folder)/torch_\(name).safetensors").tensors
    var weights: [String: Tensor] = [:]
    for (name, tensor) in theirs where name.hasPrefix("weights.") { weights[String(name.dropFirst(8))] = tensor }
    try layer.load(pyTorchWeights: weights)
    let (x2, expected) = (try #require(theirs["x"]), try #require(theirs["y"]))
    #expect(abs(apply(Variable(x2)).value - expected).max().item() <= 1e-6, "\(name)")
  }
}
