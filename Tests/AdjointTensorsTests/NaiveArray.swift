import AdjointTensors

/// An array that every operation visits element by element: what tensors are compared with.
struct NaiveArray {
  let shape: [Int]
  var values: [Double]

  init(shape: [Int], values: [Double]) { (self.shape, self.values) = (shape, values) }

  /// Computes the element at every index.
  init(shape: [Int], _ element: ([Int]) -> Double) {
    self.shape = shape
    values = Self.indices(of: shape).map(element)
  }

  init(_ tensor: Tensor) { self.init(shape: Array(tensor.shape), values: tensor.scalars(as: Double.self)) }

  /// Every index of a shape in row-major order.
  static func indices(of shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { indices, extent in indices.flatMap { index in (0..<extent).map { index + [$0] } } }
  }

  subscript(index: [Int]) -> Double { values[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }] }

  /// The element that broadcasting shows at an index of a larger shape.
  func repeated(at index: [Int]) -> Double {
    self[zip(index.suffix(shape.count), shape).map { $1 == 1 ? 0 : $0 }]
  }
}

extension Tensor {
  /// Small numbers that are exact in both element types: multiples of 1/4, of both signs, none of them 0.
  static func sample(_ shape: [Int], seed: UInt64 = 1, dtype: DType) -> Tensor {
    let count = shape.reduce(1, *)
    let values = RandomKey(seed: seed).bits(count: count).map { Double($0 % 32) / 4 - 4 }
    return Tensor(values.map { $0 == 0 ? 0.25 : $0 }, shape: Shape(shape), dtype: dtype)
  }

  /// Whether the bits of all elements are those of the given numbers, rounded to the element type.
  func holds(_ numbers: NaiveArray) -> Bool {
    isIdentical(to: Tensor(numbers.values, shape: Shape(numbers.shape), dtype: dtype))
  }
}

/// A sequence of choices that is the same in every run.
struct Choices {
  private var bits: [UInt32]

  init(seed: UInt64) { bits = RandomKey(seed: seed, stream: 99).bits(count: 4096) }

  mutating func next(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(bits.removeLast()) % range.count }
}
