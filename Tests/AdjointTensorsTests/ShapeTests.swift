import AdjointTensors
import Testing

@Suite struct `Shapes` {
  @Test(arguments: 0...8) func `a shape of any rank gives back its extents`(_ rank: Int) {
    for extents in [(0..<rank).map { $0 + 1 }, (0..<rank).map { $0 % 2 }, [Int](repeating: 1, count: rank)] {
      let shape = Shape(extents)
      #expect(Array(shape) == extents && shape.rank == rank && shape.count == rank)
      #expect(shape.elementCount == extents.reduce(1, *))
      #expect(shape.description == extents.description)
      #expect(shape == Shape(extents) && Set([shape, Shape(extents)]).count == 1)
      let tensor = Tensor(ones: shape)
      #expect(tensor.shape == shape && tensor.scalars() == [Float](repeating: 1, count: shape.elementCount))
      #expect(tensor.sum().item() == Double(shape.elementCount))
    }
  }

  @Test func `shapes that differ in one extent, or in their rank, are not equal`() {
    let shapes: [Shape] = [[], [0], [1], [0, 0], [1, 1], [2, 3], [3, 2], [2, 3, 1], [1, 2, 3], [2, 3, 0]]
    #expect(Set(shapes).count == shapes.count)
  }

  @Test func `the largest extent is 2³¹ − 1`() {
    let shape: Shape = [Int(Int32.max), 0, 1]
    #expect(shape[0] == 2_147_483_647 && shape.elementCount == 0)
    let long: Shape = [Int(Int32.max), Int(Int32.max)]
    #expect(long.elementCount == 2_147_483_647 * 2_147_483_647)
  }

  @Test func `an extent of 0 leaves no elements, whatever the others are`() {
    let most = Int(Int32.max)
    #expect(Shape([most, most, most, 0]).elementCount == 0)
    #expect(Shape([0, most, most, most, most]).elementCount == 0)
    #expect(Tensor(zeros: [0, most, most, most]).count == 0)
  }

  @Test func `setting an extent changes no other`() {
    for axis in 0..<8 {
      var shape = Shape([1, 2, 3, 4, 5, 6, 7, 8])
      var expected = Array(shape)
      shape[axis] = 2_147_483_647
      expected[axis] = 2_147_483_647
      #expect(Array(shape) == expected)
      shape[axis] = axis + 1
      #expect(shape == [1, 2, 3, 4, 5, 6, 7, 8])
    }
  }

  @Test func `axes count from either end`() {
    let shape: Shape = [2, 3, 4]
    #expect((-3..<3).map { shape.resolvedAxis($0, operation: "test") } == [0, 1, 2, 0, 1, 2])
  }

  @Test func `reduced axes vanish or stay with extent 1`() {
    let shape: Shape = [2, 3, 4]
    #expect(shape.reduced(along: [1], keepingAxes: false) == [2, 4])
    #expect(shape.reduced(along: [0, 2], keepingAxes: true) == [1, 3, 1])
    #expect(shape.reduced(along: [0, 1, 2], keepingAxes: false) == [])
  }

  @Test func `broadcasting two shapes is commutative and follows NumPy`() {
    let cases: [(Shape, Shape, Shape)] = [
      ([], [2, 3], [2, 3]), ([3], [2, 3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([1], [0], [0]), ([2, 1], [0], [2, 0]),
      ([5, 1, 7], [6, 1], [5, 6, 7]), ([0, 3], [1, 3], [0, 3]), ([1, 1, 1], [4], [1, 1, 4]),
    ]
    for (a, b, common) in cases {
      #expect(broadcastShape(a, b, operation: "test") == common)
      #expect(broadcastShape(b, a, operation: "test") == common)
    }
  }
}
