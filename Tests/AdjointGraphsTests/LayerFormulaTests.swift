import AdjointGraphs
import Foundation
import Testing

private let key = RandomKey(seed: 12)

private typealias Rows = [[Double]]

/// An edge with its place in the order that edge features have.
private struct Edge { let source, target, position: Int }

/// The affine map of a layer, on plain numbers.
private struct Map {
  let weight: Rows, bias: [Double]

  init(_ layer: Linear) {
    weight = rows(layer.weight.value)
    bias = layer.bias.map { $0.value.scalars(as: Double.self) } ?? zeros(layer.weight.shape[1])
  }

  func callAsFunction(_ x: [Double]) -> [Double] { product(x, weight) + bias }
}

private func rows(_ tensor: Tensor) -> Rows {
  let numbers = tensor.scalars(as: Double.self), width = tensor.shape[1]
  return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
}

private func zeros(_ width: Int) -> [Double] { [Double](repeating: 0, count: width) }

private func + (a: [Double], b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

private func * (a: Double, b: [Double]) -> [Double] { b.map { a * $0 } }

/// x W.
private func product(_ x: [Double], _ weight: Rows) -> [Double] {
  var y = zeros(weight[0].count)
  for (number, row) in zip(x, weight) { y = y + number * row }
  return y
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private func softmaxed(_ scores: [Double]) -> [Double] {
  let powers = scores.map { exp($0) }, total = powers.reduce(0, +)
  return powers.map { $0 / total }
}

/// A perceptron with rectifiers.
private func perceptron(_ network: MLP, _ x: [Double], activatesOutput: Bool = false) -> [Double] {
  let count = network.layers.count
  return network.layers.enumerated().reduce(x) { h, layer in
    let z = Map(layer.element)(h)
    return activatesOutput || layer.offset < count - 1 ? z.map { $0 > 0 ? $0 : 0 } : z
  }
}

/// The messages that reach a node, reduced column by column; zeros if there are none.
private func reduced(_ messages: Rows, _ width: Int, by reduction: Reduction) -> [Double] {
  guard !messages.isEmpty else { return zeros(width) }
  let count = Double(messages.count)
  return (0..<width).map { column in
    let numbers = messages.map { $0[column] }, sum = numbers.reduce(0, +)
    return switch reduction {
    case .sum: sum
    case .mean: sum / count
    case .max: numbers.reduce(-.infinity) { $0 < $1 ? $1 : $0 }
    case .min: numbers.reduce(.infinity) { $0 > $1 ? $1 : $0 }
    case .standardDeviation:
      (numbers.reduce(0) { $0 + ($1 - sum / count) * ($1 - sum / count) } / count).squareRoot()
    }
  }
}

/// The heads' rows side by side, or averaged.
private func joined(_ heads: Rows, _ concatenates: Bool) -> [Double] {
  concatenates ? heads.flatMap { $0 } : reduced(heads, heads[0].count, by: .mean)
}

/// Random numbers for all parameters, those that start from zeros or ones included.
private func randomize(_ layer: some Layer) {
  for (number, entry) in layer.parameters.enumerated() {
    entry.parameter.value = Tensor(normal: entry.parameter.value.shape, key: key.stream(100 + number))
  }
}

private func agrees(_ y: Variable, _ expected: Rows) -> Bool {
  guard y.shape == [expected.count, expected[0].count] else { return false }
  let numbers = expected.flatMap { $0 }
  let largest = numbers.reduce(0) { $0 < Swift.abs($1) ? Swift.abs($1) : $0 }
  return zip(y.scalars(as: Double.self), numbers).allSatisfy { Swift.abs($0 - $1) <= 1e-12 * largest }
}

@Suite struct `Layers by their formulas` {
  /// Node 2 has a loop, node 3 no edge that reaches it and node 4 none at all; 0 → 1 is there twice.
  static let given = [(2, 1), (0, 2), (0, 1), (3, 2), (1, 0), (0, 1), (2, 2), (3, 1)]
  static let n = 5

  let graph: Graph
  let x = Tensor(normal: [n, 3], key: key, dtype: .float64)
  let e = Tensor(normal: [given.count, 2], key: key.stream(1), dtype: .float64)
  private let edges: [Edge]

  init() throws {
    graph = try Graph(nodeCount: Self.n, edges: Self.given)
    let stored = (0..<Self.n).flatMap { target in Self.given.filter { $0.1 == target } }
    edges = stored.enumerated().map { Edge(source: $0.element.0, target: $0.element.1, position: $0.offset) }
  }

  private func reaching(_ node: Int) -> [Edge] { edges.filter { $0.target == node } }

  /// The sources of the edges that reach a node, with the node itself once.
  private func looped(_ node: Int) -> [Int] {
    let sources = reaching(node).map(\.source)
    return sources.contains(node) ? sources : sources + [node]
  }

  /// D^(−1/2) A D^(−1/2) h for the sources that reach each node; 0 where a degree is.
  private func normalised(_ h: Rows, _ sources: [[Int]]) -> Rows {
    sources.map { own in
      own.reduce(zeros(h[0].count)) { y, source in
        let degrees = Double(own.count * sources[source].count)
        return degrees == 0 ? y : y + 1 / degrees.squareRoot() * h[source]
      }
    }
  }

  // The maps of the layers are affine, even where the short form of the equation leaves out their biases.

  @Test(arguments: [true, false]) func `GATv2Conv scores both ends together`(_ concatenates: Bool) {
    withDefaultDType(.float64) {
      let layer = GATv2Conv(3, 4, heads: 2, concatenates: concatenates, slope: 0.3, key: key)
      randomize(layer)
      let h = rows(x).map(Map(layer.source).callAsFunction), own = rows(x).map(Map(layer.target).callAsFunction)
      let attention = rows(layer.attention.value), bias = layer.bias.value.scalars(as: Double.self)
      let expected = (0..<Self.n).map { node in
        let heads = (0..<2).map { head in
          let columns = head * 4..<(head + 1) * 4, sources = looped(node)
          let scores = sources.map { source in
            dot(attention[head], (h[source] + own[node])[columns].map { $0 > 0 ? $0 : 0.3 * $0 })
          }
          return zip(softmaxed(scores), sources).reduce(zeros(4)) { $0 + $1.0 * Array(h[$1.1][columns]) }
        }
        return joined(heads, concatenates) + bias
      }
      #expect(agrees(layer(Variable(x), on: graph), expected))
    }
  }

  @Test func `ResGatedGraphConv gates every feature of every edge`() {
    withDefaultDType(.float64) {
      let layer = ResGatedGraphConv(3, 2, key: key)
      randomize(layer)
      let (k, q, v, own) = (Map(layer.key), Map(layer.query), Map(layer.value), Map(layer.own)), x = rows(x)
      let expected = (0..<Self.n).map { node in
        reaching(node).reduce(own(x[node])) { y, edge in
          let message: [Double] = zip(k(x[node]) + q(x[edge.source]), v(x[edge.source])).map { logistic($0) * $1 }
          return y + message
        }
      }
      #expect(agrees(layer(Variable(self.x), on: graph), expected))
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `TransformerConv attends to neighbours, along edges with features and without`(
    _ concatenates: Bool, _ hasFeatures: Bool
  ) {
    withDefaultDType(.float64) {
      let layer = TransformerConv(
        3, 4, heads: 2, concatenates: concatenates, edgeInputs: hasFeatures ? 2 : nil, key: key)
      randomize(layer)
      let q = rows(x).map(Map(layer.query).callAsFunction), k = rows(x).map(Map(layer.key).callAsFunction)
      let v = rows(x).map(Map(layer.value).callAsFunction)
      let own = layer.own.map(Map.init), edge = layer.edge.map(Map.init), features = rows(e)
      #expect(own != nil && (edge != nil) == hasFeatures)
      let expected = zip(0..<Self.n, rows(x)).map { node, x in
        let heads = (0..<2).map { head in
          let columns = head * 4..<(head + 1) * 4, reaching = reaching(node)
          let f = reaching.map { edge?(features[$0.position]) ?? zeros(8) }
          let scores = zip(reaching, f).map {
            dot(Array(q[node][columns]), Array((k[$0.source] + $1)[columns])) / 4.squareRoot()
          }
          let values = zip(reaching, f).map { Array((v[$0.source] + $1)[columns]) }
          return zip(softmaxed(scores), values).reduce(zeros(4)) { $0 + $1.0 * $1.1 }
        }
        return joined(heads, concatenates) + (own?(x) ?? [])
      }
      #expect(agrees(layer(Variable(x), edges: hasFeatures ? Variable(e) : nil, on: graph), expected))
    }
  }

  @Test(arguments: [true, false]) func `GINEConv rectifies neighbours with their edges`(_ trainsEpsilon: Bool) {
    withDefaultDType(.float64) {
      let layer = GINEConv(
        MLP([3, 4, 2], key: key), edgeInputs: 2, epsilon: 0.7, trainsEpsilon: trainsEpsilon, key: key.stream(9))
      randomize(layer)
      #expect((layer.trainedEpsilon != nil) == trainsEpsilon)
      let epsilon = layer.trainedEpsilon?.value.item() ?? 0.7
      let edge = Map(layer.edge), features = rows(e), x = rows(x)
      let expected = (0..<Self.n).map { node in
        let sum = reaching(node).reduce((1 + epsilon) * x[node]) { sum, reaching in
          let message: [Double] = (x[reaching.source] + edge(features[reaching.position])).map { $0 > 0 ? $0 : 0 }
          return sum + message
        }
        return perceptron(layer.network, sum)
      }
      #expect(agrees(layer(Variable(self.x), edges: Variable(e), on: graph), expected))
    }
  }

  @Test(arguments: Reduction.allCases) func `NNConv makes a matrix for every edge`(_ reduction: Reduction) {
    withDefaultDType(.float64) {
      let layer = NNConv(3, 2, network: MLP([2, 4, 6], key: key), reduction: reduction, key: key.stream(9))
      randomize(layer)
      let own = Map(layer.own), features = rows(e), x = rows(x)
      let expected = (0..<Self.n).map { node in
        let messages = reaching(node).map { edge in
          let theta = perceptron(layer.network, features[edge.position])
          return product(x[edge.source], (0..<3).map { Array(theta[2 * $0..<2 * $0 + 2]) })
        }
        return own(x[node]) + reduced(messages, 2, by: reduction)
      }
      #expect(agrees(layer(Variable(self.x), edges: Variable(e), on: graph), expected))
    }
  }

  @Test(arguments: [nil, 2], [Reduction.mean, .sum])
  func `RGCNConv has a matrix for every kind of edge, or a mixture of a few`(_ bases: Int?, _ reduction: Reduction) {
    withDefaultDType(.float64) {
      let layer = RGCNConv(3, 2, relations: 3, bases: bases, reduction: reduction, key: key)
      randomize(layer)
      let kinds = [2, 0, 1, 0, 1, 2, 2, 0], own = Map(layer.own), x = rows(x)
      let weights = layer.weights.map { rows($0.value) }
      #expect(weights.count == bases ?? 3 && (layer.mixture != nil) == (bases != nil))
      let matrices =
        layer.mixture.map { mixture in
          rows(mixture.value).map { shares in
            (0..<3).map { row in zip(shares, weights).reduce(zeros(2)) { $0 + $1.0 * $1.1[row] } }
          }
        } ?? weights
      let expected = (0..<Self.n).map { node in
        (0..<3).reduce(own(x[node])) { y, kind in
          let messages = reaching(node).filter { kinds[$0.position] == kind }.map {
            product(x[$0.source], matrices[kind])
          }
          return y + reduced(messages, 2, by: reduction)
        }
      }
      let relational = RelationalGraph(graph, kinds: IndexArray(kinds), count: 3)
      #expect(agrees(layer(Variable(self.x), on: relational), expected))
    }
  }

  @Test(arguments: [[6, 2], [6, 4, 2]], [true, false])
  func `EdgeConv reads a node first, then how its neighbour differs`(_ widths: [Int], _ activatesOutput: Bool) {
    withDefaultDType(.float64) {
      let layer = EdgeConv(MLP(widths, activatesOutput: activatesOutput, key: key))
      randomize(layer)
      let x = rows(x)
      let expected = (0..<Self.n).map { node in
        let messages = reaching(node).map { edge in
          perceptron(
            layer.network, Array([x[node], x[edge.source] + -1 * x[node]].joined()), activatesOutput: activatesOutput)
        }
        return reduced(messages, 2, by: .max)
      }
      #expect(agrees(layer(Variable(self.x), on: graph), expected))
    }
  }

  @Test func `PNAConv scales every reduction by every function of the degree`() {
    withDefaultDType(.float64) {
      let degrees = [1, 2, 3, 7]
      let layer = PNAConv(3, 2, degrees: degrees, reductions: Reduction.allCases, key: key)
      randomize(layer)
      let (own, neighbour, output) = (Map(layer.own), Map(layer.neighbour), Map(layer.output)), x = rows(x)
      let delta = degrees.reduce(0) { $0 + log(Double($1) + 1) } / 4
      let expected = (0..<Self.n).map { node in
        let messages = reaching(node).map { own(x[node]) + neighbour(x[$0.source]) }
        let logarithm = log(Double(messages.isEmpty ? 1 : messages.count) + 1)
        let scaled = [1, logarithm / delta, delta / logarithm].flatMap { factor in
          Reduction.allCases.flatMap { factor * reduced(messages, 3, by: $0) }
        }
        return output(Array([x[node], scaled].joined()))
      }
      #expect(agrees(layer(Variable(self.x), on: graph), expected))
    }
  }

  @Test func `TAGConv is a polynomial of the normalised adjacency`() {
    withDefaultDType(.float64) {
      let layer = TAGConv(3, 2, hops: 3, key: key)
      randomize(layer)
      let sources = (0..<Self.n).map { reaching($0).map(\.source) }
      var power = rows(x), expected = [[Double]](repeating: layer.bias.scalars(as: Double.self), count: Self.n)
      for map in layer.maps {
        expected = zip(expected, power).map { $0 + Map(map)($1) }
        power = normalised(power, sources)
      }
      #expect(layer.maps.count == 4 && agrees(layer(Variable(x), on: graph), expected))
    }
  }

  @Test func `APPNP walks with restarts`() {
    withDefaultDType(.float64) {
      let layer = APPNP(hops: 3, restart: 0.2), h = rows(x), sources = (0..<Self.n).map(looped)
      var z = h
      for _ in 0..<3 { z = zip(normalised(z, sources), h).map { 0.8 * $0 + 0.2 * $1 } }
      #expect(agrees(layer(Variable(x), on: graph), z))
    }
  }

  @Test(arguments: [nil, [0, 1, 0, 0, 2]]) func `GravNetConv lets near points pull harder`(_ groups: [Int]?) {
    withDefaultDType(.float64) {
      let layer = GravNetConv(3, 2, space: 2, features: 4, neighbours: 2, key: key)
      randomize(layer)
      // Points as far apart as random ones would hardly feel each other.
      layer.space.$weight.value = 0.1 * layer.space.weight.value
      let x = rows(x), (space, features, output) = (Map(layer.space), Map(layer.features), Map(layer.output))
      let expected = (0..<Self.n).map { node in
        let others = (0..<Self.n).filter { other in
          other != node && groups.map { $0[other] == $0[node] } ?? true
        }
        let near = others.map { other -> (distance: Double, point: Int) in
          let difference = space(x[node]) + -1 * space(x[other])
          return (dot(difference, difference), other)
        }.sorted { $0.distance < $1.distance }.prefix(2)
        let messages = near.map { exp(-10 * $0.distance) * features(x[$0.point]) }
        return output(
          Array([x[node], reduced(messages, 4, by: .mean), reduced(messages, 4, by: .max)].joined()))
      }
      #expect(agrees(layer(Variable(self.x), groups: groups.map { IndexArray($0) }), expected))
    }
  }

  /// Graphs of 3, no, 1 and 1 nodes.
  private static let sizes = [3, 0, 1, 1]

  private static func batch() throws -> GraphBatch {
    GraphBatch(try sizes.map { try Graph(nodeCount: $0, edges: []) })
  }

  /// The rows of every graph.
  private var parts: [Rows] {
    let x = rows(x)
    var start = 0
    return Self.sizes.map { size in
      defer { start += size }
      return Array(x[start..<start + size])
    }
  }

  @Test func `AttentionReadout weighs the nodes of each graph`() throws {
    let batch = try Self.batch()
    withDefaultDType(.float64) {
      let layer = AttentionReadout(gate: MLP([3, 4, 1], key: key), features: MLP([3, 2], key: key.stream(9)))
      randomize(layer)
      let expected = parts.map { part in
        let weights = softmaxed(part.map { perceptron(layer.gate, $0)[0] })
        return zip(weights, part).reduce(zeros(2)) { $0 + $1.0 * perceptron(layer.features, $1.1) }
      }
      #expect(agrees(layer(Variable(x), on: batch), expected))
    }
  }

  @Test func `GraphNorm takes a part of the mean away`() throws {
    let batch = try Self.batch()
    withDefaultDType(.float64) {
      let layer = GraphNorm(3, epsilon: 0.01)
      randomize(layer)
      let alpha = layer.meanScale.scalars(as: Double.self)
      let (gamma, beta) = (layer.scale.scalars(as: Double.self), layer.shift.scalars(as: Double.self))
      let expected = parts.flatMap { part -> Rows in
        let mean = reduced(part, 3, by: .mean)
        let centred: Rows = part.map { row in (0..<3).map { row[$0] - alpha[$0] * mean[$0] } }
        let variance = reduced(centred.map { $0.map { $0 * $0 } }, 3, by: .mean)
        return centred.map { row -> [Double] in
          (0..<3).map { column -> Double in
            let normal: Double = row[column] / (variance[column] + 0.01).squareRoot()
            return gamma[column] * normal + beta[column]
          }
        }
      }
      #expect(agrees(layer(Variable(x), on: batch), expected))
    }
  }

  @Test func `GatedGraphConv steps a recurrent unit at every node`() {
    withDefaultDType(.float64) {
      let layer = GatedGraphConv(4, steps: 2, key: key)
      randomize(layer)
      let input = Map(layer.cell.input), state = Map(layer.cell.state)
      var h = rows(x).map { Array([$0, [0]].joined()) }
      for weight in layer.weights.map({ rows($0.value) }) {
        h = (0..<Self.n).map { node in
          let sum = reaching(node).reduce(zeros(4)) { $0 + product(h[$1.source], weight) }
          let a = input(sum), u = state(h[node])
          return (0..<4).map { unit in
            let r = logistic(a[unit] + u[unit]), z = logistic(a[4 + unit] + u[4 + unit])
            return z * h[node][unit] + (1 - z) * tanh(a[8 + unit] + r * u[8 + unit])
          }
        }
      }
      #expect(layer.weights.count == 2 && agrees(layer(Variable(x), on: graph), h))
    }
  }
}
