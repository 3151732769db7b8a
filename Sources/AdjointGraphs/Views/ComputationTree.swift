/// What a node's value is computed from, unrolled: a root, the nodes whose messages reach it, those whose messages reach them.
///
///     print(graph.computationTree(of: 0, depth: 2).text { ["A", "B", "C", "D", "E", "F"][$0] })
///
/// Every node has a tree of its own, in which other nodes appear again and again; a layered evaluation computes each of them once.
public struct ComputationTree: Sendable {
  /// The node.
  public let node: Int
  /// The trees of the nodes with edges to it, one level less deep, in the stored order of the edges.
  public let children: [ComputationTree]

  /// The number of nodes in the tree, the root and repetitions included.
  public var size: Int { children.reduce(1) { $0 + $1.size } }

  /// A value computed along the tree, from the leaves up.
  ///
  /// - Parameters:
  ///   - depth: The number of levels to go down, at most those that the tree has.
  ///   - leaf: The value of a node at the lowest level: its features.
  ///   - combine: The value of a node from its own at the level below and those of the nodes that send to it. The level is 1 just
  ///     above the leaves.
  /// - Returns: The value of the root: what as many layers as the tree has levels give for it.
  public func evaluate<Value>(
    depth: Int, leaf: (Int) -> Value, combine: (_ level: Int, _ own: Value, _ neighbours: [Value]) -> Value
  ) -> Value {
    if depth == 0 { return leaf(node) }
    // A node's own value one level down is what a tree without its lowest level gives.
    return combine(
      depth, evaluate(depth: depth - 1, leaf: leaf, combine: combine),
      children.map { $0.evaluate(depth: depth - 1, leaf: leaf, combine: combine) })
  }

  /// The tree as text, a line for each node, children below their parent.
  ///
  /// - Parameter name: What a node is called.
  /// - Returns: Lines that end in a line feed each.
  public func text(_ name: (Int) -> String = { "\($0)" }) -> String {
    var result = "\(name(node))\n"
    func add(_ tree: ComputationTree, _ prefix: String) {
      for (place, child) in tree.children.enumerated() {
        let isLast = place == tree.children.count - 1
        result += "\(prefix)\(isLast ? "└─ " : "├─ ")\(name(child.node))\n"
        add(child, prefix + (isLast ? "   " : "│  "))
      }
    }
    add(self, "")
    return result
  }
}

extension Graph {
  /// The tree of what a node's value is computed from.
  ///
  /// - Parameters:
  ///   - node: The root.
  ///   - depth: The number of layers. The tree grows exponentially with it; ``computationTreeSizes(depth:)`` counts without making it.
  /// - Returns: The tree, at most a million nodes on at most 1000 levels below the root; a larger one stops the program.
  public func computationTree(of node: Int, depth: Int) -> ComputationTree {
    require(node >= 0 && node < nodeCount, "computationTree: node \(node) is outside 0 ..< \(nodeCount)")
    require(depth <= 1000, "computationTree: a depth of \(depth); more than 1000 levels are too many")
    let size = computationTreeSizes(depth: depth)[node]
    require(
      size <= 1e6, "computationTree: the tree of node \(node) has \(size) nodes at depth \(depth); that is too many")
    let offset = adjacency.grouping.offsets
    func tree(_ node: Int, _ depth: Int) -> ComputationTree {
      ComputationTree(
        node: node,
        children: depth == 0 ? [] : (offset[node]..<offset[node + 1]).map { tree(sources[$0], depth - 1) })
    }
    return tree(node, depth)
  }

  /// How many nodes the computation tree of every node has: 1 + Σ over the nodes that send to it of one level less.
  ///
  /// - Parameter depth: The number of layers.
  /// - Returns: A number for each node, as large as it gets. A layered evaluation computes `nodeCount * (depth + 1)` values in all.
  /// - Complexity: O(depth · (N + E)).
  public func computationTreeSizes(depth: Int) -> [Double] {
    requireOneKind("computationTreeSizes")
    require(depth >= 0, "computationTreeSizes: a depth of \(depth); it must not be negative")
    var sizes = [Double](repeating: 1, count: nodeCount)
    for _ in 0..<depth {
      var next = [Double](repeating: 1, count: nodeCount)
      for edge in 0..<edgeCount { next[targets[edge]] += sizes[sources[edge]] }
      sizes = next
    }
    return sizes
  }

  /// The nodes that a node's value depends on after some layers, by their distance.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - layers: The number of layers.
  /// - Returns: `layers + 1` lists: the node itself, its neighbours, and so on; the last may be empty. Nodes ascend.
  /// - Complexity: O(N + E).
  public func receptiveField(of node: Int, layers: Int) -> [[Int]] {
    require(layers >= 0, "receptiveField: \(layers) layers; there cannot be fewer than 0")
    let distances = hopDistances(to: node)
    var field = [[Int]](repeating: [], count: layers + 1)
    for other in 0..<nodeCount {
      let hops = distances[other]
      if hops >= 0 && hops <= layers { field[hops].append(other) }
    }
    return field
  }
}
