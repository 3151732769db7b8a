extension SyntheticTasks {
  /// Where is a phone in a hall, judging by how loud it hears the hall's access points? A regression for each graph.
  ///
  ///     loudness = −40 − 30 lg(d / 1 m) + noise          in dBm, at a distance of d
  ///
  /// Access points stand at random in a square hall of 20 m by 20 m. A phone hears those above −75 dBm, and never fewer than three;
  /// they are the nodes of its graph, with an edge between any two.
  ///
  /// Source: Rappaport, *Wireless Communications*, 2nd edition 2002, section 4.9.1 (the log-distance path loss, exponent 3).
  ///
  /// - Parameters:
  ///   - count: The number of phones.
  ///   - accessPoints: The number of access points, at least 3.
  ///   - noise: The standard deviation of the noise, in dB.
  ///   - key: The place in the random sequence.
  /// - Returns: A graph for each phone. Node column `x`, `[heard, 3]`: the access point's place, and its loudness above −60 dBm
  ///   in units of 10 dB; global column `y`, `[1, 2]`: the phone's place. Places are in units of 10 m, seen from the middle.
  public static func indoorPositions(
    count: Int, accessPoints: Int = 12, noise: Double = 2, key: RandomKey
  ) -> [AttributedGraph] {
    require(
      count >= 0 && accessPoints >= 3,
      "indoorPositions: \(count) phones and \(accessPoints) access points; there have to be at least 0 and 3")
    func places(_ count: Int, _ key: RandomKey) -> [Double] {
      Tensor(uniform: [count, 2], low: -1, high: 1, key: key, dtype: .float64).scalars()
    }
    let stations = places(accessPoints, key.stream(0)), phones = places(count, key.stream(1))
    let squares = (0..<count * accessPoints).map { pair in
      let (phone, station) = (2 * (pair / accessPoints), 2 * (pair % accessPoints))
      let (right, up) = (10 * (stations[station] - phones[phone]), 10 * (stations[station + 1] - phones[phone + 1]))
      return Swift.max(right * right + up * up, 0.01)
    }
    // 30 lg d = 15 / ln 10 · ln d²
    let errors = Tensor(normal: [squares.count], standardDeviation: noise, key: key.stream(2), dtype: .float64)
    let all = (errors - 40 - 6.514417228548778 * log(Tensor(squares, dtype: .float64))).scalars(as: Double.self)
    return (0..<count).map { phone in
      let loudness = all[phone * accessPoints..<(phone + 1) * accessPoints].map { $0 }
      let loudest = loudness.indices.sorted { loudness[$0] > loudness[$1] }
      let heard = loudest.enumerated().filter { $0.offset < 3 || loudness[$0.element] > -75 }.map(\.element).sorted()
      var graph = AttributedGraph(.complete(heard.count))
      let rows = heard.flatMap { [stations[2 * $0], stations[2 * $0 + 1], (loudness[$0] + 60) / 10] }
      graph.nodes["x"] = .values(Tensor(rows, shape: [heard.count, 3]))
      graph.global["y"] = .values(Tensor([phones[2 * phone], phones[2 * phone + 1]], shape: [1, 2]))
      return graph
    }
  }
}
