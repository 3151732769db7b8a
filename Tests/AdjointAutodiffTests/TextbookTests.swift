import AdjointAutodiff
import Testing

private func number(_ value: Double) -> Variable { Variable(Tensor(value, dtype: .float64)) }
private func array(_ values: [Double], _ shape: Shape? = nil) -> Variable {
  Variable(Tensor(values, shape: shape, dtype: .float64))
}

// What a course on graph machine learning writes on its slides about derivatives.
@Suite struct `As the lectures have it` {
  // 001-14
  @Test func `the directional derivative is ∇f · v, and largest along the gradient`() {
    func f(_ x: Variable) -> Variable { (sin(x) * x).sum() + square(x).sum() }
    let x = constant([6], seed: 1), slope = gradient(of: f, at: x).value
    let norm = (slope * slope).sum().item().squareRoot()
    for seed in 0..<1000 {
      let draws = Tensor(normal: [6], key: RandomKey(seed: UInt64(seed)), dtype: .float64)
      let direction = draws * Tensor(1 / (draws * draws).sum().item().squareRoot(), dtype: .float64)
      let derivative = jvp(of: f, at: x, tangent: Variable(direction)).tangent.item()
      #expect(abs(derivative - (slope * direction).sum().item()) < 1e-12 && derivative <= norm)
    }
    let steepest = jvp(of: f, at: x, tangent: Variable(slope * Tensor(1 / norm, dtype: .float64))).tangent.item()
    #expect(abs(steepest - norm) < 1e-12)
  }

  // 001-19
  @Test func `f = W · x has a vector for its derivative if f is a number, and a matrix if f is a vector`() {
    let x = array([1, 2, 3]), w = array([1, -1, 2, 0, 4, 5], [2, 3])
    let number = jacobian(of: { dot($0, x) }, at: array([4, 5, 6]))
    #expect(number.shape == [3] && number.value == x.value)
    let vector = jacobian(of: { matmul(w, $0) }, at: x)
    #expect(vector.shape == [2, 3] && vector.value == w.value)
    let weights = jacobian(of: { matmul($0, x) }, at: w)
    #expect(weights.shape == [2, 2, 3])
    #expect(weights.scalars(as: Double.self) == [1, 2, 3, 0, 0, 0, 0, 0, 0, 1, 2, 3])
  }

  // 001-20
  @Test func `a loss is composed of building blocks whose derivatives are known, each checked`() {
    #expect(OperationSample.all.count > 100)
    func loss(_ x: Variable) -> Variable { log(1 + exp(-tanh(x) * 3)).sum() }
    // The chain rule by hand: −3 σ(−3 t) (1 − t²) with t = tanh 0.7.
    #expect(abs(gradient(of: loss, at: number(0.7)).item() + 0.267092347909) < 1e-11)
  }

  // 001-21: the lecture's chain for W₁ goes through W₂; the value that lies between them is h.
  @Test func `two linear layers: the chain rule by hand`() {
    let tape = Tape()
    func leaf(_ values: [Double], _ shape: Shape) -> Variable {
      tape.variable(Tensor(values, shape: shape, dtype: .float64))
    }
    let first = leaf([1, 2, 3, 4], [2, 2]), second = leaf([1, -1], [1, 2]), x = leaf([1, 2], [2])
    let h = matmul(first, x)
    let loss = (array([1]) - matmul(second, h)).norm()
    let gradients = loss.gradients()
    #expect(loss.item() == 7)
    #expect(gradients[second].scalars(as: Double.self) == [-5, -11])
    #expect(gradients[first].scalars(as: Double.self) == [-1, -2, 1, 2])
    #expect(gradients[x].scalars(as: Double.self) == [2, 2])
    #expect(gradients[h].scalars(as: Double.self) == [-1, 1])
  }

  // 001-22
  @Test func `two linear layers without an activation are one`() {
    let (a, b) = (constant([3, 5], seed: 1), constant([5, 2], seed: 2)), x = constant([20, 3], seed: 3)
    #expect(isClose(matmul(matmul(x, a), b).scalars(), matmul(x, matmul(a, b)).scalars()))
    #expect(!isClose(matmul(relu(matmul(x, a)), b).scalars(), matmul(x, matmul(a, b)).scalars()))
  }

  // 001-23
  @Test func `relu has the derivative 0 at 0, and the sigmoid saturates without NaN`() {
    #expect(gradient(of: { relu($0).sum() }, at: array([0, -1, 2])).scalars(as: Double.self) == [0, 0, 1])
    let extremes = array([1e4, -1e4])
    #expect(sigmoid(extremes).scalars(as: Double.self) == [1, 0])
    #expect(gradient(of: { sigmoid($0).sum() }, at: extremes).scalars(as: Double.self) == [0, 0])
  }

  // 002-36
  @Test func `the squared distance has the gradient 2 (ŷ − y), cross-entropy the one of its softmax`() {
    let target = array([1, 0, -2]), prediction = array([0.5, 3, -1])
    let slope = gradient(of: { squaredErrorLoss($0, target, reduction: .sum) }, at: prediction)
    #expect(isClose(slope.scalars(), (2 * (prediction - target)).scalars()))
    let logits = array([0.1, 0.4, 0.3, -1, 2], [1, 5])
    let label = array([0, 0, 1, 0, 0], [1, 5])
    let crossEntropy = gradient(of: { softmaxCrossEntropy(logits: $0, [2]) }, at: logits)
    #expect(isClose(crossEntropy.scalars(), (softmax(logits) - label).scalars()))
    // A loss of probabilities: −ln 0.4.
    let p = log(array([0.1, 0.3, 0.4, 0.1, 0.1], [1, 5]))
    #expect(abs(softmaxCrossEntropy(logits: p, [2]).item() - 0.916291) < 1e-6)
  }

  /// Steps of x ← x − η f′(x).
  private func descent(
    _ x: Double, rate: Double, steps: Int, step: (Double) -> Double = { $0 }, _ f: (Variable) -> Variable
  ) -> [Double] {
    (0..<steps).reduce(into: [x]) { path, _ in
      let x = path[path.count - 1]
      path.append(x - rate * step(gradient(of: f, at: number(x)).item()))
    }
  }

  // 002-37
  @Test func `gradient descent may change its rate on the way`() {
    var x = 1.0
    for rate in [0.25, 0.25, 0.5] { x = descent(x, rate: rate, steps: 1) { $0 * $0 }[1] }
    #expect(x == 0)
  }

  // 002-38
  @Test func `a step against the sign of the slope goes down if it is small enough`() {
    func f(_ x: Variable) -> Variable { square(square(x) - 2) + x }
    func value(_ x: Double) -> Double { f(number(x)).item() }
    for start in [-2.5, -0.5, 0.4, 2] {
      let small = descent(start, rate: 1e-3, steps: 1, step: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, f)
      #expect(value(small[1]) < value(small[0]))
    }
    let large = descent(2, rate: 6, steps: 1, step: { $0 > 0 ? 1 : -1 }, f)
    #expect(value(large[1]) > value(large[0]))
  }

  // 002-39
  @Test func `the rate decides between convergence, standstill and divergence, the start between minima`() {
    func square(_ x: Variable) -> Variable { x * x }
    #expect(abs(descent(1, rate: 0.1, steps: 10, square)[10] - 0.107374) < 1e-6)
    #expect(descent(1, rate: 1, steps: 10, square) == [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1])
    #expect(abs(descent(1, rate: 1.1, steps: 10, square)[10] - 6.19174) < 1e-5)
    func doubleWell(_ x: Variable) -> Variable { AdjointAutodiff.square(x * x - 1) }
    #expect(abs(descent(0.3, rate: 0.05, steps: 200, doubleWell)[200] - 1) < 1e-9)
    #expect(abs(descent(-0.3, rate: 0.05, steps: 200, doubleWell)[200] + 1) < 1e-9)
  }

  // 002-40
  @Test(arguments: [32, 64, 128]) func `the mean of all batches' gradients is the gradient of all`(_ batchSize: Int) {
    let x = constant([256, 3], seed: 1), labels = IndexArray((0..<256).map { $0 % 4 })
    let weight = constant([3, 4], seed: 2)
    func slope(_ rows: Range<Int>) -> Tensor {
      gradient(
        of: { softmaxCrossEntropy(logits: matmul(x.rows(rows), $0), IndexArray(labels[rows])) }, at: weight
      ).value
    }
    let starts = stride(from: 0, to: 256, by: batchSize)
    let total = starts.map { slope($0..<$0 + batchSize) }.reduce(Tensor(zeros: [3, 4], dtype: .float64)) { $0 + $1 }
    let iterations = 256 / batchSize
    let mean = total * Tensor(1 / Double(iterations), dtype: .float64)
    #expect(isClose(mean.scalars(), slope(0..<256).scalars()))
  }

  // 002-41: computational graph, divide and conquer, and no Jacobian of 10⁴ × 10⁴ numbers.
  @Test func `a chain on 10⁴ numbers is differentiated without its Jacobian`() async {
    await #expect(processExitsWith: .success) {
      let start = TensorMemory.liveBytes, width = 10_000
      TensorMemory.resetPeak()
      let slope = gradient(
        of: { x in (0..<10).reduce(x) { y, _ in sin(y) * 1.5 }.sum() }, at: Variable(Tensor(ones: [width])))
      #expect(slope.value.count == width)
      // Ten operations keep an array each, and the sweep a few; the Jacobian of one would have 400 MB.
      #expect(TensorMemory.peakBytes - start < 40 * 4 * width)
    }
  }
}
