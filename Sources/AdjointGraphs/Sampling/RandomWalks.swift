extension Graph {
  /// Random walks along the edges, from source to target.
  ///
  /// The step after t → v goes to a neighbour x of v with a probability proportional to 1 / p if x is t, to 1 if there is an edge
  /// t → x, and to 1 / q otherwise; with p = q = 1 all neighbours are equally likely. A repeated edge counts as often as it is
  /// there. A walk that meets a node without outgoing edges ends.
  ///
  /// Source: Grover & Leskovec, *node2vec: Scalable Feature Learning for Networks*, KDD 2016, section 3.2; with p = q = 1 Perozzi,
  /// Al-Rfou & Skiena, *DeepWalk: Online Learning of Social Representations*, KDD 2014.
  ///
  /// - Parameters:
  ///   - starts: The first node of every walk.
  ///   - length: The number of steps.
  ///   - p: How unlikely it is to go back, above 0.
  ///   - q: How unlikely it is to go further away, above 0.
  ///   - key: The place in the random sequence; walk i draws from its stream i.
  /// - Returns: `length + 1` nodes for each walk, one walk after the other; −1 from where a walk has ended.
  /// - Complexity: O(N + E) once, then O(walks · length) for p = q = 1, and a factor of log(degree) otherwise on average.
  public func randomWalks(
    from starts: IndexArray, length: Int, p: Double = 1, q: Double = 1, key: RandomKey
  ) -> IndexArray {
    requireOneKind("randomWalks")
    require(length >= 0, "randomWalks: \(length) steps; there cannot be fewer than 0")
    require(p > 0 && q > 0 && p.isFinite && q.isFinite, "randomWalks: p is \(p) and q is \(q); both have to be above 0")
    starts.check(within: nodeCount, operation: "randomWalks", noun: "node")
    let neighbours = OutgoingNeighbours(self), isBiased = p != 1 || q != 1
    return IndexArray(count: starts.count * (length + 1)) { result in
      for walk in 0..<starts.count {
        let path = result + walk * (length + 1)
        path.initialize(repeating: -1, count: length + 1)
        var draws = RandomSequence(key.stream(walk))
        path[0] = starts.pointer[walk]
        for step in 0..<length {
          let node = Int(path[step]), degree = neighbours.degree(node)
          if degree == 0 { break }
          path[step + 1] =
            isBiased && step > 0
            ? neighbours.biased(node, after: Int(path[step - 1]), p, q, &draws)
            : neighbours[node, draws.next(below: degree)]
        }
      }
    }
  }
}

/// The targets of each node's outgoing edges, ascending.
private struct OutgoingNeighbours {
  private let rows: RowGrouping
  private let offset: UnsafePointer<Int32>, target: UnsafePointer<Int32>

  init(_ graph: Graph) {
    // Stored by target, so that within a source the targets ascend. The graph keeps the grouping alive.
    rows = graph.adjacency.transposedGrouping
    offset = rows.offsets.pointer
    target = (rows.columns ?? graph.targets).pointer
  }

  func degree(_ node: Int) -> Int { Int(offset[node + 1] - offset[node]) }

  subscript(node: Int, place: Int) -> Int32 { target[Int(offset[node]) + place] }

  private func hasEdge(_ source: Int, _ node: Int32) -> Bool {
    var low = Int(offset[source]), high = Int(offset[source + 1])
    while low < high {
      let middle = (low + high) / 2
      if target[middle] < node { low = middle + 1 } else { high = middle }
    }
    return low < Int(offset[source + 1]) && target[low] == node
  }

  /// A neighbour of a node by the weights of node2vec.
  func biased(_ node: Int, after last: Int, _ p: Double, _ q: Double, _ draws: inout RandomSequence) -> Int32 {
    func weight(_ next: Int32) -> Double { Int(next) == last ? 1 / p : hasEdge(last, next) ? 1 : 1 / q }
    let degree = degree(node), largest = Swift.max(1, 1 / p, 1 / q)
    // Rejection is quick where weights are alike; whatever it accepts has the right distribution.
    for _ in 0..<16 {
      let next = self[node, draws.next(below: degree)]
      if draws.uniform() * largest < weight(next) { return next }
    }
    var sum = 0.0
    for place in 0..<degree { sum += weight(self[node, place]) }
    var rest = draws.uniform() * sum
    for place in 0..<degree {
      rest -= weight(self[node, place])
      if rest < 0 { return self[node, place] }
    }
    return self[node, degree - 1]
  }
}
