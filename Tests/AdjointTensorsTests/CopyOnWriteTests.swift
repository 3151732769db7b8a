import AdjointTensors
import Testing

/// The ways to get a second tensor that shares memory with the first.
enum Sharing: String, CaseIterable, Sendable {
  case copy, reshape, firstRows, lastRows, wholeSlice, sameBroadcast, sameTranspose, sameConversion, fullReduction

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .copy: x
    case .reshape: x.reshaped(to: [-1])
    case .firstRows: x.rows(0..<2)
    case .lastRows: x.rows(1..<3)
    case .wholeSlice: x.slice(0..<3, along: 0)
    case .sameBroadcast: x.broadcast(to: x.shape)
    case .sameTranspose: x.transposed([0, 1])
    case .sameConversion: x.converted(to: x.dtype)
    case .fullReduction: x.sum(along: [])
    }
  }
}

@Suite struct `Copies of a tensor` {
  static let start = Tensor((0..<12).map { Double($0) }, shape: [3, 4])

  @Test(arguments: Sharing.allCases) func `do not change with the original`(_ sharing: Sharing) {
    var original = Self.start + 0
    let other = sharing(original)
    let before = other.scalars(as: Double.self)
    for i in 0..<3 { for j in 0..<4 { original[i, j] = -1 } }
    original.add(original)
    #expect(other.scalars() == before)
    #expect(original.scalars() == [Double](repeating: -2, count: 12))
  }

  @Test(arguments: Sharing.allCases) func `change without the original`(_ sharing: Sharing) {
    let original = Self.start + 0
    var other = sharing(original)
    let sum = other + other
    other.add(other)
    #expect(other == sum)
    var flat = other.reshaped(to: [-1])
    flat[0] = 100
    #expect(flat[0] == 100 && other.reshaped(to: [-1])[0] == sum.reshaped(to: [-1])[0])
    #expect(original == Self.start)
  }

  @Test func `in an array stay what they were`() {
    var x = Self.start
    var history: [Tensor] = []
    for step in 0..<5 {
      history.append(x)
      x[2, 3] = Double(step)
    }
    #expect(history.map { $0[2, 3] } == [11, 0, 1, 2, 3])
  }

  @Test func `of a single number are numbers of their own`() {
    var x = Tensor(3, dtype: .float64)
    let y = x
    x.add(2)
    #expect(x.item() == 5 && y.item() == 3)
  }

  @Test func `taken of a slice start at its first row`() {
    var rows = Self.start.rows(1..<3)
    rows[0, 0] = 50
    #expect(rows == [[50, 5, 6, 7], [8, 9, 10, 11]])
    rows.add(Tensor(ones: [2, 4]))
    #expect(rows == [[51, 6, 7, 8], [9, 10, 11, 12]])
  }
}
