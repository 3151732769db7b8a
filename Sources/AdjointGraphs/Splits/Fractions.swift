extension Int {
  /// A fraction of a count, as a whole number.
  ///
  /// A product that is a whole number but for the rounding of the fraction counts as that number: 0.29 of 100 is 29.
  func part(_ fraction: Double, _ rule: FloatingPointRoundingRule = .down) -> Int {
    let exact = fraction * Double(self), whole = exact.rounded()
    return Int(Swift.abs(exact - whole) <= 2 * exact.ulp ? whole : exact.rounded(rule))
  }
}
