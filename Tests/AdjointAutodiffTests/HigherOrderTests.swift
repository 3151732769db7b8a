import AdjointAutodiff
import Foundation
import Testing

/// The value of a function and its first derivatives, each the gradient of the one before.
func derivatives(_ count: Int, at point: Double, of function: (Variable) -> Variable) -> [Double] {
  let tape = Tape()
  let x = tape.variable(Tensor(point, dtype: .float64))
  var values: [Variable] = [function(x)]
  for _ in 0..<count {
    let last = values[values.count - 1]
    // What was not recorded does not depend on x.
    values.append(last.isRecorded ? last.gradients(recorded: true)[x] : Variable(Tensor(0, dtype: .float64)))
  }
  return values.map { $0.item() }
}

@Suite struct `Derivatives of higher order` {
  @Test func `of x³ at 2 are 12, 12, 6, 0`() {
    #expect(derivatives(4, at: 2) { $0 * $0 * $0 } == [8, 12, 12, 6, 0])
    #expect(derivatives(4, at: 2) { square($0) * $0 } == [8, 12, 12, 6, 0])
    #expect(derivatives(4, at: 2) { cube($0) } == [8, 12, 12, 6, 0])
  }

  @Test func `of tanh at ½ follow from t′ = 1 − t²`() {
    let t = Foundation.tanh(0.5), s = 1 - t * t
    let expected = [t, s, -2 * t * s, (6 * t * t - 2) * s, (16 - 24 * t * t) * t * s]
    for (value, exact) in zip(derivatives(4, at: 0.5) { tanh($0) }, expected) {
      #expect(Swift.abs(value - exact) <= 16 * exact.magnitude.ulp + 16 * 0x1p-53)
    }
  }

  @Test func `of eˣ are all eˣ`() {
    let values = derivatives(6, at: 1) { exp($0) }
    #expect(values.allSatisfy { $0 == values[0] })
    #expect(Swift.abs(values[0] - Foundation.exp(1.0)) <= 2 * values[0].ulp)
  }

  @Test func `of 1/x alternate like factorials`() {
    let values = derivatives(5, at: 2) { 1 / $0 }
    for (value, exact) in zip(values, [0.5, -0.25, 0.25, -0.375, 0.75, -1.875]) {
      #expect(Swift.abs(value - exact) <= 8 * exact.ulp)
    }
  }

  @Test func `of ln x and √x agree with their formulas`() {
    for (value, exact) in zip(derivatives(4, at: 2) { log($0) }, [Foundation.log(2.0), 0.5, -0.25, 0.25, -0.375]) {
      #expect(Swift.abs(value - exact) <= 8 * exact.magnitude.ulp)
    }
    let roots = derivatives(3, at: 4) { sqrt($0) }
    for (value, exact) in zip(roots, [2, 0.25, -0.031_25, 0.011_718_75]) {
      #expect(Swift.abs(value - exact) <= 8 * exact.magnitude.ulp)
    }
  }

  @Test func `mix: the Hessian of xᵀ A x is A + Aᵀ`() {
    let tape = Tape()
    let a = Tensor([[1, 2, 3], [4, 5, 6], [7, 8, 10]] as [[Double]])
    let x = tape.variable([[1, -1, 2]])
    let y = (matmul(x, Variable(a)) * x).sum()
    let gradient = y.gradients(recorded: true)[x]
    let rows = (0..<3).map { gradient.gradients(seed: Variable(Tensor.eye(3).rows($0..<$0 + 1)))[x].value }
    #expect(concatenate(rows, along: 0) == a + a.transposed())
  }

  @Test func `inside valueWithGradients: the outer gradient of an inner gradient`() {
    let w = Parameter(Tensor(2, dtype: .float64))
    // d/dw (d/dw w³)² = 2 · 3w² · 6w = 36 w³
    let (value, gradients) = valueWithGradients {
      let (inner, slopes) = valueWithGradients { w.wrappedValue * w.wrappedValue * w.wrappedValue }
      #expect(inner.item() == 8 && slopes[w].item() == 12 && slopes[w].isRecorded)
      return slopes[w] * slopes[w]
    }
    #expect(value.item() == 144 && !value.isRecorded)
    #expect(gradients[w].item() == 288 && !gradients[w].isRecorded)
  }

  @Test func `three scopes deep`() {
    let w = Parameter(Tensor(2, dtype: .float64))
    let (value, gradients) = valueWithGradients {
      valueWithGradients {
        valueWithGradients { square(w.wrappedValue * w.wrappedValue) }.gradients[w]
      }.gradients[w]
    }
    #expect(value.item() == 48 && gradients[w].item() == 48)
  }
}

extension Tensor {
  fileprivate init(_ rows: [[Double]]) {
    self.init(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }
}
