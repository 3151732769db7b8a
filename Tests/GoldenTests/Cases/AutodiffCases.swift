import Adjoint
import Foundation

extension CaseTable {
  /// The tape itself: uses, paths, constants, and gradients of gradients.
  static let autodiff: [CaseRow] = [
    .unary("fan_out") { $0 * $0 + $0 * sine($0) },
    CaseRow("diamond") { run in
      let (x, y) = (try run["x"], try run["y"])
      let u = x * y, v = x + y
      return u * v * u
    },
    .unary("detach") { $0 * $0.detached() },
    .binary("unused_input") { a, _ in 2 * a },
    .unary("double_backward_cube") { x in (x * x * x).sum().gradients(recorded: true)[x] },
    CaseRow("double_backward_mlp") { run in
      let (x, hidden, output) = (try run["x"], try run.parameter("W1"), try run.parameter("W2"))
      let h = try tanh(matmul(x, hidden, transposingRight: true) + run.parameter("b1"))
      let f = try (matmul(h, output, transposingRight: true) + run.parameter("b2")).sum()
      return square(f.gradients(recorded: true)[x]).sum()
    },
    CaseRow("jacobian") { run in
      let x = run.tape.variable(try run["x"].value)
      let (x0, x1, x2) = (x.rows(0..<1), x.rows(1..<2), x.rows(2..<3))
      let y = concatenate(x0 * x1, sine(x1) + x2, square(x).sum().reshaped(to: [1]))
      return jacobian(of: y, at: x)
    },
    CaseRow("hessian") { run in
      let x = run.tape.variable(try run["x"].value)
      let product = (1..<x.shape[0]).reduce(x.rows(0..<1)) { $0 * x.rows($1..<$1 + 1) }
      let f = (x * x * x).sum() * exp(product.sum())
      return jacobian(of: f.gradients(recorded: true)[x], at: x)
    },
  ]

  /// One reverse sweep for every element of y.
  private static func jacobian(of y: Variable, at x: Variable) -> Variable {
    let units = Tensor.eye(y.shape[0], dtype: y.dtype)
    let rows = (0..<y.shape[0]).map { row in
      y.gradients(seed: Variable(units.rows(row..<row + 1).reshaped(to: [y.shape[0]])))[x].value
    }
    return Variable(stack(rows))
  }

  /// An operation of the user's own.
  private static func sine(_ x: Variable) -> Variable {
    record("sine", x, value: mapped(x.value, Foundation.sin), saving: .inputs) { dy, saved in
      [dy * cosine(saved[0])]
    }
  }

  private static func cosine(_ x: Variable) -> Variable {
    record("cosine", x, value: mapped(x.value, Foundation.cos), saving: .inputs) { dy, saved in
      [-dy * sine(saved[0])]
    }
  }

  private static func mapped(_ x: Tensor, _ function: (Double) -> Double) -> Tensor {
    Tensor(x.scalars(as: Double.self).map(function), shape: x.shape, dtype: x.dtype)
  }
}
