#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A place on an axis that is marked: a whole number times a power of ten, so that its label is exact.
struct Tick: Equatable {
  /// The place.
  let value: Double
  /// What stands beside it; empty for a small mark.
  var label = ""
  fileprivate let digits: Int
  fileprivate let exponent: Int

  fileprivate init(_ digits: Int, _ exponent: Int) {
    (self.digits, self.exponent) = (digits, exponent)
    let power = pow(10, Double(abs(exponent)))
    value = exponent < 0 ? Double(digits) / power : Double(digits) * power
  }
}

extension PlotAxis {
  /// The ends of the axis: the given ones, or the least and greatest of the values that have a place, with a margin.
  ///
  /// - Parameters:
  ///   - values: What is to be shown.
  ///   - margin: The part of the length that is added at both ends.
  /// - Returns: Ends that differ; 0 and 1 (1 and 10 on a logarithmic scale) if there is nothing to show.
  func ends(of values: some Sequence<Double>, margin: Double) -> ClosedRange<Double> {
    if let range { return scale.separated(range.lowerBound, range.upperBound) }
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where shows(value) { (low, high) = (Swift.min(low, value), Swift.max(high, value)) }
    if low > high { return scale == .linear ? 0...1 : 1...10 }
    let ends = scale.separated(low, high)
    guard margin > 0, ends == low...high else { return ends }
    return scale.number(at: -margin, between: ends)...scale.number(at: 1 + margin, between: ends)
  }

  /// The marks between the ends of the axis, about as many as wanted with a label.
  ///
  /// - Parameters:
  ///   - ends: The ends of the axis.
  ///   - count: About how many labels there is room for.
  ///   - whole: Whether only whole numbers have a meaning.
  /// - Returns: The marks in ascending order.
  func ticks(between ends: ClosedRange<Double>, count: Int, whole: Bool = false) -> [Tick] {
    let count = Swift.max(2, count)
    return scale == .linear
      ? labelled(linearTicks(ends, count, whole)) : logarithmicTicks(ends, count)
  }
}

extension PlotAxis.Scale {
  /// The ends themselves, or wider ones around them if they are too close for numbers to lie between.
  fileprivate func separated(_ low: Double, _ high: Double) -> ClosedRange<Double> {
    let size = Swift.max(abs(low), abs(high))
    let largest = Double.greatestFiniteMagnitude
    if high / 2 - low / 2 > 1e-12 * size && size > 1e-290 { return low...high }
    switch self {
    case .linear where size <= 1e-290: return -1...1
    case .linear: return Swift.max(low - size / 10, -largest)...Swift.min(high + size / 10, largest)
    case .logarithmic: return Swift.max(low / 2, .leastNonzeroMagnitude)...Swift.min(high, largest / 2) * 2
    }
  }

  /// Where a number lies between the ends: 0 at the lower one, 1 at the upper one.
  func position(of value: Double, between ends: ClosedRange<Double>) -> Double {
    switch self {
    case .linear: (value / 2 - ends.lowerBound / 2) / (ends.upperBound / 2 - ends.lowerBound / 2)
    case .logarithmic: (log(value) - log(ends.lowerBound)) / (log(ends.upperBound) - log(ends.lowerBound))
    }
  }

  /// The number at a position between the ends, the inverse of ``position(of:between:)``.
  fileprivate func number(at position: Double, between ends: ClosedRange<Double>) -> Double {
    let (low, high) = (ends.lowerBound, ends.upperBound)
    let (least, largest) = (Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude)
    switch self {
    case .linear: return Swift.min(Swift.max(low * (1 - position) + high * position, -largest), largest)
    case .logarithmic:
      return Swift.min(Swift.max(exp(log(low) * (1 - position) + log(high) * position), least), largest)
    }
  }
}

/// Multiples of 1, 2 or 5 times a power of ten.
private func linearTicks(_ ends: ClosedRange<Double>, _ count: Int, _ whole: Bool) -> [Tick] {
  let count = Double(count)
  let distance = ends.upperBound / count - ends.lowerBound / count
  var exponent = Int(floor(log10(distance)))
  let fraction = distance / pow(10, Double(exponent))
  var multiple = fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10
  if whole && exponent < 0 { (multiple, exponent) = (1, 0) }
  if multiple == 10 { (multiple, exponent) = (1, exponent + 1) }
  let step = Double(multiple) * pow(10, Double(exponent))
  let first = Int((ends.lowerBound / step - 1e-9).rounded(.up)),
    last = Int((ends.upperBound / step + 1e-9).rounded(.down))
  return first <= last ? (first...last).map { Tick($0 * multiple, exponent) } : []
}

/// Powers of ten, with small marks between them; where these are too few, numbers that start with 1, 2 or 5.
private func logarithmicTicks(_ ends: ClosedRange<Double>, _ count: Int) -> [Tick] {
  func inside(_ tick: Tick) -> Bool {
    tick.value.isFinite && tick.value >= ends.lowerBound * (1 - 1e-9) && tick.value <= ends.upperBound * (1 + 1e-9)
  }
  let first = Int(floor(log10(ends.lowerBound))), last = Int(floor(log10(ends.upperBound)))
  let decades = (first...last + 1).map { Tick(1, $0) }.filter(inside)
  if decades.count >= 3 || decades.count == 2 && count <= 3 {
    var stride = (decades.count + count - 1) / count
    while stride > 1 && decades.count(where: { $0.exponent % stride == 0 }) < 2 { stride -= 1 }
    let shown = labelled(decades.filter { $0.exponent % stride == 0 })
    let small = stride > 1 ? decades : (first...last).flatMap { e in (2...9).map { Tick($0, e) } }.filter(inside)
    return (shown + small.filter { mark in !shown.contains { $0.exponent == mark.exponent && mark.digits == 1 } })
      .sorted { $0.value < $1.value }
  }
  let simple = (first...last).flatMap { e in [1, 2, 5].map { Tick($0, e) } }.filter(inside)
  return labelled(simple.count >= 3 ? simple : linearTicks(ends, count, false).filter { $0.value > 0 })
}

/// The ticks with their labels: all written out, or all with powers of ten where that is shorter.
private func labelled(_ ticks: [Tick]) -> [Tick] {
  let plain = ticks.map { plainLabel($0.digits, $0.exponent) }
  let powers = ticks.map { powerLabel($0.digits, $0.exponent) }
  let (length, powerLength) = (plain.map(\.count).max() ?? 0, powers.map(\.count).max() ?? 0)
  return zip(ticks, length > 7 && powerLength < length ? powers : plain).map { tick, label in
    var tick = tick
    tick.label = label
    return tick
  }
}

private func plainLabel(_ digits: Int, _ exponent: Int) -> String {
  if digits == 0 { return "0" }
  var text = String(abs(digits))
  if exponent < 0 {
    text = String(repeating: "0", count: Swift.max(0, 1 - exponent - text.count)) + text
    text.insert(".", at: text.index(text.endIndex, offsetBy: exponent))
  } else {
    text += String(repeating: "0", count: exponent)
  }
  return (digits < 0 ? "−" : "") + text
}

private func powerLabel(_ digits: Int, _ exponent: Int) -> String {
  if digits == 0 { return "0" }
  var mantissa = String(abs(digits)), power = exponent + mantissa.count - 1
  while mantissa.count > 1 && mantissa.last == "0" { mantissa.removeLast() }
  if mantissa.count > 1 { mantissa.insert(".", at: mantissa.index(after: mantissa.startIndex)) }
  let raised = String(power).map { $0 == "-" ? "⁻" : Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[$0.wholeNumberValue ?? 0] as Character }
  return (digits < 0 ? "−" : "") + (mantissa == "1" ? "" : "\(mantissa)×") + "10" + String(raised)
}
