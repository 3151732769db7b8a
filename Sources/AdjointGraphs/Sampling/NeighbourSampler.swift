import Synchronization

/// The part of a graph that a few nodes' values depend on, or a random part of that.
public struct SampledGraph: Sendable {
  /// The nodes and edges that were met. Its ``Graph/edgeOrder`` names stored edges of the whole graph.
  public let graph: Graph
  /// For every node its number in the whole graph: first the seeds, then the others as they were met.
  public let nodes: IndexArray
  /// The number of seeds: rows `0 ..< seedCount` of a result are theirs.
  public let seedCount: Int
  /// How many nodes were known after each hop, the seeds at 0.
  public let nodesAfterHop: [Int]

  /// What each layer of a model with as many layers as hops needs, the first layer's first.
  ///
  /// A block is a bipartite graph: its sources are the nodes known after one hop, its targets those known a hop before, the
  /// first of the sources. The targets of one block are the sources of the next, and those of the last are the seeds, so that
  /// a model spends nothing on rows that no seed depends on:
  ///
  ///     zip(layers, part.blocks).reduce(x) { h, next in
  ///       next.0(sources: h, targets: h.rows(0..<next.1.nodeCount), on: next.1)
  ///     }
  ///
  /// - Complexity: O(edges met) for all blocks.
  public var blocks: [Graph] { graph.blocks(nodesAfterHop) }
}

extension Graph {
  /// The graphs that lead from the first `counts[h + 1]` nodes to the first `counts[h]`, the last one first.
  func blocks(_ counts: [Int]) -> [Graph] {
    zip(counts, counts.dropFirst()).reversed().map { targetCount, sourceCount in
      // Edges lie in the order of their targets.
      let edges = 0..<adjacency.grouping.offsets[targetCount]
      return Graph(
        sources: sources.part(edges), targets: targets.part(edges), origin: edgeOrder.part(edges),
        sourceCount: sourceCount, targetCount: targetCount, isBipartite: true)
    }
  }
}

/// Draws neighbours of neighbours, so that a model of k layers can be trained on a few nodes at a time.
///
///     let sampler = NeighbourSampler(graph, fanOuts: [10, 5])
///     let part = sampler.sample([4, 8], key: key)
///     let logits = model(Variable(x.gatherRows(part.nodes)), on: part.graph).rows(0..<part.seedCount)
///
/// Hop h brings, for each node that was new in the hop before, `fanOuts[h]` of the edges that reach it, without repetition, or all
/// of them. If every fan-out is nil, the rows of the seeds are the same as on the whole graph for a model of as many layers,
/// mean and maximum included: each node within reach has all its edges, in their order. ``Graph/symmetricWeights`` and the
/// normalisation of ``ChebConv`` take the degrees of nodes whose edges were not cut from the whole graph, since nodes at the rim
/// have fewer here; a node whose edges were cut counts with those that were drawn.
///
/// Source: Hamilton, Ying & Leskovec, *Inductive Representation Learning on Large Graphs*, NeurIPS 2017, section 3.1 and appendix A.
public struct NeighbourSampler: Sendable {
  /// The whole graph.
  public let graph: Graph
  /// How many edges each node is given at each hop; nil for all.
  public let fanOuts: [Int?]
  private let degrees: DegreesInWhole
  private let scratch: Scratch

  /// A sampler.
  ///
  /// - Parameters:
  ///   - graph: The whole graph.
  ///   - fanOuts: How many edges each node is given at each hop, the seeds' first; nil for all. One number for each layer of the
  ///     model.
  public init(_ graph: Graph, fanOuts: [Int?]) {
    graph.requireOneKind("NeighbourSampler")
    for case let fanOut? in fanOuts {
      require(fanOut >= 0, "NeighbourSampler: a fan-out of \(fanOut); it must not be negative")
    }
    (self.graph, self.fanOuts) = (graph, fanOuts)
    scratch = Scratch(graph.nodeCount)
    degrees = graph.degreesInWhole ?? .own(graph)
  }

  /// Draws the surroundings of some nodes.
  ///
  /// - Parameters:
  ///   - seeds: Nodes, each once. One outside the graph or named twice stops the program.
  ///   - key: The place in the random sequence; the same key draws the same edges.
  /// - Returns: The nodes and edges met.
  /// - Complexity: Proportional to the edges met, not to the graph.
  public func sample(_ seeds: IndexArray, key: RandomKey) -> SampledGraph {
    seeds.check(within: graph.nodeCount, operation: "NeighbourSampler", noun: "seed")
    let (offset, source) = (graph.adjacency.grouping.offsets.pointer, graph.sources.pointer)
    var draws = RandomSequence(key)
    return scratch.withNumbers { number in
      var nodes: [Int32] = [], edges: [Int32] = [], sources: [Int32] = [], targets: [Int32] = []
      var cut: [(node: Int, degree: Int, loops: Int)] = []
      for (row, seed) in seeds.enumerated() {
        require(number[seed] < 0, "NeighbourSampler: seed \(seed) at row \(row) is named twice")
        number[seed] = Int32(row)
        nodes.append(Int32(seed))
      }
      var counts = [nodes.count], start = 0
      for fanOut in fanOuts {
        let end = nodes.count
        for target in start..<end {
          let first = Int(offset[Int(nodes[target])]), degree = Int(offset[Int(nodes[target]) + 1]) - first
          func take(_ edge: Int) {
            let node = Int(source[edge])
            if number[node] < 0 {
              number[node] = Int32(nodes.count)
              nodes.append(Int32(node))
            }
            edges.append(Int32(edge))
            sources.append(number[node])
            targets.append(Int32(target))
          }
          if let fanOut, fanOut < degree {
            let own = nodes[target]
            var loops = 0
            for place in draws.sample(fanOut, below: degree).sorted() {
              take(first + place)
              if source[first + place] == own { loops += 1 }
            }
            cut.append((target, fanOut, loops))
          } else {
            for edge in first..<first + degree { take(edge) }
          }
        }
        start = end
        counts.append(nodes.count)
      }
      for node in nodes { number[Int(node)] = -1 }
      func ofNodes(_ whole: IndexArray) -> [Int32] { nodes.map { whole.pointer[Int($0)] } }
      var inDegrees = ofNodes(degrees.degrees), outDegrees = ofNodes(degrees.outDegrees)
      var loops = ofNodes(degrees.loops)
      // What is left of a node's edges stands for all of them.
      for (node, degree, loopCount) in cut {
        (inDegrees[node], outDegrees[node], loops[node]) = (Int32(degree), Int32(degree), Int32(loopCount))
      }
      return SampledGraph(
        graph: Graph(
          sources: IndexArray(words: sources), targets: IndexArray(words: targets), origin: IndexArray(words: edges),
          sourceCount: nodes.count, targetCount: nodes.count, isBipartite: false,
          degreesInWhole: DegreesInWhole(
            degrees: IndexArray(words: inDegrees), outDegrees: IndexArray(words: outDegrees),
            loops: IndexArray(words: loops))),
        nodes: IndexArray(words: nodes), seedCount: seeds.count, nodesAfterHop: counts)
    }
  }
}

/// A number for each node of the graph, −1 between calls, so that a call need not touch those it does not meet.
private final class Scratch: Sendable {
  private let spare = Mutex<[[Int32]]>([])
  private let count: Int

  init(_ count: Int) { self.count = count }

  func withNumbers<Result>(_ body: (inout [Int32]) -> Result) -> Result {
    var numbers = spare.withLock { $0.popLast() } ?? [Int32](repeating: -1, count: count)
    defer { spare.withLock { $0.append(numbers) } }
    return body(&numbers)
  }
}
