import AdjointLayers
import Testing

@Suite struct `Sets` {
  let key = RandomKey(seed: 12)

  private func model(_ aggregation: SetAggregation) -> DeepSets {
    DeepSets(
      phi: Sequential {
        Linear(2, 5, key: key.stream(0))
        tanh
      }, rho: MLP([5, 4, 3], activation: { tanh($0) }, key: key.stream(1)), aggregation: aggregation)
  }

  @Test func `of different sizes lie under one another`() {
    let batch = SetBatch([[[1, 2]], Tensor(zeros: [0, 2]), [[3, 4], [5, 1]]])
    #expect(batch.count == 3 && batch.setOfElement == [0, 2, 2])
    #expect(SetAggregation.sum(batch).value == [[1, 2], [0, 0], [8, 5]])
    #expect(SetAggregation.mean(batch).value == [[1, 2], [0, 0], [4, 2.5]])
    #expect(SetAggregation.max(batch).value == [[1, 2], [0, 0], [5, 4]])
    #expect(SetBatch(batch.elements, sizes: [3, 0]).setOfElement == [0, 0, 0])
    #expect(batch.map { $0.sum(along: 1, keepingAxes: true) }.elements.value == [[3], [7], [6]])
    #expect(SetAggregation.sum(SetBatch(Variable(Tensor(zeros: [0, 2])), sizes: [])).shape == [0, 2])
  }

  // 003-27, 003-28
  @Test(arguments: SetAggregation.allCases)
  func `are taken by DeepSets in any order`(_ aggregation: SetAggregation) {
    withDefaultDType(.float64) {
      let model = model(aggregation)
      for count in [0, 1, 2, 5, 9] {
        let x = Tensor(normal: [count, 2], key: key)
        let report = checkInvariance(of: { model($0) }, at: x)
        #expect(report.passes, "\(report)")
        #expect(report.orderCount == (count > 6 ? 100 : (1...Swift.max(1, count)).reduce(1, *)))
        // A set in a batch is the same as alone.
        let batch = SetBatch([x, Tensor(normal: [3, 2], key: key.stream(1)), x])
        let y = model(batch).value
        #expect(y.shape == [3, 3] && y.rows(0..<1).isIdentical(to: y.rows(2..<3)))
        let error = (y.rows(0..<1) - model(Variable(x)).value).scalars(as: Double.self)
        #expect(error.allSatisfy { $0.magnitude < 1e-12 })
      }
    }
  }

  // 003-28
  @Test(arguments: SetAggregation.allCases, [1, 2])
  func `pass the gradient check`(_ aggregation: SetAggregation, _ order: Int) {
    withDefaultDType(.float64) {
      let model = model(aggregation), layer = EquivariantLinear(2, 3, aggregation: aggregation, key: key)
      let x = Tensor(normal: [4, 2], key: key), sizes = [3, 0, 1]
      func batch(_ x: Variable) -> SetBatch { SetBatch(x, sizes: sizes) }
      let report = checkGradients(of: { model(batch($0)) }, at: x, order: order)
      #expect(report.passes, "\(report)")
      #expect(checkGradients(for: model.parameters, order: order) { model(batch(Variable(x))) }.passes)
      #expect(checkGradients(of: { square(layer(batch($0)).elements) }, at: x, order: order).passes)
      #expect(checkGradients(for: layer.parameters, order: order) { square(layer(batch(Variable(x))).elements) }.passes)
    }
  }

  // 003-28
  @Test func `with an element twice are told apart by the sum alone`() {
    let once: Variable = [[1]], twice: Variable = [[1], [1]]
    for aggregation in SetAggregation.allCases {
      let model = DeepSets(phi: Activation { $0 }, rho: Activation { $0 }, aggregation: aggregation)
      #expect((model(once).value != model(twice).value) == (aggregation == .sum))
    }
  }

  // 003-29
  @Test(arguments: SetAggregation.allCases)
  func `are permuted by the equivariant layer as its input is`(_ aggregation: SetAggregation) {
    withDefaultDType(.float64) {
      let layer = EquivariantLinear(2, 3, aggregation: aggregation, key: key)
      for count in [0, 1, 4, 8] {
        let report = checkEquivariance(of: { layer($0) }, at: Tensor(normal: [count, 2], key: key))
        #expect(report.passes, "\(report)")
      }
      // Sets of a batch do not see each other.
      let (a, b) = (Tensor(normal: [2, 2], key: key), Tensor(normal: [3, 2], key: key.stream(1)))
      let both = layer(SetBatch([a, b])).elements.value
      #expect(both.rows(0..<2).isIdentical(to: layer(SetBatch([a])).elements.value))
    }
  }

  @Test func `are all the linear equivariant maps of one feature`() {
    withDefaultDType(.float64) {
      let layer = EquivariantLinear(1, 1, aggregation: .sum, key: key)
      (layer.element.$weight.value, layer.set.$weight.value) = ([[2]], [[3]])
      // λ I + γ 1 1ᵀ
      let theta = 2 * Tensor.eye(3) + 3 * Tensor(ones: [3, 3])
      let x: Tensor = [[1], [-2], [5]]
      #expect(layer(Variable(x)).value == matmul(theta, x))
    }
  }
}

@Suite struct `Permutations` {
  // 003-26
  @Test func `are matrices that reorder rows`() {
    let p = permutationMatrix([2, 4, 1, 3])
    #expect(p == [[0, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]])
    let x = Tensor(normal: [4, 3], key: RandomKey(seed: 1))
    #expect(matmul(p, x) == x.gatherRows([1, 3, 0, 2]))
    #expect(permutationMatrix([]).shape == [0, 0])
  }

  // 003-30, 003-31, 003-32
  @Test func `of the lecture's two inputs show which sums depend on the order`() {
    let x: Tensor = [[3, 4], [6, 7]], swapped: Tensor = [[6, 7], [3, 4]]
    // A weight of its own for every place: 11 + 46, then 20 + 25.
    let distinct: (Variable) -> Variable = { ($0 * [[1, 2], [3, 4]]).sum() }
    #expect(distinct(Variable(x)).item() == 57 && distinct(Variable(swapped)).item() == 45)
    let report = checkInvariance(of: distinct, at: x)
    #expect(!report.passes && report.worst?.order == [1, 0] && report.worst?.difference == 12)
    #expect(report.worst?.found == 45 && report.worst?.expected == 57)
    // One weight for all places: 25 + 46 either way.
    let each: (Variable) -> Variable = { matmul($0, [[3], [4]]) }
    #expect(each(Variable(x)).value == [[25], [46]] && each(Variable(swapped)).value == [[46], [25]])
    #expect(checkInvariance(of: { each($0).sum() }, at: x).passes && each(Variable(x)).sum().item() == 71)
    #expect(checkEquivariance(of: each, at: x).passes && !checkInvariance(of: each, at: x).passes)
  }

  // 003-27, 003-29
  @Test func `are all tried for few rows, and at random for many`() {
    var seen: Set<[Double]> = []
    let report = checkInvariance(
      of: {
        seen.insert($0.scalars())
        return $0.sum()
      }, at: Tensor.arange(6, dtype: .float64))
    #expect(report.passes && report.orderCount == 720 && seen.count == 720)
    #expect(report.description == "invariance under 720 permutations holds exactly")
    let first: (Variable) -> Variable = { $0.rows(0..<1) }
    #expect(!checkInvariance(of: first, at: Tensor.arange(50)).passes)
    #expect(!checkEquivariance(of: { $0 + first($0) }, at: Tensor.arange(50)).passes)
    let some = checkInvariance(of: first, at: Tensor.arange(50), orders: .random(3, RandomKey(seed: 1)))
    #expect(some.orderCount == 3)
    #expect(checkInvariance(of: { $0.sum() }, at: Tensor.arange(3), orders: .all).orderCount == 6)
  }

  @Test func `that matter are reported with the worst row`() {
    let report = checkEquivariance(of: { $0 * [[1], [1], [5]] }, at: [[1], [1], [2]])
    #expect(!report.passes && report.worst?.difference == 8)
    let text = report.description
    #expect(text.hasPrefix("equivariance under 6 permutations does not hold: with the rows in the order ["), "\(text)")
    #expect(!checkInvariance(of: { $0.rows(0..<1) }, at: Tensor([.nan, 1] as [Double])).passes)
  }
}
