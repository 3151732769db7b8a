extension Graph {
  /// The graph with the same nodes and some of the edges.
  ///
  /// - Parameter edges: Positions in the stored order; one outside it stops the program.
  /// - Returns: The graph. Its ``edgeOrder`` names the stored edges of this one.
  /// - Complexity: O(N + kept edges).
  public func keeping(edges: IndexArray) -> Graph {
    edges.check(within: edgeCount, operation: "keeping", noun: "edge")
    return keeping(edges: edges, degreesInWhole: nil)
  }

  /// Some of the edges, or all in another order, and the degrees to count with.
  func keeping(edges: IndexArray, degreesInWhole: DegreesInWhole?) -> Graph {
    Graph(
      sources: sources.gathered(edges), targets: targets.gathered(edges), origin: edges, sourceCount: sourceCount,
      targetCount: nodeCount, isBipartite: isBipartite, degreesInWhole: degreesInWhole)
  }

  /// The part of the graph between some nodes.
  ///
  /// - Parameter kept: The nodes, each once; node i of the result is `kept[i]`. A node outside the graph or named twice stops
  ///   the program.
  /// - Returns: The induced subgraph. Its ``edgeOrder`` names the stored edges of this one.
  /// - Complexity: O(N + E).
  public func subgraph(of kept: IndexArray) -> Graph {
    requireOneKind("subgraph")
    let newNumber = numbering(kept, "subgraph")
    let (source, target) = (sources.pointer, targets.pointer)
    var edges: [Int32] = []
    for edge in 0..<edgeCount where newNumber[Int(source[edge])] >= 0 && newNumber[Int(target[edge])] >= 0 {
      edges.append(Int32(edge))
    }
    return renumbered(newNumber, edges: IndexArray(words: edges), nodeCount: kept.count)
  }

  /// The graph with other numbers for its nodes.
  ///
  ///     x.gatherRows(inverse of newNumbers)      // the features that belong to it: row newNumbers[v] is the old row v
  ///
  /// - Parameter newNumbers: The new number of every node: a permutation. Anything else stops the program.
  /// - Returns: P A Pᵀ. Its ``edgeOrder`` names the stored edges of this one.
  /// - Complexity: O(N + E).
  public func permuted(_ newNumbers: IndexArray) -> Graph {
    requireOneKind("permuted")
    require(
      newNumbers.count == nodeCount, "permuted: \(newNumbers.count) new numbers for \(nodeCount) nodes")
    let oldNumbers = newNumbers.inversePermutation("permuted")
    let numbers = Array(UnsafeBufferPointer(start: newNumbers.pointer, count: nodeCount))
    return renumbered(
      numbers, edges: nil, nodeCount: nodeCount, degreesInWhole: degreesInWhole?.gathered(oldNumbers))
  }

  /// The nodes within some steps of others.
  ///
  /// - Parameters:
  ///   - seeds: Where the steps end: messages of k layers reach a node from the nodes within k steps.
  ///   - hops: The number of steps. 0 yields the nodes themselves.
  /// - Returns: The nodes from which a seed is reached along the edges in at most `hops` steps: first the seeds in their order,
  ///   then the others, nearer ones first, in ascending order among those equally far.
  /// - Complexity: O(N + the edges met).
  public func neighbourhood(of seeds: IndexArray, hops: Int) -> IndexArray {
    require(hops >= 0, "neighbourhood: \(hops) hops; there cannot be fewer than 0")
    requireOneKind("neighbourhood")
    var isKnown = numbering(seeds, "neighbourhood")
    var found = seeds.map(Int32.init), start = 0
    let (offset, source) = (adjacency.grouping.offsets.pointer, sources.pointer)
    for _ in 0..<hops {
      let end = found.count
      for place in start..<end {
        for edge in Int(offset[Int(found[place])])..<Int(offset[Int(found[place]) + 1]) {
          let node = source[edge]
          if isKnown[Int(node)] < 0 {
            isKnown[Int(node)] = 0
            found.append(node)
          }
        }
      }
      found[end...].sort()
      start = end
    }
    return IndexArray(words: found)
  }

  /// For every node its place in `kept`, or −1.
  func numbering(_ kept: IndexArray, _ operation: String) -> [Int32] {
    kept.check(within: nodeCount, operation: operation, noun: "node")
    var newNumber = [Int32](repeating: -1, count: nodeCount)
    for (new, old) in kept.enumerated() {
      require(newNumber[old] < 0, "\(operation): node \(old) at row \(new) is named twice")
      newNumber[old] = Int32(new)
    }
    return newNumber
  }

  /// Some edges, or all, between nodes with other numbers.
  func renumbered(
    _ newNumber: [Int32], edges: IndexArray?, nodeCount: Int, degreesInWhole: DegreesInWhole? = nil
  ) -> Graph {
    let (oldSource, oldTarget, kept) = (sources.pointer, targets.pointer, edges?.pointer)
    let count = edges?.count ?? edgeCount
    func ends(_ old: UnsafePointer<Int32>) -> IndexArray {
      IndexArray(count: count) { result in
        for edge in 0..<count { result[edge] = newNumber[Int(old[kept.map { Int($0[edge]) } ?? edge])] }
      }
    }
    return Graph(
      sources: ends(oldSource), targets: ends(oldTarget), origin: edges, sourceCount: nodeCount,
      targetCount: nodeCount, isBipartite: false, degreesInWhole: degreesInWhole)
  }
}

extension IndexArray {
  /// The permutation that undoes this one; anything that is no permutation stops the program.
  func inversePermutation(_ operation: String) -> IndexArray {
    var inverse = [Int32](repeating: -1, count: count)
    for (old, new) in enumerated() {
      require(
        new >= 0 && new < count && inverse[new] < 0,
        "\(operation): \(new) at row \(old) \(new >= 0 && new < count ? "is there twice" : "is outside 0 ..< \(count)"); the numbers have to be a permutation"
      )
      inverse[new] = Int32(old)
    }
    return IndexArray(words: inverse)
  }
}
