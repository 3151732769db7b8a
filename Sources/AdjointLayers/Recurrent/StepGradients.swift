/// How far a loss reaches back in time: the norm of its gradient at every state of a recurrent cell.
///
///     norms[t] = ‖∂J/∂sₜ‖₂,   ∂J/∂sₜ = Σₙ ∂J/∂hₙ Π ∂sⱼ/∂sⱼ₋₁   over n ≥ t and t < j ≤ n
///
/// The product of the steps' derivatives shrinks or grows geometrically where they are all small or all large: gradients vanish
/// or explode. Printed, a report has a line for each step, with a bar that is proportional to the order of magnitude.
///
/// - SeeAlso: Bengio, Simard & Frasconi, *Learning long-term dependencies with gradient descent is difficult*, IEEE Transactions on
///   Neural Networks 5(2), 1994.
public struct StepGradients: Sendable, CustomStringConvertible {
  /// The norm at the initial state, and after every step: T + 1 numbers.
  public let norms: [Double]

  /// The norm at the initial state over that at the last one: small where gradients vanish, large where they explode, 1 if both
  /// are 0.
  public var ratio: Double {
    let (first, last) = (norms[0], norms[norms.count - 1])
    return first == last ? 1 : first / last
  }

  /// Runs a cell along a sequence and differentiates a loss with respect to every state.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - x: The inputs, `[T, B, D]`.
  ///   - state: The state before the first step; zeros if left out.
  ///   - lengths: The length of each sequence; T if left out.
  ///   - loss: A function of the states with one element.
  public init<Cell: RecurrentCell>(
    of cell: Cell, over x: Variable, from state: Cell.State? = nil, lengths: IndexArray? = nil,
    loss: (Scan<Cell.State>) -> Variable
  ) {
    let tape = Tape()
    let given = state ?? cell.zeroState(batch: x.shape.count > 1 ? x.shape[1] : 0, dtype: x.dtype)
    let initial = Cell.State(stateVariables: given.stateVariables.map { tape.variable($0.value) })
    norms = tape.recording {
      let scanned = scan(cell, over: x, from: initial, lengths: lengths)
      let gradients = loss(scanned).gradients()
      return ([initial] + scanned.states).map { state in
        let squares = state.stateVariables.map { variable -> Double in
          // In double precision, which holds the square of a very small number.
          square(gradients[variable].value.converted(to: .float64)).sum().item()
        }
        return squares.reduce(0, +).squareRoot()
      }
    }
  }

  /// A line for each step.
  public var description: String {
    let largest = norms.max() ?? 0
    return norms.enumerated().map { step, norm in
      let magnitude = norm > 0 && largest > 0 ? Swift.max(0, 40 + 2 * decimalExponent(norm / largest)) : 0
      return "\(step)\t\(norm)\t" + String(repeating: "█", count: magnitude)
    }.joined(separator: "\n")
  }

  /// The order of magnitude of a positive number, rounded down.
  private func decimalExponent(_ x: Double) -> Int {
    var (exponent, x) = (0, x)
    while x < 1 && exponent > -330 { (exponent, x) = (exponent - 1, x * 10) }
    return exponent
  }
}
