import AdjointTensors
import Testing

struct BinaryOperation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let tensors: @Sendable (Tensor, Tensor) -> Tensor
  let numbers: @Sendable (Double, Double) -> Double

  static let all = [
    BinaryOperation(testDescription: "+", tensors: { $0 + $1 }, numbers: { $0 + $1 }),
    BinaryOperation(testDescription: "-", tensors: { $0 - $1 }, numbers: { $0 - $1 }),
    BinaryOperation(testDescription: "*", tensors: { $0 * $1 }, numbers: { $0 * $1 }),
    BinaryOperation(testDescription: "/", tensors: { $0 / $1 }, numbers: { $0 / $1 }),
    BinaryOperation(
      testDescription: "max", tensors: { max($0, $1) },
      numbers: { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }),
    BinaryOperation(
      testDescription: "min", tensors: { min($0, $1) },
      numbers: { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }),
    BinaryOperation(testDescription: "greater", tensors: { greater($0, $1) }, numbers: { $0 > $1 ? 1 : 0 }),
    BinaryOperation(testDescription: "equal", tensors: { equal($0, $1) }, numbers: { $0 == $1 ? 1 : 0 }),
  ]
}

@Suite struct `Broadcasting` {
  /// Pairs of shapes that broadcast, ranks 0 to 8, with extents of 0 and 1 among them.
  static let pairs: [([Int], [Int])] = {
    var choices = Choices(seed: 5)
    return (0..<60).map { round in
      let rank = choices.next(0...8)
      let empty = round % 6 == 0
      let common = (0..<rank).map { _ in choices.next((empty ? 0 : 1)...(rank > 5 ? 2 : 5)) }
      func operand() -> [Int] {
        let kept = common.suffix(choices.next(0...rank))
        return kept.map { choices.next(0...2) == 0 ? 1 : $0 }
      }
      return choices.next(0...1) == 0 ? (common, operand()) : (operand(), operand())
    } + [
      ([2, 1, 2, 1, 2, 1, 2, 1], [1, 2, 1, 2, 1, 2, 1, 2]), ([1, 1, 1, 1, 1, 1, 1, 1], []), ([], []),
      ([33, 1], [1, 70]), ([5, 1, 67], [3, 67]), ([2, 40, 1], [2, 1, 9]),
    ]
  }()

  static func naive(_ a: NaiveArray, _ b: NaiveArray, _ f: (Double, Double) -> Double) -> NaiveArray {
    let rank = Swift.max(a.shape.count, b.shape.count)
    func padded(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }
    let shape = zip(padded(a.shape), padded(b.shape)).map { $0 == 1 ? $1 : $0 }
    return NaiveArray(shape: shape) { f(a.repeated(at: $0), b.repeated(at: $0)) }
  }

  @Test(arguments: BinaryOperation.all, DType.allCases)
  func `gives what every element alone gives, for every pair of shapes`(_ operation: BinaryOperation, _ dtype: DType) {
    for (left, right) in Self.pairs {
      let a = Tensor.sample(left, seed: 1, dtype: dtype), b = Tensor.sample(right, seed: 2, dtype: dtype)
      let result = operation.tensors(a, b)
      let expected = Self.naive(NaiveArray(a), NaiveArray(b), operation.numbers)
      #expect(result.shape == Shape(expected.shape) && result.dtype == dtype)
      #expect(result.holds(expected), "\(left) and \(right)")
    }
  }

  @Test(arguments: BinaryOperation.all, DType.allCases)
  func `treats 0, infinities and NaN as single numbers do`(_ operation: BinaryOperation, _ dtype: DType) {
    let special = [0.0, -0.0, 1, -1, .infinity, -.infinity, .nan]
    let pairs = special.flatMap { a in special.map { (a, $0) } }
    let a = Tensor(pairs.map(\.0), dtype: dtype), b = Tensor(pairs.map(\.1), dtype: dtype)
    let array = operation.tensors(a, b).scalars(as: Double.self)
    for (i, (x, y)) in pairs.enumerated() {
      let number = operation.tensors(Tensor(x, dtype: dtype), Tensor(y, dtype: dtype)).item()
      let expected = operation.numbers(x, y)
      #expect(array[i] == expected || array[i].isNaN && expected.isNaN, "\(x) \(operation.testDescription) \(y)")
      #expect(number == expected || number.isNaN && expected.isNaN, "\(x) \(operation.testDescription) \(y)")
    }
  }

  @Test(arguments: DType.allCases) func `to a shape repeats, and summing to a shape undoes it`(_ dtype: DType) {
    for (left, right) in Self.pairs {
      let common = broadcastShape(Shape(left), Shape(right), operation: "test")
      let x = Tensor.sample(left, dtype: dtype)
      let repeated = x.broadcast(to: common)
      let naive = NaiveArray(x)
      #expect(repeated.holds(NaiveArray(shape: Array(common)) { naive.repeated(at: $0) }))
      let times = left.contains(0) ? 0 : Double(common.elementCount) / Double(x.count)
      #expect(repeated.summed(to: x.shape) == x * Tensor(times, dtype: dtype), "\(left) to \(common)")
    }
  }

  @Test(arguments: DType.allCases) func `and summing are adjoint: ⟨B x, y⟩ = ⟨x, Bᵀ y⟩`(_ dtype: DType) {
    for (left, right) in Self.pairs {
      let common = broadcastShape(Shape(left), Shape(right), operation: "test")
      let x = Tensor.sample(left, seed: 3, dtype: dtype), y = Tensor.sample(Array(common), seed: 4, dtype: dtype)
      #expect((x.broadcast(to: common) * y).sum() == (x * y.summed(to: x.shape)).sum(), "\(left) to \(common)")
    }
  }
}
