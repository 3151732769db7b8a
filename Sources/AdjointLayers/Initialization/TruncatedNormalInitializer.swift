extension Initializer {
  /// Normal, but what lies further than some deviations from the mean is drawn again.
  ///
  /// - Parameters:
  ///   - mean: The mean.
  ///   - standardDeviation: The standard deviation of the normal distribution that is cut off.
  ///   - limit: How many deviations from the mean are allowed, at least ½.
  /// - Returns: The initializer.
  public static func truncatedNormal(
    mean: Double = 0, standardDeviation: Double = 1, limit: Double = 2
  ) -> Initializer {
    require(limit >= 0.5, "Initializer: a normal distribution cut off at \(limit) deviations is below 0.5")
    return Initializer { shape, key, dtype in
      func draws(_ round: Int) -> [Double] {
        Tensor(normal: shape, key: key.stream(round), dtype: .float64).scalars()
      }
      var values = draws(0), round = 0
      var outside = values.indices.filter { values[$0].magnitude > limit }
      while !outside.isEmpty {
        round += 1
        let again = draws(round)
        for i in outside { values[i] = again[i] }
        outside.removeAll { values[$0].magnitude <= limit }
      }
      return Tensor(values.map { mean + standardDeviation * $0 }, shape: shape, dtype: dtype)
    }
  }
}
