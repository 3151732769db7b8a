#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Tensor: CustomStringConvertible {
  /// The elements in nested brackets, aligned in columns as NumPy prints them; of axes longer than 6 in a tensor of more
  /// than 1000 elements only the first and last three.
  public var description: String {
    if isScalar { return formatted([isLiteral ? scalarValue : element(at: 0)])[0] }
    if count == 0 { return "[] (shape \(shape))" }
    let summarised = count > 1000
    func shown(_ extent: Int) -> [Int?] {
      summarised && extent > 6
        ? [0, 1, 2].map(Optional.some) + [nil] + (extent - 3..<extent).map(Optional.some)
        : (0..<extent).map(Optional.some)
    }
    let strides = shape.strides
    var positions: [Int] = []
    func collect(_ axis: Int, _ offset: Int) {
      for case let index? in shown(shape[axis]) {
        axis == rank - 1 ? positions.append(offset + index) : collect(axis + 1, offset + index * strides[axis])
      }
    }
    collect(0, 0)
    var texts = formatted(positions.map(element(at:)))[...]
    let width = texts.map(\.count).max() ?? 0
    func text(_ axis: Int) -> String {
      let parts = shown(shape[axis]).map { index -> String in
        guard index != nil else { return "..." }
        if axis < rank - 1 { return text(axis + 1) }
        let element = texts.removeFirst()
        return String(repeating: " ", count: width - element.count) + element
      }
      if axis == rank - 1 { return "[" + parts.joined(separator: ", ") + "]" }
      let gap = String(repeating: "\n", count: rank - 1 - axis) + String(repeating: " ", count: axis + 1)
      return "[" + parts.joined(separator: "," + gap) + "]"
    }
    return text(0)
  }

  // All numbers of one tensor in the same style: whole numbers, four decimals, or an exponent when they are far apart.
  private func formatted(_ values: [Double]) -> [String] {
    let finite = values.filter(\.isFinite).map { Swift.abs($0) }
    let largest = finite.max() ?? 0
    let smallest = finite.filter { $0 > 0 }.min() ?? 0
    if values.count == 1 {
      return [formatNumber(values[0], "%.7g")]
    }
    if largest < 1e8 && finite.allSatisfy({ $0 == $0.rounded() }) { return values.map { formatNumber($0, "%.0f") } }
    let style = largest >= 1e8 || smallest < 1e-4 || largest > 1000 * smallest && largest >= 1e5 ? "%.4e" : "%.4f"
    return values.map { formatNumber($0, style) }
  }
}

/// The text of a number in a style of `printf`.
package func formatNumber(_ value: Double, _ style: String) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  return withVaList([value]) { arguments in
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      _ = vsnprintf(buffer.baseAddress, buffer.count, style, arguments)
      return String(cString: buffer.baseAddress.unsafelyUnwrapped)
    }
  }
}
