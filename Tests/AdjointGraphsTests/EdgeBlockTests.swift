import AdjointGraphs
import Testing

private let key = RandomKey(seed: 12)

private func normal(_ shape: Shape, _ stream: Int, _ dtype: DType = .float64) -> Tensor {
  Tensor(normal: shape, key: key.stream(stream), dtype: dtype)
}

/// The value of a function and its gradients: of the inputs, then of parameters.
private func run(_ inputs: [Tensor], _ parameters: [Parameter] = [], _ function: ([Variable]) -> Variable) -> [Tensor] {
  let tape = Tape(), variables = inputs.map { tape.variable($0) }
  let y = tape.recording { function(variables) }
  let seed = Variable(Tensor(uniform: y.shape, low: -1, high: 1, key: key.stream(99), dtype: y.dtype))
  let gradients = y.gradients(seed: seed)
  return [y.value] + variables.map { gradients[$0].value } + parameters.map { gradients[$0].value }
}

/// Whether tensors agree but for the rounding of their sums.
func isNear(_ a: Tensor, _ b: Tensor) -> Bool {
  let scale = Swift.max(1, b.count == 0 ? 0 : abs(b).max().item())
  return a.shape == b.shape && (a.count == 0 || abs(a - b).max().item() <= 256 * scale * a.dtype.ulpOfOne)
}

@Suite struct `Messages in blocks of edges` {
  let graph: Graph
  let x = normal([9, 3], 1), wide = normal([24, 3], 2), w = normal([24], 3)
  init() throws { graph = try AwkwardGraph.random("", nodes: 9, edges: 24).graph }

  /// Expects blocks of every size to give the bits of the materialised form, and its gradients.
  private func expectSame(
    _ inputs: [Tensor], parameters: [Parameter] = [], _ function: ([Variable]) -> Variable,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let plain = withMaterialisedMessages { run(inputs, parameters, function) }
    for budget in [1, 100, 300] {
      let parted = withMessageBudget(budget) { withMaterialisedMessages { run(inputs, parameters, function) } }
      let exact = zip(plain, parted).prefix(1 + inputs.count).allSatisfy { $0.isIdentical(to: $1) }
      #expect(exact, "budget \(budget)", sourceLocation: sourceLocation)
      #expect(zip(plain, parted).allSatisfy { isNear($1, $0) }, sourceLocation: sourceLocation)
      let usual = withMessageBudget(budget) { run(inputs, parameters, function) }
      #expect(zip(plain, usual).allSatisfy { isNear($1, $0) }, sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: Reduction.allCases) func `have the bits of the whole for every reduction`(_ reduction: Reduction) {
    expectSame([x, x * 0.5, wide]) { inputs in
      (.source(inputs[0]) - .target(inputs[1])).combined(with: .edge(inputs[2])) { tanh($0) * $1 }
        .reduced(by: reduction, on: graph)
    }
    expectSame([x, w]) { inputs in
      (EdgeWeights(inputs[1]) * .edge(inputs[0].gatherRows(graph.sources))).map { sigmoid($0) }.reduced(
        by: reduction, on: graph)
    }
  }

  @Test func `have the bits of the whole where messages weigh each other, and for several reductions`() {
    expectSame([x]) { graph.softmaxSum(.source($0[0]).map { tanh($0) }, inverseTemperature: 2) }
    expectSame([x]) { graph.reduce(.source($0[0]).map { square($0) }, by: Reduction.allCases) }
    expectSame([x]) { inputs in
      let scores = (.source(inputs[0]) + .target(inputs[0])).map { tanh($0).sum(along: 1) }
      return graph.sum(softmax(scores) * Endpoint.source(inputs[0]).map { $0 * $0 })
    }
  }

  @Test func `read nodes at both ends, edges and parameters, after other uses of the same`() {
    let weight = Parameter(normal([6, 3], 5)), bias = Parameter(normal([3], 6))
    expectSame([x, wide], parameters: [weight, bias]) { inputs in
      graph.passMessages(inputs[0], edges: inputs[1], by: .max) { target, source, edge in
        tanh(linear(concatenate(target, source), weight.wrappedValue, bias.wrappedValue)) * edge
      } update: { x, m in
        sin(x) * m + x
      }
    }
    expectSame([wide, x]) { inputs in
      graph.updateEdges(inputs[0], from: sin(inputs[1])) { target, source, edge in
        concatenate(target, source, edge).sum(along: 1, keepingAxes: true) * edge
      }
    }
  }

  @Test func `read variables that a function captures`() {
    let scale = normal([3], 7)
    let results = [1 << 30, 100].map { budget in
      withMessageBudget(budget) {
        run([x, scale]) { inputs in graph.sum(.source(inputs[0]).map { tanh($0 * inputs[1]) }) }
      }
    }
    #expect(results[0][0].isIdentical(to: results[1][0]) && results[0][1].isIdentical(to: results[1][1]))
    #expect(isNear(results[1][2], results[0][2]))
  }

  @Test(arguments: DType.allCases) func `drop the same elements as the whole, and again in the reverse sweep`(
    _ dtype: DType
  ) {
    let x = x.converted(to: dtype)
    func gradients(_ budget: Int) -> [Tensor] {
      withMessageBudget(budget) {
        run([x]) { inputs in
          graph.sum(
            .source(inputs[0]).map { messages in
              let noise = Tensor(normal: messages.shape, key: key.stream(8), dtype: dtype)
              let other = Tensor(uniform: messages.shape, key: key.stream(9), dtype: dtype)
              return dropout(messages, probability: 0.5, key: key) * Variable(noise) + Variable(other) * messages
            })
        }
      }
    }
    let whole = gradients(1 << 30)
    for budget in [1, 60, 200] {
      #expect(zip(whole, gradients(budget)).allSatisfy { $0.isIdentical(to: $1) }, "\(budget)")
    }
  }

  @Test(arguments: [1, 2]) func `have gradients of any order`(_ order: Int) {
    let weight = Parameter(normal([3, 2], 5))
    withMessageBudget(100) {
      let nodes = checkGradients(
        of: { inputs in
          graph.mean((.source(inputs[0]) - .target(inputs[0])).map { tanh($0) } * .edge(inputs[1]))
        }, at: [x, wide], order: order)
      #expect(nodes.passes, "\(nodes)")
      let ofWeight = checkGradients(for: [("w", weight)], order: order) {
        graph.max(Endpoint.source(Variable(x)).map { tanh(matmul($0, weight.wrappedValue)) })
      }
      #expect(ofWeight.passes, "\(ofWeight)")
    }
  }

  @Test func `leave nothing on the tape but one entry`() {
    let tape = Tape(), x = tape.variable(x)
    withMessageBudget(100) {
      let y = tape.recording { graph.sum(.source(x).map { tanh(sin(cos($0))) }) }
      #expect(tape.count == 2)
      let first = y.sum().gradients()[x].value
      #expect(tape.count == 3)
      #expect(y.sum().gradients()[x].value.isIdentical(to: first))
    }
    // Outside the scope that they were recorded in, too.
    let (loss, gradients) = valueWithGradients {
      withMessageBudget(100) {
        graph.sum(Endpoint.source(Variable(self.x)).map { checkpoint($0) { tanh($0) } }).sum() * scale
      }
    }
    #expect(gradients[Self.factor].item() == loss.item())
  }

  private static let factor = Parameter(Tensor(1, dtype: .float64))
  private var scale: Variable { Self.factor.wrappedValue }

  @Test func `can be checkpointed, and read parameters for the first time`() {
    let weight = Parameter(normal([3, 3], 5))
    func loss(_ isCheckpointed: Bool) -> Variable {
      func layer(_ x: Variable) -> Variable { graph.sum(.source(x).map { tanh(matmul($0, weight.wrappedValue)) }) }
      return (isCheckpointed ? checkpoint(Variable(x), layer) : layer(Variable(x))).sum()
    }
    let plain = valueWithGradients { loss(false) }
    for isCheckpointed in [false, true] {
      let (value, gradients) = withMessageBudget(100) { valueWithGradients { loss(isCheckpointed) } }
      #expect(value.value.isIdentical(to: plain.value.value))
      #expect(isNear(gradients[weight].value, plain.gradients[weight].value))
    }
  }

  @Test func `never see a wide factor of all edges`() {
    let tape = Tape(), source = tape.variable(x)
    var rows: [Int] = []
    let gate = Endpoint.source(source).map {
      rows.append($0.shape[0])
      return sigmoid($0)
    }
    let plain = graph.sum(gate * .source(source))
    #expect(rows == [graph.edgeCount])
    for reduction in Reduction.allCases {
      rows = []
      let parted = withMessageBudget(100) { (gate * .source(source)).reduced(by: reduction, on: graph) }
      #expect(rows.count > 2 && rows.allSatisfy { $0 < graph.edgeCount }, "\(reduction): \(rows)")
      if reduction == .sum { #expect(parted.value.isIdentical(to: plain.value)) }
    }
  }

  @Test func `hold checkpoints that draw`() {
    let key = RandomKey(seed: 4)
    func run(_ budget: Int) -> (Tensor, Tensor) {
      let tape = Tape(), source = tape.variable(x)
      let y = withMessageBudget(budget) {
        graph.sum(.source(source).map { checkpoint($0) { dropout(square($0), probability: 0.5, key: key) } })
      }
      return (y.value, y.sum().gradients()[source].value)
    }
    let (whole, parted) = (run(1 << 30), run(100))
    #expect(whole.0.isIdentical(to: parted.0) && whole.1.isIdentical(to: parted.1))
  }

  @Test(arguments: [false, true])
  func `are as many when a checkpoint outside of the scope of their budget runs again`(_ isRecorded: Bool) {
    let tape = Tape(), source = tape.variable(x)
    var counts: [Int] = []
    func layer(_ x: Variable) -> Variable {
      counts.append(Endpoint.source(x).map { square($0) }.explain(.sum, on: graph).blockCount)
      return graph.sum(.source(x).map { square($0) })
    }
    let y = withMessageBudget(100) { checkpoint(source, layer) }
    _ = y.sum().gradients(recorded: isRecorded)
    #expect(counts.count == 2 && counts[0] > 1 && counts[1] == counts[0])
  }

  @Test func `stand back where a function or a type depends on other edges`() {
    let factors = Variable(normal([24, 1], 7))
    let captured = withMessageBudget(1) { graph.sum(Endpoint.source(Variable(x)).map { $0 * factors }) }
    #expect(captured.value.isIdentical(to: graph.sum(Endpoint.source(Variable(x)).map { $0 * factors }).value))
    withMessageBudget(1) {
      #expect(Relative(x: Variable(x), isLocal: false).explain(.sum, on: graph).blockCount == 1)
      let local = Relative(x: Variable(x), isLocal: true)
      #expect(local.explain(.sum, on: graph).blockCount > 1)
      expectSame([x]) { Relative(x: $0[0], isLocal: true).reduced(by: .max, on: graph) }
      expectSame([x]) { Relative(x: $0[0], isLocal: false).reduced(by: .max, on: graph) }
    }
  }

  /// A message of a user's own.
  private struct Relative: Message {
    let x: Variable, isLocal: Bool
    func each(on graph: Graph) -> Variable { square(graph.each(.source(x) - .target(x))) }
    var runsInBlocks: Bool { isLocal }
  }

  @Test func `are planned, and the plan says so`() {
    let message = (.source(Variable(x)) - .target(Variable(x))).map { tanh($0) }
    #expect(message.explain(.max, on: graph).kernel == "materialised, then reduced (max)")
    // 24 bytes for each edge; no node has more than six edges.
    let plan = withMessageBudget(24 * 8) { message.explain(.max, on: graph) }
    #expect(plan.blockCount >= 3 && plan.blockCount <= 6 && plan.isMaterialised)
    #expect(plan.edgeBytes <= 24 * 8 && plan.edgeBytes > 24 * 8 / 2)
    #expect(
      plan.kernel == "materialised in \(plan.blockCount) blocks that run again in the reverse sweep, then reduced (max)"
    )
    let scores = (.source(Variable(x)) + .target(Variable(x))).map { tanh($0).sum(along: 1) }
    let weighted = withMessageBudget(24 * 8) { (softmax(scores) * .source(Variable(x))).explain(.sum, on: graph) }
    #expect(weighted.kernel.hasPrefix("sparse product, weighted, after its weights in \(weighted.blockCount) blocks"))
    #expect(weighted.blockCount == plan.blockCount && weighted.edgeBytes == 24 * 8 + plan.edgeBytes)
    // What fits is counted too: the widest array that the weights are made of, and that of a message that becomes narrower.
    let whole = (softmax(scores) * .source(Variable(x))).explain(.sum, on: graph)
    #expect(whole.kernel == "sparse product, weighted" && whole.blockCount == 1)
    #expect(whole.edgeBytes == 24 * 8 + 24 * 24)
    #expect(message.map { $0.sum(along: 1) }.explain(.sum, on: graph).edgeBytes == 24 * 24)
    #expect(withMaterialisedMessages { Endpoint.source(Variable(x)).explain(.sum, on: graph).isMaterialised })
  }

  @Test func `are planned without a trace on the tape`() {
    let tape = Tape(), inputs = tape.variable(x)
    let before = tape.count
    tape.recording {
      _ = Endpoint.source(inputs).explain(.sum, on: graph)
      _ = Endpoint.source(inputs).map { tanh($0) }.explain(.max, on: graph)
    }
    #expect(tape.count == before)
  }

  @Test func `take a star, empty nodes and no edges`() throws {
    for kind in AwkwardGraph.all {
      let graph = try kind.graph, x = normal([kind.nodes, 2], 1)
      let plain = run([x]) { graph.sum(.source($0[0]).map { tanh($0) }) }
      let parted = withMessageBudget(40) { run([x]) { graph.sum(.source($0[0]).map { tanh($0) }) } }
      #expect(zip(plain, parted).allSatisfy { $0.isIdentical(to: $1) }, "\(kind.testDescription)")
    }
  }

  @Test func `keep memory within the nodes and a block`() async {
    await #expect(processExitsWith: .success) {
      let (nodes, edges, width) = (300, 30_000, 16)
      let graph = try AwkwardGraph.random("", nodes: nodes, edges: edges).graph
      let x = Parameter(Tensor(normal: [nodes, width], key: RandomKey(seed: 1)))
      func peak(_ budget: Int) -> Int {
        func step() {
          _ = withMessageBudget(budget) {
            valueWithGradients {
              let features = x.wrappedValue
              return graph.sum((.source(features) - .target(features)).map { tanh(sin($0)) }).sum()
            }
          }
        }
        step()
        let start = TensorMemory.liveBytes
        TensorMemory.resetPeak()
        step()
        return TensorMemory.peakBytes - start
      }
      let all = 4 * edges * width, block = all / 32
      // Materialised, several arrays have a row for each edge. In blocks, a few of a block's size are alive at once, besides
      // those with a row for each node and the indices.
      #expect(peak(1 << 30) > 3 * all)
      #expect(peak(block) < 12 * block + 16 * 4 * nodes * width)
    }
  }

  @Test func `that come out otherwise the second time stop the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var calls: UInt64 = 0
      let graph = Graph.ring(6), x = Tape.kept.variable(Tensor(ones: [6, 2]))
      let y = withMessageBudget(16) {
        graph.sum(
          Endpoint.source(x).map { messages in
            calls += 1
            return messages * Variable(Tensor(uniform: messages.shape, key: RandomKey(seed: calls)))
          })
      }
      _ = y.sum().gradients()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("blocks: rows 0..<1 came out otherwise when they were computed again"), "\(text)")
  }
}

extension Tape {
  nonisolated(unsafe) fileprivate static let kept = Tape()
}
