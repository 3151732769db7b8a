import AdjointAutodiff
import Testing

@Suite struct `Many cotangents at once` {
  /// The gradients for each cotangent, one sweep after the other.
  private func rowByRow(_ function: (Variable) -> Variable, _ point: Tensor, _ cotangents: Tensor) -> [Double] {
    (0..<cotangents.shape[0]).flatMap { row in
      let cotangent = cotangents.rows(row..<row + 1).reshaped(to: Array(cotangents.shape.dropFirst()))
      return vjp(of: function, at: Variable(point), cotangent: Variable(cotangent)).gradient.scalars(as: Double.self)
    }
  }

  @Test(arguments: OperationSample.all) func `give what each gives alone`(_ sample: OperationSample) {
    let point = sample.point(dtype: .float64)
    withDefaultDType(.float64) {
      for input in point.indices {
        func function(_ x: Variable) -> Variable {
          var inputs = point.map { Variable($0) }
          inputs[input] = x
          return sample.apply(inputs)
        }
        let shape = Shape([3] + Array(sample.output))
        let cotangents = Tensor(normal: shape, key: RandomKey(seed: 9), dtype: .float64)
        let found = vjp(of: function, at: Variable(point[input]), cotangents: Variable(cotangents)).gradients
        #expect(Array(found.shape) == [3] + Array(point[input].shape))
        #expect(isClose(found.scalars(), rowByRow(function, point[input], cotangents)), "input \(input)")
      }
    }
  }

  @Test func `go through a graph layer: gather, weigh, scatter, activate, multiply`() {
    let sources: IndexArray = [0, 1, 2, 2, 4], targets: IndexArray = [1, 1, 0, 3, 3]
    let weight = constant([3, 2], seed: 1), edges = constant([5, 1], seed: 2)
    func layer(_ x: Variable) -> Variable {
      matmul(tanh((x.gatherRows(sources) * edges).scatterSum(to: targets, count: 4)), weight)
    }
    let x = constant([5, 3], seed: 3)
    let jacobian = jacobian(of: layer, at: x)
    #expect(jacobian.shape == [4, 2, 5, 3])
    let identity = Tensor.eye(8, dtype: .float64).reshaped(to: [8, 4, 2])
    #expect(isClose(jacobian.scalars(), rowByRow(layer, x.value, identity)))
  }

  @Test func `of a value used twice, and of one that broadcasts`() {
    let x = constant([3], seed: 1)
    let found = jacobian(of: { x in x.reshaped(to: [3, 1]) * x + x.sum() }, at: x)
    let identity = Tensor.eye(9, dtype: .float64).reshaped(to: [9, 3, 3])
    #expect(isClose(found.scalars(), rowByRow({ x in x.reshaped(to: [3, 1]) * x + x.sum() }, x.value, identity)))
  }

  @Test func `keep an exact zero where a slope is infinite`() {
    let found = jacobian(of: { sqrt($0) }, at: Variable(Tensor([0, 4], dtype: .float64)))
    #expect(found.scalars(as: Double.self) == [.infinity, 0, 0, 0.25])
  }

  @Test func `may be none, and may meet what does not depend on the point`() {
    let x = Variable(Tensor([1, 2], dtype: .float64))
    let none = vjp(of: { $0 * $0 }, at: x, cotangents: Variable(Tensor(zeros: [0, 2], dtype: .float64)))
    #expect(none.gradients.shape == [0, 2] && none.value.scalars(as: Double.self) == [1, 4])
    let constant = vjp(of: { _ in Variable(Tensor([1], dtype: .float64)) }, at: x, cotangents: [[1], [2]])
    #expect(constant.gradients.shape == [2, 2] && constant.gradients.scalars(as: Double.self) == [0, 0, 0, 0])
  }

  @Test func `call the pullback of an operation that cannot take them together once for each`() {
    var calls = 0
    let x = Variable(Tensor([1, 2], dtype: .float64))
    _ = jacobian(of: { ($0 * 2).observingGradient { _ in calls += 1 } * 3 }, at: x)
    #expect(calls == 2)
  }

  @Test func `of another shape than the result stop the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vjp(of: { $0 * 2 }, at: [1, 2], cotangents: [[1, 2, 3]])
    }
    expectStop("vjp: cotangents of shape [1, 3] for a result of shape [2]", in: result)
  }
}
