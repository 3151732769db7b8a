import AdjointTensors
import Testing

struct ProductCase: Sendable, CustomTestStringConvertible {
  let rows, inner, columns: Int
  let left: [Int], right: [Int]
  var testDescription: String { "\(left + [rows, inner]) × \(right + [inner, columns])" }

  init(_ rows: Int, _ inner: Int, _ columns: Int, left: [Int] = [], right: [Int] = []) {
    (self.rows, self.inner, self.columns, self.left, self.right) = (rows, inner, columns, left, right)
  }

  static let all = [
    ProductCase(1, 1, 1), ProductCase(2, 3, 4), ProductCase(1, 17, 1), ProductCase(17, 1, 19), ProductCase(7, 33, 5),
    ProductCase(16, 16, 16), ProductCase(33, 8, 65), ProductCase(65, 40, 31), ProductCase(3, 300, 2),
    ProductCase(0, 3, 4), ProductCase(3, 0, 4), ProductCase(3, 4, 0), ProductCase(0, 0, 0),
    ProductCase(2, 3, 4, left: [3], right: [3]), ProductCase(2, 3, 4, left: [3]), ProductCase(2, 3, 4, right: [3]),
    ProductCase(2, 3, 4, left: [2, 1], right: [3]), ProductCase(2, 3, 4, left: [2, 3], right: [2, 1]),
    ProductCase(2, 3, 2, left: [1], right: [4]),
    ProductCase(2, 2, 2, left: [2, 1, 3, 1, 1, 2], right: [1, 2, 1, 2, 2, 1]),
    ProductCase(2, 3, 4, left: [0], right: [0]), ProductCase(2, 3, 4, left: [0], right: [1]),
  ]
}

@Suite struct `Products of matrices` {
  static func naive(_ a: NaiveArray, _ b: NaiveArray, _ inner: Int) -> NaiveArray {
    let (left, right) = (Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
    let batch = Array(broadcastShape(Shape(left), Shape(right), operation: "test"))
    return NaiveArray(shape: batch + [a.shape[a.shape.count - 2], b.shape[b.shape.count - 1]]) { index in
      let stack = Array(index.dropLast(2)), (i, j) = (index[index.count - 2], index[index.count - 1])
      func at(_ batch: [Int]) -> [Int] { zip(stack.suffix(batch.count), batch).map { $1 == 1 ? 0 : $0 } }
      return (0..<inner).reduce(0) { $0 + a[at(left) + [i, $1]] * b[at(right) + [$1, j]] }
    }
  }

  @Test(arguments: ProductCase.all, DType.allCases)
  func `agree with three loops for every pair of flags`(_ product: ProductCase, _ dtype: DType) {
    let (m, k, n) = (product.rows, product.inner, product.columns)
    // Multiples of 1/16 below 2⁷: every product and sum is exact in both element types.
    let a = Tensor.sample(product.left + [m, k], seed: 1, dtype: dtype)
    let b = Tensor.sample(product.right + [k, n], seed: 2, dtype: dtype)
    let expected = Self.naive(NaiveArray(a), NaiveArray(b), k)
    func flipped(_ x: Tensor) -> Tensor {
      var order = Array(0..<x.rank)
      order.swapAt(x.rank - 1, x.rank - 2)
      return x.transposed(order)
    }
    #expect(matmul(a, b).holds(expected))
    #expect(matmul(flipped(a), b, transposingLeft: true).holds(expected))
    #expect(matmul(a, flipped(b), transposingRight: true).holds(expected))
    #expect(matmul(flipped(a), flipped(b), transposingLeft: true, transposingRight: true).holds(expected))
  }

  @Test(arguments: [
    ProductCase(128, 128, 128), ProductCase(200, 256, 64), ProductCase(100, 65, 260), ProductCase(131, 517, 257),
    ProductCase(300, 129, 1030), ProductCase(70, 600, 530),
    ProductCase(40, 130, 200, left: [7]), ProductCase(150, 140, 210, left: [2], right: [2]),
  ])
  func `of wide operands are exact where every product and sum is`(_ product: ProductCase) {
    let (m, k, n) = (product.rows, product.inner, product.columns)
    let a = Tensor.sample(product.left + [m, k], seed: 1, dtype: .float64)
    let b = Tensor.sample(product.right + [k, n], seed: 2, dtype: .float64)
    for flags in Self.flags {
      let exact = Self.product(a, b, flags)
      let narrow = Self.product(a.converted(to: .float32), b.converted(to: .float32), flags)
      #expect(narrow.isIdentical(to: exact.converted(to: .float32)), "\(flags)")
    }
  }

  @Test(arguments: DType.allCases) func `of wide operands keep every digit`(_ dtype: DType) {
    let x = Tensor(normal: [260, 260], key: RandomKey(seed: 3), dtype: dtype)
    let order = IndexArray((0..<260).map { $0 * 7 % 260 }),
      permutation = Tensor.eye(260, dtype: dtype).gatherRows(order)
    // One number in each column; (1 + 2⁻¹⁰)² needs 21 bits.
    let full = Tensor(repeating: 1 + 0x1p-10, shape: [260, 260], dtype: dtype)
    let square = Tensor(repeating: 1 + 0x1p-9 + 0x1p-20, shape: [260, 260], dtype: dtype)
    for flags in Self.flags {
      #expect(Self.product(permutation, x, flags) == x.gatherRows(order), "\(flags)")
      #expect(
        Self.product(x, permutation.transposed(), flags) == x.transposed().gatherRows(order).transposed(), "\(flags)")
      #expect(Self.product(full, permutation * (1 + 0x1p-10), flags) == square, "\(flags)")
    }
  }

  private static let flags = [(false, false), (true, false), (false, true), (true, true)]

  /// The product, of operands that are stored transposed where a flag says so.
  private static func product(_ a: Tensor, _ b: Tensor, _ flags: (left: Bool, right: Bool)) -> Tensor {
    func stored(_ x: Tensor, _ isTransposed: Bool) -> Tensor {
      isTransposed ? x.transposed(Array(0..<x.rank - 2) + [x.rank - 1, x.rank - 2]) : x
    }
    return matmul(
      stored(a, flags.left), stored(b, flags.right), transposingLeft: flags.left, transposingRight: flags.right)
  }

  @Test(arguments: DType.allCases) func `let NaN and infinity through, also beside 0`(_ dtype: DType) {
    for size in [1, 5, 40] {
      var a = Tensor(zeros: [size, size], dtype: dtype)
      let b = Tensor(zeros: [size, size], dtype: dtype)
      for value in [Double.nan, .infinity] {
        a[size - 1, 0] = value
        let product = matmul(a, b)
        #expect((0..<size).allSatisfy { product[size - 1, $0].isNaN })
        #expect((0..<size - 1).allSatisfy { row in (0..<size).allSatisfy { product[row, $0] == 0 } })
        #expect((0..<size).allSatisfy { matmul(b, a, transposingRight: true)[$0, size - 1].isNaN })
      }
    }
  }

  @Test(arguments: DType.allCases, [(0, 0), (40, 70), (127, 127)])
  func `of wide operands let infinity through, in its row or column alone`(_ dtype: DType, _ place: (Int, Int)) {
    let ones = Tensor(ones: [128, 128], dtype: dtype)
    var x = ones
    x[place.0, place.1] = .infinity
    for flags in Self.flags {
      let rows = Self.product(x, ones, flags), columns = Self.product(ones, x, flags)
      for i in 0..<128 {
        #expect((0..<128).allSatisfy { rows[i, $0] == (i == place.0 ? .infinity : 128) }, "row \(i), \(flags)")
        #expect((0..<128).allSatisfy { columns[$0, i] == (i == place.1 ? .infinity : 128) }, "column \(i), \(flags)")
      }
    }
  }

  @Test(arguments: DType.allCases) func `with the identity change nothing`(_ dtype: DType) {
    let x = Tensor(normal: [37, 21], key: RandomKey(seed: 8), dtype: dtype)
    #expect(matmul(.eye(37, dtype: dtype), x) == x)
    #expect(matmul(x, .eye(21, dtype: dtype)) == x)
  }

  @Test(arguments: DType.allCases) func `are as exact as their inner extent allows`(_ dtype: DType) {
    let (m, k, n) = (9, 700, 11)
    let a = Tensor(normal: [m, k], key: RandomKey(seed: 1), dtype: dtype)
    let b = Tensor(normal: [k, n], key: RandomKey(seed: 2), dtype: dtype)
    let exact = Self.naive(NaiveArray(a), NaiveArray(b), k),
      size = Self.naive(NaiveArray(abs(a)), NaiveArray(abs(b)), k)
    // Higham, Accuracy and Stability of Numerical Algorithms, 2002, eq. 3.5: |error| ≤ k u Σ |a| |b|.
    for (value, (exact, size)) in zip(matmul(a, b).scalars(as: Double.self), zip(exact.values, size.values)) {
      #expect(Swift.abs(value - exact) <= Double(k) * dtype.ulpOfOne / 2 * size)
    }
  }

  @Test(arguments: DType.allCases) func `of a slice start at its first row`(_ dtype: DType) {
    let x = Tensor.sample([6, 3], dtype: dtype), y = Tensor.sample([5, 4], seed: 2, dtype: dtype)
    let expected = Self.naive(NaiveArray(x.rows(2..<5)), NaiveArray(y.rows(1..<4)), 3)
    #expect(matmul(x.rows(2..<5), y.rows(1..<4)).holds(expected))
  }
}
