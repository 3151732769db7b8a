/// The places of true candidates among all, by score: how link prediction and retrieval are judged.
///
///     let ranks = Ranks(scores: scores, truths: truths)      // scores: [Q, C], a truth for each query
///     ranks.meanReciprocalRank
///     ranks.hits(at: 10)
///
/// The best place is 1. A truth that shares its score with others takes the mean of the places they share, so that a constant
/// score is worth no more than chance. In the filtered setting, candidates that are also true do not count.
///
/// Source: Bordes et al., *Translating Embeddings for Modeling Multi-relational Data*, NIPS 2013, section 4.1 (filtered ranks).
public struct Ranks: Sendable, Equatable {
  /// The place of each query's truth, from 1.
  public let places: [Double]

  /// Ranks the truth of every query among its candidates.
  ///
  /// - Parameters:
  ///   - scores: The scores of the candidates of each query, `[Q, C]`, the larger the better. NaN stops the program.
  ///   - truths: The true candidate of each query.
  ///   - filtered: For each query, candidates that do not count, such as other true ones; none if left out. The truth itself
  ///     counts even when it is listed.
  /// - Complexity: O(Q C).
  public init(scores: Tensor, truths: IndexArray, filtered: [[Int]]? = nil) {
    require(scores.rank == 2, "Ranks: scores of shape \(scores.shape); they are [queries, candidates]")
    let (queries, candidates) = (scores.shape[0], scores.shape[1])
    require(truths.count == queries, "Ranks: \(truths.count) truths for \(queries) queries")
    if let filtered { require(filtered.count == queries, "Ranks: \(filtered.count) filters for \(queries) queries") }
    truths.check(within: candidates, operation: "Ranks", noun: "truth")
    let all = scores.scalars(as: Double.self)
    places = (0..<queries).map { query in
      var row = Array(all[query * candidates..<(query + 1) * candidates])
      for (candidate, score) in row.enumerated() where score.isNaN {
        stop("Ranks: the score of candidate \(candidate) of query \(query) is NaN")
      }
      let truth = row[truths[query]]
      row[truths[query]] = -.infinity
      var counts = [Bool](repeating: true, count: candidates)
      counts[truths[query]] = false
      for candidate in filtered?[query] ?? [] {
        require(
          candidate >= 0 && candidate < candidates,
          "Ranks: filtered candidate \(candidate) of query \(query) is outside 0 ..< \(candidates)")
        counts[candidate] = false
      }
      var better = 0, equal = 0
      for candidate in 0..<candidates where counts[candidate] {
        if row[candidate] > truth { better += 1 } else if row[candidate] == truth { equal += 1 }
      }
      return 1 + Double(better) + Double(equal) / 2
    }
  }

  /// The mean of 1 / place; NaN without queries.
  public var meanReciprocalRank: Double { places.reduce(0) { $0 + 1 / $1 } / Double(places.count) }

  /// The share of queries whose truth is among the first `limit`; NaN without queries.
  ///
  /// - Parameter limit: The last place that counts.
  /// - Returns: A share from 0 to 1.
  public func hits(at limit: Int) -> Double {
    Double(places.count { $0 <= Double(limit) }) / Double(places.count)
  }
}
