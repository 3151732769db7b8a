import AdjointGraphs
import Testing

private let key = RandomKey(seed: 12)

private func near(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-12) -> Bool {
  a.shape == b.shape && (a.count == 0 || abs(a - b).max().item() <= tolerance)
}

private func column(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count, 1], dtype: .float64) }

/// A filter of a single feature with the given taps.
private func scalarFilter(_ taps: [Double], _ shift: GraphShift) -> GraphFilter {
  GraphFilter(taps: taps.map { (1, Parameter(column([$0]))) }, shift: shift)
}

@Suite struct `A graph filter` {
  let path: Graph
  let x = Variable(column([1, 2, 3]))
  init() throws { path = try Graph(nodeCount: 3, undirected: [(0, 1), (1, 2)]) }

  private func random(_ nodes: Int = 6) throws -> Graph {
    try AwkwardGraph.random("", nodes: nodes, edges: 3 * nodes).graph
  }

  // 002-09
  @Test func `is Σ Sᵏ x h`() {
    #expect(near(scalarFilter([1, 0.5, 0.25], .adjacency)(x, on: path).value, column([3, 5, 5])))
    // K − 1 products with S, each of them with a signal: no power of S is formed.
    for taps in 1...4 {
      let tape = Tape(), x = tape.variable(x.value)
      let filter = scalarFilter([Double](repeating: 0.5, count: taps), .adjacency)
      _ = tape.recording { filter(x, on: path) }
      let products = tape.description.split(separator: "\n").filter { $0.contains(" sparse matmul ") }
      #expect(products.count == taps - 1 && products.allSatisfy { $0.contains("[3, 1]") }, "\(tape)")
    }
  }

  // 002-10
  @Test func `of k + 1 taps sees k hops`() throws {
    let graph = try random(), filter = scalarFilter([1, 1, 1], .adjacency)
    let a = graph.denseAdjacency(dtype: .float64), reach = Tensor.eye(6, dtype: .float64) + a + matmul(a, a)
    let tape = Tape(), x = tape.variable(Tensor(normal: [6, 1], key: key, dtype: .float64))
    let y = filter(x, on: graph)
    for node in 0..<6 {
      let gradient = y.rows(node..<node + 1).sum().gradients()[x].scalars(as: Double.self)
      for other in 0..<6 { #expect((gradient[other] != 0) == (reach[node, other] != 0)) }
    }
  }

  // 002-11, 002-16
  @Test func `has the same taps on every graph, and a shift that may be learned`() throws {
    let filter = scalarFilter([1, 0.5], .adjacency)
    #expect(near(filter(x, on: path).value, column([2, 4, 4])))
    let chain = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
    #expect(near(filter(x, on: chain).value, column([1, 2.5, 4])))
    let report = checkGradients(
      of: { filter(x, on: path, weights: $0) }, at: Tensor([1, 2, 0.5, 1], dtype: .float64), order: 1)
    #expect(report.passes, "\(report)")
  }

  // 002-12
  @Test func `is found from what it does`() throws {
    let graph = try random(), wanted = [0.7, -0.4, 0.2]
    withDefaultDType(.float64) {
      let x = Variable(Tensor(normal: [6, 1], key: key)), y = scalarFilter(wanted, .symmetric)(x, on: graph)
      let filter = scalarFilter([0, 0, 0], .symmetric), parameters = filter.parameters.map(\.parameter)
      func gradient(at h: [Double]) -> [Double] {
        for (parameter, value) in zip(parameters, h) { parameter.value = column([value]) }
        let gradients = valueWithGradients { squaredErrorLoss(filter(x, on: graph), y) }.gradients
        return parameters.map { gradients[$0].item() }
      }
      // The error is quadratic in three numbers: three steps of conjugate gradients reach its minimum.
      var h = [0.0, 0, 0], rest = gradient(at: h).map { -$0 }, direction = rest
      let start = gradient(at: [0, 0, 0])
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      for _ in 0..<6 where dot(rest, rest) > 1e-28 {
        let curved = zip(gradient(at: direction), start).map { $0 - $1 }
        let step = dot(rest, rest) / dot(direction, curved), before = dot(rest, rest)
        h = zip(h, direction).map { $0 + step * $1 }
        rest = zip(rest, curved).map { $0 - step * $1 }
        direction = zip(rest, direction).map { $0 + dot(rest, rest) / before * $1 }
      }
      for (a, b) in zip(h, wanted) { #expect(Swift.abs(a - b) <= 1e-6) }
    }
  }

  // 002-13, 002-14, 002-23, 002-24, 002-25
  @Test func `makes a perceptron with an activation, and a network of several`() throws {
    let graph = try random()
    withDefaultDType(.float64) {
      let net = GraphFilterNet(
        2, layers: [(3, 4), (2, 5), (1, 3)], shift: .convolution, activation: { tanh($0) }, key: key)
      #expect(net.parameterCount == 3 * 4 * 2 + 2 * 5 * 4 + 1 * 3 * 5)
      #expect(net.filters.map(\.taps.count) == [3, 2, 1])
      let single = GraphFilterNet(1, layers: [(3, 1), (2, 1)], shift: .adjacency, key: key)
      #expect(single.parameterCount == 3 + 2)
      #expect(single.parameters.map(\.parameter.value.shape) == [Shape](repeating: [1, 1], count: 5))
      let x = Variable(Tensor(normal: [6, 2], key: key))
      #expect(near(net(x, on: graph).value, net.filters.reduce(x) { tanh($1($0, on: graph)) }.value))
    }
  }

  // 002-15
  @Test func `without activations is a longer filter; a network changes little with the graph`() throws {
    let graph = try random(), ones = Tensor(ones: [graph.edgeCount], dtype: .float64)
    withDefaultDType(.float64) {
      let x = Variable(Tensor(normal: [6, 1], key: key))
      let two = scalarFilter([1, 2], .symmetric)(scalarFilter([3, -1], .symmetric)(x, on: graph), on: graph)
      #expect(near(two.value, scalarFilter([3, 5, -2], .symmetric)(x, on: graph).value))
      let net = GraphFilterNet(1, layers: [(3, 4), (3, 2)], shift: .symmetric, activation: { tanh($0) }, key: key)
      func output(_ weights: Tensor) -> Tensor {
        net.filters.reduce(x) { tanh($1($0, on: graph, weights: Variable(weights))) }.value
      }
      let noise = Tensor(uniform: [graph.edgeCount], low: -1, high: 1, key: key)
      let changes = [1e-2, 1e-3, 1e-4].map { size in
        abs(output(ones + Tensor(size) * noise) - output(ones)).max().item() / size
      }
      for change in changes { #expect(change <= 2 * changes[2] && change > 0) }
    }
  }

  // 002-19
  @Test func `on a ring shifts its output with its input`() throws {
    let ring = try Graph(nodeCount: 7, undirected: (0..<7).map { ($0, ($0 + 1) % 7) })
    let x = Variable(Tensor(normal: [7, 1], key: key, dtype: .float64)),
      filter = scalarFilter([0.3, 1, -0.7], .adjacency)
    #expect(near(filter(x.rolled(by: 2, along: 0), on: ring).value, filter(x, on: ring).rolled(by: 2, along: 0).value))
    // Example: on a directed ring a filter is a convolution in time.
    let time = try Graph(nodeCount: 4, edges: (0..<4).map { ($0, ($0 + 1) % 4) })
    #expect(
      near(
        scalarFilter([1, 10], .adjacency)(Variable(column([1, 2, 3, 4])), on: time).value, column([41, 12, 23, 34])))
  }

  // 002-21, 002-22
  @Test func `of many features is a bank of filters`() throws {
    let graph = try random()
    withDefaultDType(.float64) {
      let filter = GraphFilter(3, 2, taps: 3, shift: .randomWalkLaplacian, key: key)
      let x = Variable(Tensor(normal: [6, 3], key: key)), y = filter(x, on: graph)
      for g in 0..<2 {
        let bank = (0..<3).map { f in
          scalarFilter(filter.taps.map { $0?.weight.value[f, g] ?? 0 }, .randomWalkLaplacian)(
            x.slice(f..<f + 1, along: 1), on: graph)
        }
        #expect(near(bank.dropFirst().reduce(bank[0], +).value, y.slice(g..<g + 1, along: 1).value))
      }
      #expect(x.rows(2..<3).shape == [1, 3] && x.slice(1..<2, along: 1).shape == [6, 1])
    }
  }

  // 002-27
  @Test func `of two taps on D⁻¹A is the mean layer`() throws {
    let graph = try random()
    withDefaultDType(.float64) {
      let layer = MeanConv(3, 2, key: key), x = Variable(Tensor(normal: [6, 3], key: key))
      let filter = GraphFilter(taps: [(1, layer.$ownWeight), (1, layer.$neighbourWeight)], shift: .randomWalk)
      #expect(near(filter(x, on: graph).value, layer(x, on: graph).value))
    }
  }

  // 002-28
  @Test func `of as many taps as there are eigenvalues is any spectral filter`() {
    // The eigenvalues of the path's normalised Laplacian, and g(λ) = 1 − λ / 2 + λ² / 10 there.
    let eigenvalues = [0.0, 1, 2], response = eigenvalues.map { 1 - 0.5 * $0 + 0.1 * $0 * $0 }
    withDefaultDType(.float64) {
      let filter = GraphFilter.spectral(eigenvalues: eigenvalues, response: response, shift: .symmetricLaplacian)
      let polynomial = scalarFilter([1, -0.5, 0.1], .symmetricLaplacian)
      #expect(near(filter(x, on: path).value, polynomial(x, on: path).value))
      // U g(Λ) Uᵀ x by the eigenvectors.
      let root = 0.5.squareRoot()
      let vectors = Tensor([0.5, root, 0.5, root, 0, -root, 0.5, -root, 0.5], shape: [3, 3])
      let direct = matmul(vectors, Tensor(response, shape: [3, 1]) * matmul(vectors.transposed(), x.value))
      #expect(near(filter(x, on: path).value, direct, 1e-9))
    }
  }

  // 002-29
  @Test func `in the Chebyshev basis is the Chebyshev convolution`() {
    withDefaultDType(.float64) {
      let shift = path.shift(.scaledLaplacian(), dtype: .float64), first = matmul(shift, x)
      #expect(near(first.value, column([-1.414214, -2.828427, -1.414214]), 1e-6))
      #expect(near((2 * matmul(shift, first) - x).value, column([3, 2, 1])))
      for (inputs, outputs) in [(1, 2), (1, 1), (2, 1)] {
        let layer = ChebConv(inputs, outputs, taps: 4, key: key)
        let signal = Variable(Tensor(normal: [3, inputs], key: key))
        let filter = GraphFilter.chebyshev(layer.weights.map(\.value))
        #expect(near(filter(signal, on: path).value, layer(signal, on: path).value))
        #expect(near(layer(SparseMatrix(signal.value), on: path).value, layer(signal, on: path).value))
      }
    }
  }

  // 002-30, 002-34
  @Test func `with a number for each power and feature is the diffusion convolution`() throws {
    let graph = try random()
    withDefaultDType(.float64) {
      let layer = DiffusionConv(2, steps: 3, key: key), x = Variable(Tensor(normal: [6, 2], key: key))
      let y = layer(x, on: graph).value, a = graph.denseAdjacency()
      let inverse = Tensor(graph.inDegrees.map { $0 == 0 ? 0 : 1 / Double($0) }, shape: [6, 1])
      #expect(near(GraphFilter.diffusion(layer.weight.value)(x, on: graph).value, y))
      // Column by column: a weight times a feature after some steps of the walk.
      var walked = x.value
      for step in 0..<3 {
        for feature in 0..<2 {
          let column = walked.slice(feature..<feature + 1, along: 1) * Tensor(layer.weight.value[step, feature])
          #expect(near(column, y.slice(2 * step + feature..<2 * step + feature + 1, along: 1)))
        }
        walked = matmul(inverse * a, walked)
      }
    }
  }

  // 002-31, 002-34, 003-45
  @Test func `with the first tap left out is the graph convolution`() {
    let s = [0.5, 0.408248, 0, 0.408248, 0.333333, 0.408248, 0, 0.408248, 0.5]
    #expect(
      near(path.shift(.convolution, dtype: .float64).dense().value, Tensor(s, shape: [3, 3], dtype: .float64), 1e-6))
    withDefaultDType(.float64) {
      let layer = GCNConv(2, 2, key: key)
      layer.$weight.value = Tensor([1, -1, 2, 1], shape: [2, 2])
      let x = Variable(Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2])), y = layer(x, on: path).value
      let expected = [1.316497, -0.091752, 2.299660, -0.074915, 2.316497, 0.408248]
      #expect(near(y, Tensor(expected, shape: [3, 2]), 1e-6))
      #expect(near(GraphFilter.convolution(layer.$weight)(x, on: path).value, y))
    }
  }

  // 002-32
  @Test func `with all taps but the last left out is the simplified graph convolution`() {
    withDefaultDType(.float64) {
      let layer = SGConv(1, 1, hops: 2, key: key)
      layer.map.$weight.value = column([1])
      #expect(near(layer(x, on: path).value, column([1.597080, 2.249717, 2.097080]), 1e-6))
      #expect(near(GraphFilter.simplified(layer.map.$weight, hops: 2)(x, on: path).value, layer(x, on: path).value))
    }
  }

  // 002-33
  @Test func `with two taps that share their weights is a graph isomorphism layer`() {
    withDefaultDType(.float64) {
      let network = MLP([1, 1], key: key), layer = GINConv(network, epsilon: 0.1)
      network.layers[0].$weight.value = column([1])
      #expect(near(layer(x, on: path).value, column([3.1, 6.2, 5.3])))
      let filter = GraphFilter.isomorphism(network.layers[0].$weight, epsilon: 0.1)
      #expect(near(filter(x, on: path).value, layer(x, on: path).value))
    }
  }

  // 002-33
  @Test func `that sums tells two equal neighbours from one; mean and maximum do not`() throws {
    let one = try Graph(nodeCount: 3, edges: [(1, 0)]), two = try Graph(nodeCount: 3, edges: [(1, 0), (2, 0)])
    let x = Variable(column([0, 1, 1]))
    func differs(_ reduction: Reduction) -> Bool {
      Endpoint.source(x).reduced(by: reduction, on: one).value
        != Endpoint.source(x).reduced(by: reduction, on: two).value
    }
    #expect(differs(.sum) && !differs(.mean) && !differs(.max))
  }
}

@Suite struct `A picture as a graph` {
  let image = (0..<9).map(Double.init)

  // 000-03, 001-27, 001-42, 002-20
  @Test func `is convolved by a relation for each place of the window, or by two shifts`() throws {
    let expected = Tensor([58, 100, 70, 132, 204, 132, 70, 100, 58], shape: [9, 1], dtype: .float64)
    try withDefaultDType(.float64) {
      let layer = PixelConv(1, 1, key: key), x = Variable(column(image))
      layer.$weight.value = Tensor(image, shape: [3, 3, 1, 1])
      #expect(near(layer(x, on: .pixels(height: 3, width: 3)).value, expected))
      // Two directed shifts of the grid and their transposes: S_v down, S_h right.
      let down = try Graph(nodeCount: 9, edges: (0..<6).map { ($0, $0 + 3) })
      let right = try Graph(nodeCount: 9, edges: (0..<9).filter { $0 % 3 < 2 }.map { ($0, $0 + 1) })
      func moved(_ h: Variable, _ graph: Graph, _ steps: Int) -> Variable {
        steps == 0 ? h : (steps < 0 ? graph : graph.reversed()).sum(.source(h))
      }
      var sum = Variable(Tensor(zeros: [9, 1]))
      for v in -1...1 {
        for h in -1...1 { sum = sum + Variable(image[3 * (v + 1) + h + 1]) * moved(moved(x, down, v), right, h) }
      }
      #expect(near(sum.value, expected))
    }
  }

  // 000-03, 001-42
  @Test(arguments: [1, 2]) func `of several channels is convolved as by conv2d`(_ order: Int) {
    withDefaultDType(.float64) {
      let (height, width) = (4, 5), layer = PixelConv(2, 3, key: key)
      layer.$bias.value = [0.5, -1, 2]
      let pixels = RelationalGraph.pixels(height: height, width: width)
      #expect(pixels.relations.count == 9)
      let x = Tensor(normal: [height * width, 2], key: key.stream(1))
      func dense(_ x: Variable) -> Variable {
        let picture = x.transposed().reshaped(to: [1, 2, height, width])
        let y = conv2d(picture, layer.weight, bias: layer.bias, padding: 1)
        return y.reshaped(to: [3, height * width]).transposed()
      }
      #expect(near(layer(Variable(x), on: pixels).value, dense(Variable(x)).value))
      let report = checkGradients(of: { layer($0, on: pixels) }, at: x, order: order)
      #expect(report.passes, "\(report)")
      let (_, gradients) = valueWithGradients { square(layer(Variable(x), on: pixels)).sum() }
      let (_, expected) = valueWithGradients { square(dense(Variable(x))).sum() }
      for (_, parameter) in layer.parameters {
        #expect(near(gradients[parameter].value, expected[parameter].value, 1e-10))
      }
    }
  }

  // 001-43
  @Test func `is not convolved the same way when two pixels are exchanged`() {
    let layer = PixelConv(1, 1, key: key), pixels = RelationalGraph.pixels(height: 3, width: 3)
    let order = IndexArray([1, 0] + Array(2..<9)), x = Variable(Tensor(image, shape: [9, 1]))
    let (y, exchanged) = (layer(x, on: pixels), layer(x.gatherRows(order), on: pixels))
    #expect(!near(y.gatherRows(order).value, exchanged.value, 0.01))
  }

  // 001-44
  @Test func `of words, all connected, is read by a transformer`() {
    withDefaultDType(.float64) {
      let layer = TransformerConv(2, 2, addsOwn: false, key: key)
      for map in [layer.query, layer.key, layer.value] { map.$weight.value = .eye(2) }
      let tokens = Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2]), words = Graph.complete(3, selfLoops: true)
      let y = layer(Variable(tokens), on: words).value
      let expected = [0.802224, 0.598888, 0.598888, 0.802224, 0.751745, 0.751745]
      #expect(near(y, Tensor(expected, shape: [3, 2]), 1e-6))
      let scores = matmul(tokens, tokens.transposed()) / Tensor(2.0.squareRoot())
      #expect(near(y, matmul(softmax(Variable(scores)), Variable(tokens)).value))
    }
  }
}
