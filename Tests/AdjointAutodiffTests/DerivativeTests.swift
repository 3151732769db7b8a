import AdjointAutodiff
import Testing

@Suite struct `Derivatives of functions` {
  private func rosenbrock(_ x: Variable) -> Variable {
    let (a, b) = (x.rows(0..<1), x.rows(1..<2))
    return (square(1 - a) + 100 * square(b - square(a))).sum()
  }

  private let point = Variable(Tensor([1.2, -0.7], dtype: .float64))

  @Test func `Rosenbrock's gradient and Hessian are those computed by hand`() {
    let g = gradient(of: rosenbrock, at: point).scalars(as: Double.self)
    #expect(abs(g[0] - 1027.6) < 1e-9 && abs(g[1] + 428) < 1e-9)
    let h = hessian(of: rosenbrock, at: point)
    #expect(h.shape == [2, 2])
    for (entry, expected) in zip(h.scalars(as: Double.self), [2010.0, -480, -480, 200]) {
      #expect(abs(entry - expected) < 1e-9)
    }
  }

  @Test func `a Hessian–vector product is the Hessian times the vector`() {
    let v = Variable(Tensor([0.3, -2], dtype: .float64))
    let product = hessianVectorProduct(of: rosenbrock, at: point, v).scalars(as: Double.self)
    #expect(abs(product[0] - (2010 * 0.3 + 480 * 2)) < 1e-9)
    #expect(abs(product[1] - (-480 * 0.3 - 200 * 2)) < 1e-9)
  }

  @Test(arguments: [(0, 8.0), (1, 12), (2, 12), (3, 6), (4, 0)])
  func `derivatives of x³ at 2 nest to any order`(order: Int, expected: Double) {
    func derivative(_ order: Int, _ x: Variable) -> Variable {
      order == 0 ? x * x * x : gradient(of: { derivative(order - 1, $0) }, at: x)
    }
    #expect(derivative(order, Variable(Tensor(2, dtype: .float64))).item() == expected)
  }

  @Test(arguments: zip(0...3, [0.46211716, 0.78644773, -0.72686198, -0.56520929]))
  func `derivatives of tanh at ½ nest to any order`(order: Int, expected: Double) {
    func derivative(_ order: Int, _ x: Variable) -> Variable {
      order == 0 ? tanh(x) : gradient(of: { derivative(order - 1, $0) }, at: x)
    }
    #expect(abs(derivative(order, Variable(Tensor(0.5, dtype: .float64))).item() - expected) < 1e-8)
  }

  @Test func `inner and outer variables of the same value are not confused`() {
    // d/dx [x · d/dy (x + y)] = 1, whatever y is.
    for y in [3.0, 1] {
      let outer = gradient(
        of: { x in x * gradient(of: { x + $0 }, at: Variable(Tensor(y))) }, at: Variable(Tensor(1)))
      #expect(outer.item() == 1)
    }
    let same = gradient(of: { x in x * gradient(of: { x + $0 }, at: x) }, at: Variable(Tensor(1)))
    #expect(same.item() == 1)
  }

  @Test(arguments: OperationSample.all)
  func `forward and reverse mode agree: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩`(_ sample: OperationSample) {
    let point = sample.point(dtype: .float64)
    withDefaultDType(.float64) {
      for input in point.indices {
        func function(_ x: Variable) -> Variable {
          var inputs = point.map { Variable($0) }
          inputs[input] = x
          return sample.apply(inputs)
        }
        let u = Tensor(normal: sample.output, key: RandomKey(seed: 1), dtype: .float64)
        let v = Tensor(normal: point[input].shape, key: RandomKey(seed: 2), dtype: .float64)
        let forward = jvp(of: function, at: Variable(point[input]), tangent: Variable(v)).tangent
        let reverse = vjp(of: function, at: Variable(point[input]), cotangent: Variable(u)).gradient
        #expect(forward.shape == sample.output && reverse.shape == point[input].shape)
        let left = (u * forward.value).sum().item(), right = (reverse.value * v).sum().item()
        #expect(abs(left - right) <= 1e-10 * Swift.max(1, abs(left)), "\(sample.name): \(left), \(right)")
      }
    }
  }

  @Test func `a Jacobian holds the derivative of every element for every element`() {
    let x = Variable(Tensor([1, 2, 3], dtype: .float64))
    let j = jacobian(of: { square($0).reshaped(to: [3, 1]) }, at: x)
    #expect(j.shape == [3, 1, 3])
    #expect(j.scalars(as: Double.self) == [2, 0, 0, 0, 4, 0, 0, 0, 6])
    #expect(jacobian(of: { $0.rows(0..<0) }, at: x).shape == [0, 3])
  }

  @Test func `a function that does not depend on its input has derivative zero`() {
    let x = Variable(Tensor([1, 2]))
    #expect(gradient(of: { _ in Variable(Tensor(3)) }, at: x).value == [0, 0])
    #expect(jvp(of: { _ in Variable([1, 2]) }, at: x, tangent: [1, 1]).tangent.value == [0, 0])
  }

  @Test func `a gradient penalty trains: its own gradient agrees with differences`() {
    let key = RandomKey(seed: 4)
    withDefaultDType(.float64) {
      let weight = Parameter(Tensor(normal: [3, 2], key: key.stream(0)))
      let x = Variable(Tensor(normal: [4, 3], key: key.stream(1)))
      let report = checkGradients(for: [("weight", weight)]) {
        square(gradient(of: { tanh(matmul($0, weight.wrappedValue)).sum() }, at: x)).sum()
      }
      #expect(report.passes, "\(report)")
    }
  }

  @Test func `results do not depend on a tape that has ended`() {
    let (value, gradients) = valueWithGradients(of: { ($0[0] * $0[1]).sum() }, at: [[1, 2], [3, 4]])
    #expect(!value.isRecorded && gradients.allSatisfy { !$0.isRecorded })
    #expect(value.item() == 11 && gradients[0].value == [3, 4] && gradients[1].value == [1, 2])
  }
}
