import Adjoint

/// A kind of network, with about four edges at a node, and trees.
enum Kind: String, CaseIterable {
  case random, hubs, communities, grid, tree

  /// The kind's number, from 0.
  var number: Int { Kind.allCases.firstIndex(of: self) ?? 0 }

  /// A network of this kind with about so many nodes.
  func network(nodes: Int, key: RandomKey) -> Graph {
    switch self {
    case .random: return .erdosRenyi(nodes, probability: 4 / Double(nodes - 1), key: key)
    case .hubs: return .barabasiAlbert(nodes, attachments: 2, key: key)
    case .communities:
      // Dense groups of eight, and few edges between them.
      let groups = nodes / 8, between = 0.5 / Double(nodes)
      let probabilities = (0..<groups).map { a in (0..<groups).map { $0 == a ? 0.7 : between } }
      return Graph.stochasticBlockModel(
        sizes: [Int](repeating: 8, count: groups), probabilities: probabilities, key: key
      ).graph
    case .grid: return .grid(rows: nodes / 6, columns: 6)
    case .tree: return .barabasiAlbert(nodes, attachments: 1, key: key)
    }
  }
}
