extension Graph {
  /// What a recurrent cell remembers of the messages that reach each node, read one after another.
  ///
  ///     s₀ = zero state,   sₜ = cell(m[eₜ], sₜ₋₁),   y[i] = the output of s_d      e₁ … e_d: the edges that reach i
  ///
  ///     graph.reduce(.source(x), by: lstm)                 // in the stored order
  ///     graph.reduce(.source(x), by: lstm, shuffled: key)  // in a random one
  ///
  /// The result depends on the order of the edges: that in which they were given, or one drawn from a key. A node that no message
  /// reaches gets the output of the zero state.
  ///
  /// Source: Hamilton, Ying & Leskovec, *Inductive Representation Learning on Large Graphs*, NeurIPS 2017, section 3.3.
  ///
  /// - Parameters:
  ///   - message: The messages, `[edgeCount, D]`; ones of another rank stop the program.
  ///   - cell: A cell with D inputs.
  ///   - key: The place in the random sequence for the order of each node's edges; nil for the stored order.
  /// - Returns: `[nodeCount, units]`.
  /// - Complexity: As many steps as twice the largest in-degree, on fewer than 2 E rows in all: nodes of like degree go together.
  public func reduce<Cell: RecurrentCell>(
    _ message: some Message, by cell: Cell, shuffled key: RandomKey? = nil
  ) -> Variable {
    reducing(message) { messages, targets, count in
      require(
        messages.rank == 2, "reduce: messages of shape \(messages.shape); a recurrent cell reads rows of one axis")
      let neighbours = OrderedNeighbours(targets, count: count, shuffled: key)
      var outputs: [Variable] = [], place = [Int](repeating: 0, count: count), next = 0
      for nodes in neighbours.batches {
        let lengths = nodes.map(neighbours.degree), steps = lengths.max() ?? 0
        let x = messages.gatherRows(neighbours.edges(of: nodes, steps: steps))
        outputs.append(
          cell.sequence(
            over: x.reshaped(to: [steps, nodes.count, messages.shape[1]]),
            from: cell.zeroState(batch: nodes.count, dtype: messages.dtype), lengths: IndexArray(lengths),
            reversed: false
          ).last.hidden)
        for node in nodes {
          place[node] = next
          next += 1
        }
      }
      for node in 0..<count where neighbours.degree(node) == 0 { place[node] = next }
      outputs.append(cell.zeroState(batch: 1, dtype: messages.dtype).hidden)
      return concatenate(outputs, along: 0).gatherRows(IndexArray(place))
    }
  }
}

/// The edges that reach each node, in an order.
private struct OrderedNeighbours {
  private let offsets: IndexArray
  private let order: [Int]

  init(_ targets: IndexArray, count: Int, shuffled key: RandomKey?) {
    let offsets = targets.grouped(into: count, operation: "reduce").offsets
    var order = Array(0..<targets.count)
    if let key {
      let draws = Tensor(uniform: [targets.count], key: key, dtype: .float64).scalars(as: Double.self)
      for node in 0..<count {
        order[offsets[node]..<offsets[node + 1]].sort { (draws[$0], $0) < (draws[$1], $1) }
      }
    }
    (self.offsets, self.order) = (offsets, order)
  }

  func degree(_ node: Int) -> Int { offsets[node + 1] - offsets[node] }

  /// The nodes that edges reach: those of degree 1, of 2 to 3, of 4 to 7 and so on, so that little is filled up.
  var batches: [[Int]] {
    var found: [Int: [Int]] = [:]
    for node in 0..<offsets.count - 1 where degree(node) > 0 {
      found[degree(node).leadingZeroBitCount, default: []].append(node)
    }
    return found.sorted { $0.key > $1.key }.map(\.value)
  }

  /// For each step the edge of each node; any edge where a node has no more, which is not read.
  func edges(of nodes: [Int], steps: Int) -> IndexArray {
    IndexArray(
      (0..<steps).flatMap { step in
        nodes.map { order[offsets[$0] + Swift.min(step, degree($0) - 1)] }
      })
  }
}
