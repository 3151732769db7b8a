/// A drawing of a directed acyclic graph in layers, from left to right.
///
/// A node stands one layer behind its last predecessor; a node without predecessors just before its first successor. Between
/// two layers of nodes lies one for the labels of edges, and an edge across several layers bends in each. The order within layers
/// is that of a walk back from the results, improved by barycentres; heights are the least-squares solution that
/// keeps neighbours apart.
///
/// Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", IEEE
/// Transactions on Systems, Man, and Cybernetics 11(2), 1981.
struct LayeredLayout {
  /// A node, the label of an edge, or a bend: a centre and an extent.
  struct Box {
    var width: Double, height: Double
    var layer = 0
    var x = 0.0, y = 0.0
    /// The width of the layer.
    var columnWidth = 0.0
    /// How much the box wants to stand level with its neighbours.
    var stiffness = 1.0
    var before: [Int] = [], after: [Int] = []
  }

  /// The nodes first, in the order given, then labels and bends.
  private(set) var boxes: [Box]
  /// The boxes that each edge runs through, from its source to its target, and which of them is its label.
  private(set) var routes: [(boxes: [Int], label: Int)] = []
  private(set) var width = 0.0, height = 0.0
  private var layers: [[Int]] = []

  private static let columnGap = 34.0, rowGap = 12.0

  /// Lays out a graph.
  ///
  /// - Parameters:
  ///   - nodes: The extent of every node; a node's predecessors come before it.
  ///   - edges: Source, target and the extent of the label.
  init(
    nodes: [(width: Double, height: Double)],
    edges: [(source: Int, target: Int, label: (width: Double, height: Double))]
  ) {
    boxes = nodes.map { Box(width: $0.width, height: $0.height) }
    assignLayers(edges.map { ($0.source, $0.target) })
    for edge in edges { addRoute(edge.source, edge.target, edge.label) }
    order(count: nodes.count)
    place()
  }

  private mutating func assignLayers(_ edges: [(source: Int, target: Int)]) {
    var incoming = [[Int]](repeating: [], count: boxes.count), outgoing = incoming
    for edge in edges {
      incoming[edge.target].append(edge.source)
      outgoing[edge.source].append(edge.target)
    }
    for node in boxes.indices {
      boxes[node].layer = incoming[node].map { boxes[$0].layer + 2 }.max() ?? 0
    }
    for node in boxes.indices where incoming[node].isEmpty {
      if let first = outgoing[node].map({ boxes[$0].layer }).min() { boxes[node].layer = first - 2 }
    }
  }

  /// A chain of boxes, one in every layer from source to target; the label is the one just before the target.
  private mutating func addRoute(_ source: Int, _ target: Int, _ label: (width: Double, height: Double)) {
    var chain = [source]
    for layer in boxes[source].layer + 1..<boxes[target].layer {
      let isLabel = layer == boxes[target].layer - 1
      boxes.append(
        Box(width: isLabel ? label.width : 0, height: isLabel ? label.height : 8, layer: layer, stiffness: 4))
      chain.append(boxes.count - 1)
    }
    chain.append(target)
    for (a, b) in zip(chain, chain.dropFirst()) {
      boxes[a].after.append(b)
      boxes[b].before.append(a)
    }
    routes.append((chain, chain[chain.count - 2]))
  }

  private mutating func order(count: Int) {
    layers = Array(repeating: [], count: (boxes.map(\.layer).max() ?? -1) + 1)
    var seen = [Bool](repeating: false, count: boxes.count)
    for result in (0..<count).reversed() where boxes[result].after.isEmpty {
      var stack = [result]
      while let box = stack.popLast() {
        if seen[box] { continue }
        seen[box] = true
        layers[boxes[box].layer].append(box)
        stack += boxes[box].before.reversed()
      }
    }
    var best = layers, fewest = crossings()
    for round in 0..<12 where fewest > 0 {
      let forward = round % 2 == 0
      for layer in forward ? Array(layers.indices) : layers.indices.reversed() {
        let place = places()
        let centres = Dictionary(
          uniqueKeysWithValues: layers[layer].map { box in
            let neighbours = forward ? boxes[box].before : boxes[box].after
            let sum = neighbours.reduce(0.0) { $0 + Double(place[$1]) }
            return (box, neighbours.isEmpty ? Double(place[box]) : sum / Double(neighbours.count))
          })
        layers[layer].sort { (centres[$0] ?? 0, place[$0]) < (centres[$1] ?? 0, place[$1]) }
      }
      let now = crossings()
      if now < fewest { (best, fewest) = (layers, now) }
    }
    layers = best
  }

  /// The place of every box in its layer.
  private func places() -> [Int] {
    var place = [Int](repeating: 0, count: boxes.count)
    for layer in layers { for (position, box) in layer.enumerated() { place[box] = position } }
    return place
  }

  /// The number of pairs of edges between neighbouring layers that cross.
  private func crossings() -> Int {
    let place = places()
    return layers.reduce(0) { total, layer in
      // Targets in the order of sources; every pair out of order is a crossing.
      var sorted: [Int] = []
      return layer.reduce(total) { total, box in
        let targets = boxes[box].after.map { place[$0] }.sorted()
        let crossed = targets.reduce(0) { $0 + sorted.count - sorted.firstPosition(after: $1) }
        for target in targets { sorted.insert(target, at: sorted.firstPosition(after: target)) }
        return total + crossed
      }
    }
  }

  private mutating func place() {
    var x = 0.0
    for layer in layers {
      let column = layer.map { boxes[$0].width }.max() ?? 0
      var y = 0.0
      for box in layer {
        (boxes[box].x, boxes[box].columnWidth, boxes[box].y) = (x + column / 2, column, y + boxes[box].height / 2)
        y += boxes[box].height + Self.rowGap
      }
      x += column + Self.columnGap
    }
    width = x - Self.columnGap
    for round in 0..<60 {
      for layer in round % 2 == 0 ? Array(layers.indices) : layers.indices.reversed() { level(layers[layer]) }
    }
    let top = boxes.map { $0.y - $0.height / 2 }.min() ?? 0
    for box in boxes.indices { boxes[box].y -= top }
    height = boxes.map { $0.y + $0.height / 2 }.max() ?? 0
  }

  /// Moves the boxes of a layer to the mean height of their neighbours, as near as their order and extents allow: a weighted
  /// isotonic regression, solved by pooling adjacent violators.
  private mutating func level(_ layer: [Int]) {
    var pools: [(mean: Double, weight: Double, count: Int)] = []
    var offset = 0.0, offsets: [Double] = []
    for (position, box) in layer.enumerated() {
      if position > 0 { offset += (boxes[layer[position - 1]].height + boxes[box].height) / 2 + Self.rowGap }
      offsets.append(offset)
      let neighbours = boxes[box].before + boxes[box].after
      let weights = neighbours.map { boxes[$0].stiffness * boxes[box].stiffness }
      let weight = weights.reduce(0, +)
      let sum = zip(neighbours, weights).reduce(0) { $0 + boxes[$1.0].y * $1.1 }
      pools.append(((weight > 0 ? sum / weight : boxes[box].y) - offset, Swift.max(weight, 1e-3), 1))
      while pools.count > 1, pools[pools.count - 2].mean > pools[pools.count - 1].mean {
        let b = pools.removeLast(), a = pools.removeLast()
        pools.append(
          ((a.mean * a.weight + b.mean * b.weight) / (a.weight + b.weight), a.weight + b.weight, a.count + b.count))
      }
    }
    var position = 0
    for pool in pools {
      for _ in 0..<pool.count {
        boxes[layer[position]].y = pool.mean + offsets[position]
        position += 1
      }
    }
  }
}

extension [Int] {
  /// The position behind the last element of a sorted array that is at most `value`.
  fileprivate func firstPosition(after value: Int) -> Int {
    var low = 0, high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
