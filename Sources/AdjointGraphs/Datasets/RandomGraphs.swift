#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Graph {
  /// An undirected random graph: every pair of nodes is joined with the same probability, independently.
  ///
  /// Source: Gilbert, *Random Graphs*, Annals of Mathematical Statistics 30(4), 1959; drawn by the skips of Batagelj & Brandes,
  /// *Efficient generation of large random networks*, Physical Review E 71, 2005.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes.
  ///   - probability: The probability of an edge, in 0 ... 1.
  ///   - key: The place in the random sequence.
  /// - Returns: The graph, in both directions, without self-loops.
  /// - Complexity: O(N + E).
  public static func erdosRenyi(_ nodeCount: Int, probability: Double, key: RandomKey) -> Graph {
    stochasticBlockModel(sizes: [nodeCount], probabilities: [[probability]], key: key).graph
  }

  /// An undirected random graph with communities: whether two nodes are joined depends on their blocks.
  ///
  /// Source: Holland, Laskey & Leinhardt, *Stochastic Blockmodels: First Steps*, Social Networks 5(2), 1983.
  ///
  /// - Parameters:
  ///   - sizes: The number of nodes of each block; blocks follow one another.
  ///   - probabilities: `probabilities[a][b]` is the probability of an edge between a node of block a and one of block b: a
  ///     symmetric square of numbers in 0 ... 1. Anything else stops the program.
  ///   - key: The place in the random sequence.
  /// - Returns: The graph, in both directions, without self-loops, and the block of every node.
  /// - Complexity: O(N + E + blocks²).
  public static func stochasticBlockModel(
    sizes: [Int], probabilities: [[Double]], key: RandomKey
  ) -> (graph: Graph, labels: IndexArray) {
    require(
      probabilities.count == sizes.count && probabilities.allSatisfy { $0.count == sizes.count },
      "stochasticBlockModel: \(sizes.count) blocks need as many rows and columns of probabilities")
    var starts = [0]
    for size in sizes {
      require(size >= 0, "stochasticBlockModel: a block of \(size) nodes")
      starts.append(starts[starts.count - 1] + size)
    }
    var edges: [(Int, Int)] = []
    for a in sizes.indices {
      for b in a..<sizes.count {
        let probability = probabilities[a][b]
        require(
          (0...1).contains(probability) && probabilities[b][a] == probability,
          "stochasticBlockModel: probabilities \(probability) and \(probabilities[b][a]) between blocks \(a) and \(b); they have to be equal and in 0 ... 1"
        )
        let stream = key.stream(a * sizes.count + b)
        let pairs = a == b ? sizes[a] * Swift.max(0, sizes[a] - 1) / 2 : sizes[a] * sizes[b]
        for place in successes(among: pairs, probability, stream) {
          if a == b {
            let (low, high) = pair(place)
            edges.append((starts[a] + low, starts[a] + high))
          } else {
            edges.append((starts[a] + place / sizes[b], starts[b] + place % sizes[b]))
          }
        }
      }
    }
    let labels = IndexArray(sizes.indices.flatMap { [Int](repeating: $0, count: sizes[$0]) })
    return (known(starts[sizes.count], edges), labels)
  }

  /// An undirected random graph that grows: every new node is joined to some that are there, more likely to those with more edges.
  ///
  /// Source: Barabási & Albert, *Emergence of Scaling in Random Networks*, Science 286, 1999.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of nodes, above `attachments`.
  ///   - attachments: The number of edges that every new node brings, at least 1. The first of them is joined to nodes
  ///     `0 ..< attachments`.
  ///   - key: The place in the random sequence.
  /// - Returns: The graph, in both directions: a connected one of `attachments` · (`nodeCount` − `attachments`) edges.
  /// - Complexity: O(N + E · attachments) on average.
  public static func barabasiAlbert(_ nodeCount: Int, attachments: Int, key: RandomKey) -> Graph {
    require(
      attachments >= 1 && attachments < nodeCount,
      "barabasiAlbert: \(attachments) edges for each of \(nodeCount) nodes; there have to be at least 1 and fewer than nodes"
    )
    var draws = RandomSequence(key)
    var edges: [(Int, Int)] = []
    // Every end of every edge: a node is drawn from here as often as it has edges.
    var ends: [Int] = []
    for node in attachments..<nodeCount {
      var chosen: [Int] = []
      while chosen.count < attachments {
        let other = ends.isEmpty ? chosen.count : ends[draws.next(below: ends.count)]
        if !chosen.contains(other) { chosen.append(other) }
        // The first new node takes all that are there.
        if node == attachments { chosen = Array(0..<attachments) }
      }
      for other in chosen {
        edges.append((other, node))
        ends += [other, node]
      }
    }
    return known(nodeCount, edges)
  }
}

/// The places among `count` at which trials of a probability succeed, found by drawing the distances between them.
private func successes(among count: Int, _ probability: Double, _ key: RandomKey) -> [Int] {
  if probability <= 0 { return [] }
  if probability >= 1 { return Array(0..<count) }
  var draws = RandomSequence(key), places: [Int] = [], place = -1
  let scale = log1p(-probability)
  while true {
    let skip = (log1p(-draws.uniform()) / scale).rounded(.down)
    if skip >= Double(count - place - 1) { return places }
    place += 1 + Int(skip)
    places.append(place)
  }
}

/// The pair (low, high), low < high, of a number when pairs are counted (0, 1), (0, 2), (1, 2), (0, 3), …
func pair(_ number: Int) -> (low: Int, high: Int) {
  var high = Int(((Double(8 * number + 1)).squareRoot() + 1) / 2)
  while high * (high - 1) / 2 > number { high -= 1 }
  while (high + 1) * high / 2 <= number { high += 1 }
  return (number - high * (high - 1) / 2, high)
}
