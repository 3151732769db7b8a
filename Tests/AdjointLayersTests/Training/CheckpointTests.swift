import AdjointLayers
import Foundation
import Testing

/// Everything that changes in a small training run.
private final class Run {
  let model = MLP([4, 6, 3], key: RandomKey(seed: 1))
  let optimizer: any Optimizer
  var keys = RandomStream(RandomKey(seed: 2))
  var step = 0
  var losses: [Double] = []

  init(_ optimizer: any Optimizer) { self.optimizer = optimizer }

  /// Takes steps with random examples and dropout.
  func train(to end: Int) {
    while step < end {
      let x = Variable(Tensor(normal: [8, 4], key: keys.next())), key = keys.next()
      let labels = IndexArray((0..<8).map { ($0 + step) % 3 })
      let (loss, gradients) = valueWithGradients {
        softmaxCrossEntropy(logits: model(dropout(x, probability: 0.2, key: key)), labels)
      }
      optimizer.update(model, with: gradients)
      losses.append(loss.item())
      step += 1
    }
  }

  func checkpoint(_ file: String) -> Checkpoint {
    Checkpoint(file) { [self] parts in
      parts.include(model)
      include(optimizer, in: &parts)
      parts.include("keys", &keys)
      parts.include("step", &step)
      parts.include("losses", &losses)
    }
  }

  private func include(_ optimizer: some Optimizer, in parts: inout CheckpointParts) {
    parts.include(optimizer, of: model)
  }

  /// Whether weights, losses and random draws have the same bits.
  func isIdentical(to other: Run) -> Bool {
    let isModelIdentical = zip(model.parameters, other.model.parameters).allSatisfy {
      $0.parameter.value.isIdentical(to: $1.parameter.value)
    }
    return isModelIdentical && losses.map(\.bitPattern) == other.losses.map(\.bitPattern) && keys == other.keys
  }
}

/// Every optimizer.
private let optimizers: [String: @Sendable () -> any Optimizer] = [
  "SGD": { SGD(learningRate: 0.1) }, "momentum": { SGD(learningRate: 0.05, momentum: 0.9) },
  "Nesterov": { SGD(learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.01) },
  "Adam": { Adam(learningRate: 0.01) }, "AdamW": { AdamW(learningRate: 0.01) },
  "AMSGrad": { AMSGrad(learningRate: 0.01) }, "NAdam": { NAdam(learningRate: 0.01) },
  "RAdam": { RAdam(learningRate: 0.01) }, "Adamax": { Adamax(learningRate: 0.01) },
  "Adagrad": { Adagrad(learningRate: 0.05) }, "Adadelta": { Adadelta() },
  "RMSprop": { RMSprop(learningRate: 0.01, momentum: 0.9, centred: true) },
  "groups": { ParameterGroups([("*.bias", SGD(learningRate: 0.1)), ("*", NAdam(learningRate: 0.01))]) },
]

@Suite struct `A checkpoint` {
  @Test(arguments: optimizers.keys.sorted())
  func `lets training go on with the same bits, even after a later save was killed`(_ name: String) async throws {
    let make = try #require(optimizers[name])
    let whole = Run(make())
    whole.train(to: 100)

    let folder = try TemporaryFolder(), file = folder.path + "/run.safetensors"
    await #expect(processExitsWith: .signal(SIGKILL)) { [name = name as String, file = file as String] in
      let run = Run(optimizers[name]!())
      run.train(to: 50)
      try run.checkpoint(file).save()
      Thread.detachNewThread {
        usleep(UInt32.random(in: 0..<3000))
        kill(getpid(), SIGKILL)
      }
      while true {
        run.train(to: min(99, run.step + 1))
        try run.checkpoint(file).save()
      }
    }
    let rest = Run(make())
    try rest.checkpoint(file).load()
    #expect(rest.step >= 50 && rest.step < 100 && rest.losses.count == rest.step)
    rest.train(to: 100)
    #expect(rest.isIdentical(to: whole))
  }

  @Test func `is a safetensors file that tells its layout and its checksum`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/run.safetensors"
    let run = Run(Adam(learningRate: 0.25))
    run.train(to: 3)
    try run.checkpoint(file).save()
    let content = try Safetensors(file: file)
    #expect(content.metadata["format"] == "adjoint-checkpoint" && content.metadata["version"] == "1")
    #expect(content.metadata["checksum"]?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
    #expect(content.metadata["step.value"] == "3" && content.metadata["keys.position"] == "6")
    #expect(content.metadata["optimizer.layers.0.weight.updates"] == "3")
    #expect(content.tensors["optimizer.learningRate"]?.item() == 0.25)
    #expect(content.tensors["losses.values"]?.scalars() == run.losses)
    #expect(content.tensors["model.layers.1.bias"] == run.model.parameters[3].parameter.value)
    #expect(run.checkpoint(file).exists && !run.checkpoint(file + "2").exists)
  }

  @Test func `that was changed in a single bit is refused`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/run.safetensors"
    let run = Run(SGD(learningRate: 0.1))
    run.train(to: 2)
    let checkpoint = run.checkpoint(file)
    try checkpoint.save()
    let good = try Data(contentsOf: URL(filePath: file))
    for position in stride(from: 0, to: good.count, by: 7) {
      var bad = good
      bad[position] ^= 1 << UInt8(position % 8)
      try bad.write(to: URL(filePath: file))
      #expect(throws: CheckpointError.self, "byte \(position)") { try checkpoint.load() }
    }
    var bad = good
    bad[good.count - 1] ^= 1
    try bad.write(to: URL(filePath: file))
    let error = #expect(throws: CheckpointError.self) { try checkpoint.load() }
    #expect(
      error?.description.wholeMatch(
        of: /.*run.safetensors: the checksum of the content is [0-9a-f]{16}, but [0-9a-f]{16} was written with it/)
        != nil,
      "\(String(describing: error))")
  }

  @Test func `that does not fit reports every problem by path, and changes nothing`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/run.safetensors"
    let small = MLP([4, 3], key: RandomKey(seed: 1)), large = MLP([4, 5, 3], key: RandomKey(seed: 2))
    var (step, number, keys) = (7, 8, RandomStream(RandomKey(seed: 1)))
    try Checkpoint(file) { parts in
      parts.include("step", &step)
      parts.include(small)
      parts.include("number", &number)
    }.save()
    (step, number) = (1, 2)
    let before = large.tensors
    let checkpoint = Checkpoint(file) { parts in
      parts.include("step", &step)
      parts.include(large)
      parts.include("keys", &keys)
    }
    let error = #expect(throws: CheckpointError.self) { try checkpoint.load() }
    #expect(
      error?.description == "\(file): the state has no model.layers.1.weight; the state has no model.layers.1.bias; "
        + "model.layers.0.weight is float32 [4, 3] in the state, but float32 [4, 5] is needed; "
        + "model.layers.0.bias is float32 [3] in the state, but float32 [5] is needed; "
        + "the state has no keys.seed; the state holds number.value, which nothing here uses")
    #expect(step == 1 && large.tensors == before)
    #expect(throws: CheckpointError.self) { try checkpoint.load(strict: false) }
    #expect(step == 1 && large.tensors == before)
  }

  @Test func `may be loaded in part if one says so`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/run.safetensors"
    let model = MLP([2, 2], key: RandomKey(seed: 1)), other = MLP([2, 2], key: RandomKey(seed: 2))
    var (a, b) = (1, 2)
    try Checkpoint(file) { parts in
      parts.include(model)
      parts.include("a", &a)
    }.save()
    a = 5
    let ignored = try Checkpoint(file) { parts in
      parts.include(other)
      parts.include("b", &b)
    }.load(strict: false)
    #expect(ignored == [.missing(name: "b"), .unexpected(name: "a.value")])
    #expect(other.tensors == model.tensors && a == 5 && b == 2)
  }

  @Test func `is recognised by its layout`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x"
    var step = 1
    let checkpoint = Checkpoint(file) { $0.include("step", &step) }
    #expect(throws: CheckpointError.file(.unreadable(file: file, reason: "No such file or directory"))) {
      try checkpoint.load()
    }
    try Safetensors(["a": 1]).write(to: file)
    let error = #expect(throws: CheckpointError.self) { try checkpoint.load() }
    #expect(error?.description.contains("but none was written with it") ?? false)
    try Data("no checkpoint".utf8).write(to: URL(filePath: file))
    #expect(throws: CheckpointError.self) { try checkpoint.load() }
    #expect(step == 1)
  }
}

@Suite struct `The tensors of a layer` {
  @Test func `are given by path and loaded back`() throws {
    let model = MLP([3, 2], key: RandomKey(seed: 1)), other = MLP([3, 2], key: RandomKey(seed: 2))
    #expect(model.tensors.keys.sorted() == ["layers.0.bias", "layers.0.weight"])
    try other.load(Safetensors(bytes: Safetensors(model.tensors).bytes()).tensors)
    #expect(other.tensors == model.tensors)
  }

  @Test func `include the running statistics`() throws {
    let model = BatchNorm(2), other = BatchNorm(2)
    _ = model([[1, 2], [3, 5]], isTraining: true)
    #expect(model.tensors.keys.sorted() == ["bias", "runningMean", "runningVariance", "weight"])
    try other.load(model.tensors)
    #expect(other.tensors == model.tensors)
  }

  @Test func `of another element type are converted only if one says so`() throws {
    let model = MLP([3, 2], key: RandomKey(seed: 1)), other = MLP([3, 2], key: RandomKey(seed: 2))
    let wide = model.tensors.mapValues { $0.converted(to: .float64) }.merging(["more": 1]) { a, _ in a }
    let error = #expect(throws: StateMismatch.self) { try other.load(wide) }
    #expect(
      error?.problems == [
        .unexpected(name: "more"),
        .mismatch(name: "layers.0.weight", found: "float64 [3, 2]", expected: "float32 [3, 2]"),
        .mismatch(name: "layers.0.bias", found: "float64 [2]", expected: "float32 [2]"),
      ])
    #expect(try other.load(wide, strict: false) == [.unexpected(name: "more")])
    #expect(other.tensors == model.tensors)
  }
}
