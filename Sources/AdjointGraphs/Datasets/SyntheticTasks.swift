/// Data sets that are drawn, not read, and whose answers are therefore known.
public enum SyntheticTasks {
  /// A graph with copies of a motif hung on it; the task is to tell which node plays which part in one.
  ///
  /// Source: the BA-shapes of Ying et al., *GNNExplainer: Generating Explanations for Graph Neural Networks*, NeurIPS 2019.
  ///
  /// - Parameters:
  ///   - motif: The motif; its node 0 is joined to a random node of the base.
  ///   - count: The number of copies.
  ///   - base: The graph that they are hung on.
  ///   - key: The place in the random sequence.
  /// - Returns: The graph, base first, then the copies one after the other. Node column `label`: 0 in the base, 1 + i for node i
  ///   of a copy; `motif`: the number of the copy, −1 in the base; `x`: ones.
  public static func plantedMotifs(
    _ motif: Graph, count: Int, in base: Graph, key: RandomKey
  ) -> AttributedGraph {
    require(
      count >= 0 && base.nodeCount > 0,
      "plantedMotifs: \(count) copies in a base of \(base.nodeCount) nodes; there have to be at least 0 and 1")
    var draws = RandomSequence(key)
    let union = GraphBatch([base] + [Graph](repeating: motif, count: count))
    let joints = motif.nodeCount == 0 ? 0 : count
    let anchors = IndexArray((0..<joints).map { _ in draws.next(below: base.nodeCount) })
    let heads = IndexArray((0..<joints).map { union.nodeOffsets[$0 + 1] })
    var result = AttributedGraph(
      Graph(
        nodeCount: union.graph.nodeCount, sources: .joined([union.graph.sources, anchors, heads]),
        targets: .joined([union.graph.targets, heads, anchors])))
    let part = (0..<count).flatMap { _ in 1..<motif.nodeCount + 1 }
    result.nodes["label"] = .labels(IndexArray([Int](repeating: 0, count: base.nodeCount) + part))
    result.nodes["motif"] = .labels(IndexArray(union.graphOfNode.map { $0 - 1 }))
    result.nodes["x"] = .values(Tensor(ones: [result.graph.nodeCount, 1]))
    return result
  }

  /// The house: a square with a roof, five nodes and six edges.
  public static var house: Graph { .known(5, [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4)]) }

  /// Random trees with some rings hung on them: does a molecule contain two rings?
  ///
  /// - Parameters:
  ///   - count: The number of graphs.
  ///   - rings: How many rings a graph can have; each number is equally likely.
  ///   - ringSizes: How many nodes a ring can have, at least 3.
  ///   - treeSizes: How many nodes the tree can have, at least 1.
  ///   - key: The place in the random sequence.
  /// - Returns: The graphs. Global column `y`: the number of rings, which is E − N + 1 with E undirected edges; node column `x`: ones.
  public static func ringCounting(
    count: Int, rings: ClosedRange<Int> = 0...2, ringSizes: ClosedRange<Int> = 3...6,
    treeSizes: ClosedRange<Int> = 4...12, key: RandomKey
  ) -> [AttributedGraph] {
    require(
      rings.lowerBound >= 0 && ringSizes.lowerBound >= 3 && treeSizes.lowerBound >= 1,
      "ringCounting: \(rings) rings of \(ringSizes) nodes on trees of \(treeSizes); there have to be at least 0, 3 and 1"
    )
    return (0..<count).map { number in
      var draws = RandomSequence(key.stream(number))
      func draw(_ range: ClosedRange<Int>) -> Int { range.lowerBound + draws.next(below: range.count) }
      let treeSize = draw(treeSizes), ringCount = draw(rings)
      var edges = (1..<Swift.max(1, treeSize)).map { (draws.next(below: $0), $0) }
      var nodeCount = treeSize
      for _ in 0..<ringCount {
        let size = draw(ringSizes), anchor = draws.next(below: nodeCount)
        edges += (0..<size).map { (nodeCount + $0, nodeCount + ($0 + 1) % size) }
        edges.append((anchor, nodeCount))
        nodeCount += size
      }
      var graph = AttributedGraph(.known(nodeCount, edges))
      graph.nodes["x"] = .values(Tensor(ones: [nodeCount, 1]))
      graph.global["y"] = .labels([ringCount])
      return graph
    }
  }

  /// Hits that particles leave in the layers of a detector, and every edge that could be part of a track.
  ///
  /// Particles fly straight from near the origin; each crosses every layer once. All hits of neighbouring layers are joined, from
  /// the inner to the outer, and the task is to tell which of these edges belong to one particle, so that pruning the others
  /// leaves the tracks.
  ///
  /// - Parameters:
  ///   - particles: The number of particles.
  ///   - layers: The number of layers, at radii 1, 2, ….
  ///   - noise: The standard deviation of a hit's position.
  ///   - key: The place in the random sequence.
  /// - Returns: The event. Node columns `x`: position, [N, 3], `particle`, `layer`; edge column `label`: 1 where both ends are of one
  ///   particle, else 0.
  public static func particleTracks(
    particles: Int, layers: Int = 6, noise: Double = 0.02, key: RandomKey
  ) -> AttributedGraph {
    require(
      particles >= 0 && layers >= 0,
      "particleTracks: \(particles) particles in \(layers) layers; there cannot be fewer than 0")
    let raw = Tensor(normal: [particles, 3], key: key.stream(0), dtype: .float64).scalars(as: Double.self)
    let blur = Tensor(
      normal: [layers * particles * 3], standardDeviation: noise, key: key.stream(1), dtype: .float64
    ).scalars(as: Double.self)
    var positions: [Double] = []
    for layer in 0..<layers {
      for particle in 0..<particles {
        let direction = raw[3 * particle..<3 * particle + 3]
        let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (axis, component) in direction.enumerated() {
          positions.append(Double(layer + 1) * component / length + blur[(layer * particles + particle) * 3 + axis])
        }
      }
    }
    var sources: [Int] = [], targets: [Int] = [], labels: [Int] = []
    for layer in 1..<Swift.max(1, layers) {
      for outer in 0..<particles {
        for inner in 0..<particles {
          sources.append((layer - 1) * particles + inner)
          targets.append(layer * particles + outer)
          labels.append(inner == outer ? 1 : 0)
        }
      }
    }
    let nodeCount = layers * particles
    var event = AttributedGraph(
      Graph(nodeCount: nodeCount, sources: IndexArray(sources), targets: IndexArray(targets)))
    event.nodes["x"] = .values(Tensor(positions, shape: [nodeCount, 3]))
    event.nodes["particle"] = .labels(IndexArray((0..<nodeCount).map { $0 % Swift.max(1, particles) }))
    event.nodes["layer"] = .labels(IndexArray((0..<nodeCount).map { $0 / Swift.max(1, particles) }))
    event.edges["label"] = .labels(IndexArray(labels).gathered(event.graph.edgeOrder))
    return event
  }
}
