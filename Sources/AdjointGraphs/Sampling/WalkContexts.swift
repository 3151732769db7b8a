extension NodePairs {
  /// The pairs of nodes that walks visit within a window of each other: (w[i], w[j]) for 0 < |i − j| ≤ `window`.
  ///
  /// With ``reconstructionLoss(_:_:edges:nonEdges:)`` and pairs drawn at random these pairs train node embeddings as DeepWalk and
  /// node2vec do with negative sampling.
  ///
  /// Source: Perozzi, Al-Rfou & Skiena, *DeepWalk: Online Learning of Social Representations*, KDD 2014, algorithm 2.
  ///
  /// - Parameters:
  ///   - walks: The nodes of walks, one walk after the other, as ``Graph/randomWalks(from:length:p:q:key:)`` gives them; −1 from
  ///     where a walk has ended.
  ///   - length: The number of steps of a walk: each has `length + 1` nodes.
  ///   - window: How far apart two nodes of a pair may be, at least 1.
  /// - Complexity: O(nodes · window).
  public init(visitedTogetherBy walks: IndexArray, length: Int, window: Int) {
    require(
      length >= 0 && window >= 1,
      "NodePairs: walks of \(length) steps and a window of \(window); they have to be at least 0 and 1")
    let nodes = length + 1
    require(
      walks.count % nodes == 0, "NodePairs: \(walks.count) nodes are not walks of \(length) steps, \(nodes) nodes each")
    var pairs: [(Int, Int)] = []
    for start in stride(from: 0, to: walks.count, by: nodes) {
      for i in 0..<nodes where walks[start + i] >= 0 {
        for j in Swift.max(0, i - window)...Swift.min(length, i + window) where j != i && walks[start + j] >= 0 {
          pairs.append((walks[start + i], walks[start + j]))
        }
      }
    }
    self.init(pairs)
  }
}
