/// A few seeds and what their values depend on, with features.
public struct MiniBatch: Sendable {
  /// The part of the graph, with its rows of every column.
  public let part: AttributedGraph
  /// For every node its number in the whole graph; the seeds come first.
  public let nodes: IndexArray
  /// The number of seeds: rows `0 ..< seedCount` of a result are theirs.
  public let seedCount: Int
  /// How many nodes were known after each hop, the seeds at 0.
  public let nodesAfterHop: [Int]

  /// The graph of the part.
  public var graph: Graph { part.graph }
  /// What each layer of a model with as many layers as hops needs, the first layer's first: ``SampledGraph/blocks``.
  public var blocks: [Graph] { graph.blocks(nodesAfterHop) }
  /// The seeds' numbers in the whole graph.
  public var seeds: IndexArray { nodes.part(0..<seedCount) }
}

/// Goes through nodes in mini-batches, each with the sampled surroundings of its seeds.
///
///     let loader = NeighbourLoader(cora, seeds: split.train, batchSize: 64, fanOuts: [10, 5], key: key)
///     for batch in loader.epoch(3) {
///       let logits = model(Variable(batch.part.nodes.values("x")), on: batch.graph).rows(0..<batch.seedCount)
///     }
///
/// A model that takes the blocks of a batch, as ``GraphSAGE`` does, computes the same rows for the seeds and no others:
/// `model(x, on: batch.blocks)`. An epoch depends on its number and the key alone: it can be gone through again, from the middle too.
public struct NeighbourLoader: Sendable {
  /// The whole graph with its columns.
  public let whole: AttributedGraph
  /// The nodes that are gone through.
  public let seeds: IndexArray
  /// The number of seeds in a batch; the last may have fewer.
  public let batchSize: Int
  /// Whether each epoch has an order of its own.
  public let isShuffled: Bool
  private let sampler: NeighbourSampler
  private let key: RandomKey

  /// A loader.
  ///
  /// - Parameters:
  ///   - whole: The whole graph with its columns.
  ///   - seeds: The nodes to go through; all of them if nil.
  ///   - batchSize: The number of seeds in a batch, at least 1.
  ///   - fanOuts: How many edges each node is given at each hop; nil for all.
  ///   - isShuffled: Whether each epoch has an order of its own; otherwise it is that of the seeds.
  ///   - key: The place in the random sequence.
  public init(
    _ whole: AttributedGraph, seeds: IndexArray? = nil, batchSize: Int, fanOuts: [Int?], isShuffled: Bool = true,
    key: RandomKey
  ) {
    require(batchSize >= 1, "NeighbourLoader: a batch of \(batchSize) seeds; there has to be at least 1")
    (self.whole, self.batchSize, self.isShuffled, self.key) = (whole, batchSize, isShuffled, key)
    self.seeds = seeds ?? IndexArray(0..<whole.graph.nodeCount)
    sampler = NeighbourSampler(whole.graph, fanOuts: fanOuts)
  }

  /// The number of batches in an epoch.
  public var batchCount: Int { (seeds.count + batchSize - 1) / batchSize }

  /// The batches of an epoch, each made when it is asked for.
  ///
  /// - Parameter number: The number of the epoch, from 0.
  /// - Returns: The batches; each seed is in exactly one.
  public func epoch(_ number: Int) -> LazyMapCollection<Range<Int>, MiniBatch> {
    let key = key.stream(number)
    let order = isShuffled ? IndexArray(key.stream(0).permutation(seeds.count)) : IndexArray(0..<seeds.count)
    return (0..<batchCount).lazy.map { batch in
      let range = batch * batchSize..<Swift.min(seeds.count, (batch + 1) * batchSize)
      let sampled = sampler.sample(seeds.gathered(order.part(range)), key: key.stream(batch + 1))
      return MiniBatch(
        part: whole.rearranged(to: sampled.graph, nodes: sampled.nodes), nodes: sampled.nodes,
        seedCount: sampled.seedCount, nodesAfterHop: sampled.nodesAfterHop)
    }
  }
}
