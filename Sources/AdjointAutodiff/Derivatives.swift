// Derivatives of functions: each records the function once and sweeps back, as often as it needs.
//
// They nest: a derivative taken inside a recording scope, such as another derivative, or at a recorded point is recorded on
// the same tape and can be differentiated in turn. Each has inputs of its own on the tape, so that
// d/dx [x · d/dy (x + y)] is 1 even where y has the value of x.

/// Returns the gradient of a function with one element.
///
///     gradient(of: { ($0 * $0).sum() }, at: [1, 2])      // [2, 4]
///
/// - Parameters:
///   - function: The function; a result with several elements stops the program.
///   - point: Where to differentiate.
/// - Returns: The gradient, of the point's shape.
/// - Complexity: A small multiple of the cost of the function.
public func gradient(of function: (Variable) -> Variable, at point: Variable) -> Variable {
  valueWithGradients(of: { function($0[0]) }, at: [point]).gradients[0]
}

/// Returns the value and the gradients of a function of several inputs.
///
/// - Parameters:
///   - function: The function; a result with several elements stops the program.
///   - point: The value of every input.
/// - Returns: The value, and one gradient for each input, of its shape.
public func valueWithGradients(
  of function: ([Variable]) -> Variable, at point: [Variable]
) -> (value: Variable, gradients: [Variable]) {
  recordingFunction(function, at: point) { recorded in
    (recorded.result, recorded.pullback(nil))
  }
}

/// Returns the value of a function and the product of a cotangent with its Jacobian.
///
///     x̄ = ȳ ∂y/∂x
///
/// - Parameters:
///   - function: The function.
///   - point: Where to differentiate.
///   - cotangent: The gradient ȳ of the result, of its shape.
/// - Returns: The value y and the gradient x̄, of the point's shape.
public func vjp(
  of function: (Variable) -> Variable, at point: Variable, cotangent: Variable
) -> (value: Variable, gradient: Variable) {
  recordingFunction({ function($0[0]) }, at: [point]) { recorded in
    (recorded.result, recorded.pullback(cotangent)[0])
  }
}

/// Returns the value of a function and the products of many cotangents with its Jacobian.
///
///     x̄[r] = ȳ[r] ∂y/∂x        ȳ: [R, y's shape]   x̄: [R, x's shape]
///
/// The function is computed once, and one sweep carries all cotangents: operations whose pullbacks can, elementwise ones,
/// products, gathers and scatters, take them together, others one by one.
///
/// - Parameters:
///   - function: The function.
///   - point: Where to differentiate.
///   - cotangents: The gradients ȳ of the result, along a first axis.
/// - Returns: The value y, and the gradients x̄ along a first axis.
public func vjp(
  of function: (Variable) -> Variable, at point: Variable, cotangents: Variable
) -> (value: Variable, gradients: Variable) {
  recordingFunction({ function($0[0]) }, at: [point]) { recorded in
    require(
      cotangents.rank > 0 && Array(cotangents.shape.dropFirst()) == Array(recorded.value.shape),
      "vjp: cotangents of shape \(cotangents.shape) for a result of shape \(recorded.value.shape)")
    return (recorded.result, recorded.pullbacks(cotangents)[0])
  }
}

/// Returns the value of a function of several inputs and the product of a cotangent with its Jacobian.
///
/// Inside a pullback, this differentiates a definition in place of a rule: give the saved inputs and `dy`.
///
/// - Parameters:
///   - function: The function.
///   - point: The value of every input.
///   - cotangent: The gradient ȳ of the result, of its shape.
/// - Returns: The value y, and one gradient for each input, of its shape.
public func vjp(
  of function: ([Variable]) -> Variable, at point: [Variable], cotangent: Variable
) -> (value: Variable, gradients: [Variable]) {
  recordingFunction({ function($0.dropLast()) }, at: point + [cotangent]) { recorded in
    (recorded.result, recorded.pullback(recorded.inputs[point.count]).dropLast())
  }
}

/// Returns the value of a function and the product of its Jacobian with a tangent: forward mode.
///
///     ẏ = ∂y/∂x ẋ
///
/// A pullback is linear in its cotangent; differentiating it with respect to that gives the product exactly, without a
/// rule of its own for any operation.
///
/// - Parameters:
///   - function: The function.
///   - point: Where to differentiate.
///   - tangent: The direction ẋ, of the point's shape.
/// - Returns: The value y and the tangent ẏ, of its shape.
/// - Complexity: Two sweeps.
/// - SeeAlso: J. Townsend, *A new trick for calculating Jacobian vector products*, 2017.
public func jvp(
  of function: (Variable) -> Variable, at point: Variable, tangent: Variable
) -> (value: Variable, tangent: Variable) {
  require(tangent.shape == point.shape, "jvp: a tangent of shape \(tangent.shape) at a point of shape \(point.shape)")
  return recordingFunction({ function($0[0]) }, at: [point]) { recorded in
    let cotangent = recorded.leaf(like: recorded.value)
    let gradient = recorded.pullback(cotangent, differentiable: true)[0]
    return (recorded.result, recorded.pullback(of: gradient, tangent, to: cotangent))
  }
}

/// Returns the Jacobian of a function.
///
///     J[i…, j…] = ∂y[i…] / ∂x[j…]      shape: y's followed by x's
///
/// - Parameters:
///   - function: The function.
///   - point: Where to differentiate.
/// - Returns: The Jacobian.
/// - Complexity: The work of one sweep for each element of the result; the rows are swept together, as many at a time as
///   memory allows.
public func jacobian(of function: (Variable) -> Variable, at point: Variable) -> Variable {
  recordingFunction({ function($0[0]) }, at: [point]) { recorded in
    let value = recorded.value
    let shape = Array(value.shape) + Array(point.shape)
    if value.value.count == 0 { return Variable(Tensor(zeros: Shape(shape), dtype: value.dtype)) }
    let identity = Tensor.eye(value.value.count, dtype: value.dtype)
    let cotangents = Variable(identity.reshaped(to: [value.value.count] + Array(value.shape)))
    return recorded.pullbacks(cotangents)[0].reshaped(to: shape)
  }
}

/// Returns the Hessian of a function with one element.
///
///     H[i…, j…] = ∂²y / ∂x[i…] ∂x[j…]      shape: x's twice
///
/// - Parameters:
///   - function: The function; a result with several elements stops the program.
///   - point: Where to differentiate.
/// - Returns: The Hessian.
/// - Complexity: One sweep for each element of the point, over the recorded gradient.
public func hessian(of function: (Variable) -> Variable, at point: Variable) -> Variable {
  jacobian(of: { gradient(of: function, at: $0) }, at: point)
}

/// Returns the product of the Hessian of a function and a vector, without the Hessian.
///
///     H v = ∂⟨∂y/∂x, v⟩ / ∂x
///
/// - Parameters:
///   - function: The function; a result with several elements stops the program.
///   - point: Where to differentiate.
///   - vector: The vector v, of the point's shape.
/// - Returns: The product, of the point's shape.
/// - Complexity: Two sweeps.
/// - SeeAlso: B. A. Pearlmutter, *Fast exact multiplication by the Hessian*, Neural Computation 6(1), 1994.
public func hessianVectorProduct(
  of function: (Variable) -> Variable, at point: Variable, _ vector: Variable
) -> Variable {
  require(
    vector.shape == point.shape,
    "hessianVectorProduct: a vector of shape \(vector.shape) at a point of shape \(point.shape)")
  return vjp(of: { gradient(of: function, at: $0) }, at: point, cotangent: vector).gradient
}

/// A function's result on a tape, with the inputs it was computed from.
private struct RecordedFunction {
  let state: UnsafeMutablePointer<TapeState>
  let inputs: [Variable]
  let value: Variable
  /// Whether the tape belongs to someone who may differentiate what is computed here.
  let isNested: Bool

  /// The value as the caller gets it: a constant if the tape ends here.
  var result: Variable { isNested ? value : value.detached() }

  /// The gradients of the inputs for a cotangent of the value; 1 if left out.
  func pullback(_ cotangent: Variable?, differentiable: Bool = false) -> [Variable] {
    gradients(of: value, cotangent, to: inputs, recorded: differentiable || isNested)
  }

  /// The gradients of the inputs for each of many cotangents, along a first axis.
  func pullbacks(_ cotangents: Variable) -> [Variable] {
    guard let first = inputs.map(\.index).min(), value.index >= first else {
      return inputs.map {
        Variable(Tensor(zeros: Shape([cotangents.shape[0]] + Array($0.shape)), dtype: $0.dtype))
      }
    }
    if !isNested && !cotangents.isRecorded && state.pointee.observers.isEmpty {
      return batchedGradients(of: value, cotangents.value, to: inputs).map { Variable($0) }
    }
    // What may be differentiated in turn, or is looked at, goes row by row.
    let rows = (0..<cotangents.shape[0]).map { row in
      pullback(cotangents.rows(row..<row + 1).reshaped(to: Array(value.shape)))
    }
    return inputs.indices.map { input in
      rows.isEmpty
        ? Variable(Tensor(zeros: Shape([0] + Array(inputs[input].shape)), dtype: inputs[input].dtype))
        : stack(rows.map { $0[input] })
    }
  }

  /// The gradient of `input` for a cotangent of another value on the tape.
  func pullback(of output: Variable, _ cotangent: Variable, to input: Variable) -> Variable {
    gradients(of: output, cotangent, to: [input], recorded: isNested)[0]
  }

  /// Zeros of a value's shape as an input of their own.
  func leaf(like value: Variable) -> Variable { state.leaf(Tensor(zeros: value.shape, dtype: value.dtype)) }

  private func gradients(
    of output: Variable, _ cotangent: Variable?, to inputs: [Variable], recorded: Bool
  ) -> [Variable] {
    // A result that does not depend on the inputs is a constant, or was recorded before them.
    guard let first = inputs.map(\.index).min(), output.index >= first else {
      return inputs.map { Variable(Tensor(zeros: $0.shape, dtype: $0.dtype)) }
    }
    let found = output.gradients(
      seed: cotangent, recorded: recorded, keeping: .all, downTo: first, operation: "gradient")
    return inputs.map { found[$0] }
  }
}

/// Records a function at a point, on the tape of the point or of the scope if there is one, else on one of its own.
private func recordingFunction<Result>(
  _ function: ([Variable]) -> Variable, at point: [Variable], _ body: (RecordedFunction) -> Result
) -> Result {
  let outer = point.first { $0.isRecorded }?.checkedTape("gradient") ?? .current
  let state = outer ?? TapeState.make()
  defer { if outer == nil { TapeState.recycle(state) } }
  return state.recording {
    let inputs = point.map { x in
      let value = x.value.isLiteral ? Tensor(x.value.scalarValue) : x.value
      return x.isRecorded ? record(.identity, x, value: value) : state.leaf(value)
    }
    let value = function(inputs)
    return body(RecordedFunction(state: state, inputs: inputs, value: value, isNested: outer != nil))
  }
}

extension OperationRule {
  /// A place of its own on the tape for a variable that is there already.
  static let identity = OperationRule("identity", saving: .nothing) { dy, _ in dy }
}
