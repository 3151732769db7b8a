import AdjointLayers
import Foundation
import Testing

/// How many saves are killed before they are complete: a few here, as many as ADJOINT_KILLS says in Tests/Kills/run.sh.
private let kills = ProcessInfo.processInfo.environment["ADJOINT_KILLS"].flatMap { Int($0) } ?? 4

/// A large tensor that tells which epoch it is of, in every element.
private func content(_ epoch: Int) -> Tensor { Tensor(repeating: Double(epoch), shape: [512, 512]) }

private struct Blob: Layer {
  @Parameter var values: Variable
  init() { _values = Parameter(content(0)) }
}

@Suite struct `Killing a save` {
  @Test func `never loses the checkpoint before`() async throws {
    let folder = try TemporaryFolder(), file = folder.path + "/run.safetensors"
    let blob = Blob()
    var (epoch, last, attempts) = (0, 0, 0)
    var interrupted: Set<String> = []
    let checkpoint = Checkpoint(file) { parts in
      parts.include(blob)
      parts.include("epoch", &epoch)
    }
    try checkpoint.save()
    while interrupted.count < kills && attempts < 50 * kills {
      attempts += 1
      await #expect(processExitsWith: .signal(SIGKILL)) {
        // Sooner or later, so that slow machines come to their saves, too.
        [file = file as String, moments = UInt32(20_000 * (1 + attempts % 4)) as UInt32] in
        let blob = Blob()
        var epoch = 0
        let checkpoint = Checkpoint(file) { parts in
          parts.include(blob)
          parts.include("epoch", &epoch)
        }
        try checkpoint.load()
        Thread.detachNewThread {
          usleep(UInt32.random(in: 0..<moments))
          kill(getpid(), SIGKILL)
        }
        while true {
          epoch += 1
          blob.$values.value = content(epoch)
          try checkpoint.save()
        }
      }
      let remains = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      interrupted.formUnion(remains.filter { $0.contains(".partial-") })
      try checkpoint.load()
      #expect(epoch >= last && blob.values.value.isIdentical(to: content(epoch)))
      #expect(remains.count <= 2, "\(remains)")
      last = epoch
    }
    let report = "\(attempts) kills, \(interrupted.count) of them during a save; \(epoch) saves were completed"
    if kills >= 20 { print(report) }
    #expect(interrupted.count == kills, "too few: \(report)")
  }
}
