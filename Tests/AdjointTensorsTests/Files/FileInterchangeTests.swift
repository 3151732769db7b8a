import AdjointTensors
import Foundation
import Testing

/// Python with numpy and safetensors: the one that ADJOINT_PYTHON names, or python3; nil if it lacks one of them.
private let python: String? = {
  let name = ProcessInfo.processInfo.environment["ADJOINT_PYTHON"] ?? "python3"
  return (try? run(name, "probe")) == 0 ? name : nil
}()

private let script = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Interchange/files.py").standardized.path()

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

@Suite(.enabled(if: python != nil, "set ADJOINT_PYTHON to a Python with numpy and safetensors"))
struct `Files are interchanged with Python` {
  private func expected() -> [String: Tensor] {
    let values = (0..<24).map { Double($0) / 7 - 1 }
    return [
      "float32": Tensor(values, shape: [2, 3, 4], dtype: .float32),
      "float64": Tensor(values, shape: [2, 3, 4], dtype: .float64),
      "int64": Tensor([-3, -2, -1, 0, 1, 2], dtype: .float64),
      "uint8": Tensor([250, 251, 252, 253, 254, 255], dtype: .float32), "bool": Tensor([1, 0], dtype: .float32),
      "int16": Tensor([-32768, 32767], shape: [1, 2], dtype: .float32),
      "uint32": Tensor([4_294_967_295], dtype: .float64), "single": Tensor(.pi, dtype: .float64),
      "empty": Tensor(zeros: [0, 3], dtype: .float32),
    ]
  }

  @Test func `from there`() throws {
    let folder = try TemporaryFolder()
    #expect(try run(#require(python), "write", folder.path) == 0)
    let read = try Safetensors(file: "\(folder.path)/python.safetensors")
    #expect(read.metadata == ["format": "np", "note": "é \"quoted\"\n"])
    #expect(read.tensors.count == 10)
    for (name, tensor) in expected() {
      #expect(read.tensors[name]?.isIdentical(to: tensor) ?? false, "\(name)")
      for suffix in ["", "-columns", "-big", "-three"] {
        let array = try Tensor(npy: "\(folder.path)/python-\(name)\(suffix).npy")
        #expect(array.isIdentical(to: tensor), "\(name)\(suffix)")
      }
    }
    let half = try #require(read.tensors["float16"]), full = try #require(read.tensors["float32"])
    #expect(half.dtype == .float32 && half.shape == full.shape)
    for (a, b) in zip(half.scalars(as: Double.self), full.scalars(as: Double.self)) { #expect(abs(a - b) < 1e-3) }
  }

  @Test func `to there`() throws {
    let folder = try TemporaryFolder()
    let tensors = expected().filter { ["float32", "float64", "single", "empty"].contains($0.key) }
    try Safetensors(tensors, metadata: ["note": "é \"quoted\"\n\\"]).write(to: "\(folder.path)/swift.safetensors")
    for (name, tensor) in tensors { try tensor.write(npy: "\(folder.path)/swift-\(name).npy") }
    try IndexArray([3, -1, 5]).write(npy: "\(folder.path)/swift-labels.npy")
    #expect(try run(#require(python), "check", folder.path) == 0)
  }
}
