import AdjointLayers
import Testing

@Suite struct `A gradient penalty on a perceptron` {
  /// The mean of (‖∂f/∂x‖ − 1)² over rows (I. Gulrajani et al., *Improved Training of Wasserstein GANs*, NeurIPS 2017, eq. 3).
  private func penalty(_ model: MLP, _ x: Variable) -> Variable {
    let slope = gradient(of: { model($0).sum() }, at: x)
    return square(slope.norm(along: 1) - 1).mean()
  }

  @Test func `has the gradient that differences have, to 1e-6`() {
    withDefaultDType(.float64) {
      let model = MLP([3, 8, 8, 1], activation: { tanh($0) }, key: RandomKey(seed: 1))
      let x = Variable(Tensor(normal: [5, 3], key: RandomKey(seed: 2)))
      let report = checkGradients(for: model.parameters) { penalty(model, x) }
      #expect(report.passes, "\(report)")
      #expect(report.elements.count == model.parameterCount)
      #expect(report.elements.allSatisfy { abs($0.analytic - $0.numeric) < 1e-6 })
      #expect(report.elements.contains { abs($0.analytic) > 0.01 })
    }
  }

  @Test func `goes down in training`() {
    let model = MLP([3, 8, 1], activation: { tanh($0) }, key: RandomKey(seed: 1))
    let x = Variable(Tensor(normal: [5, 3], key: RandomKey(seed: 2)))
    let optimizer = Adam(learningRate: 0.02)
    var values: [Double] = []
    for _ in 0..<30 {
      let (value, gradients) = valueWithGradients { penalty(model, x) }
      optimizer.update(model, with: gradients)
      values.append(value.item())
    }
    #expect(values[29] < values[0] / 5)
  }
}
