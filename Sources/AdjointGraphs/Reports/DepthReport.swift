/// What becomes of nodes' features, and of gradients, from layer to layer: whether a deep graph network smooths too much.
///
///     let report = DepthReport(x, through: layers) { softmaxCrossEntropy(logits: $0, labels) }
///     print(report)
public struct DepthReport: CustomStringConvertible {
  /// What is known of one depth; depth 0 is the input.
  public struct Level: Equatable, Sendable {
    /// The mean cosine of the angle between the rows of two nodes: 1 where all point the same way.
    public let similarity: Double
    /// The Euclidean norm of the loss's gradient with respect to the features.
    public let gradientNorm: Double
  }

  /// The input's level, then that of each layer's output.
  public let levels: [Level]

  /// Runs layers one after the other and looks at what is between them.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, D]`.
  ///   - layers: The layers, first to last.
  ///   - loss: Turns the last output into a number.
  public init(_ x: Tensor, through layers: [(Variable) -> Variable], loss: (Variable) -> Variable) {
    let tape = Tape()
    var features = [tape.variable(x)]
    let value = tape.recording {
      for layer in layers { features.append(layer(features[features.count - 1])) }
      return loss(features[features.count - 1])
    }
    let gradients = value.gradients()
    levels = features.map { h in
      Level(
        similarity: DepthReport.similarity(of: h.value),
        gradientNorm: h.isRecorded ? DepthReport.norm(gradients[h].value) : 0)
    }
  }

  /// The mean cosine of the angles between different rows; rows of zeros have none and count as 0.
  ///
  /// - Parameter x: `[N, ...]`.
  /// - Returns: The mean over all pairs; 1 for fewer than two rows.
  public static func similarity(of x: Tensor) -> Double {
    let n = x.rank == 0 ? 0 : x.shape[0], numbers = x.scalars(as: Double.self)
    guard n > 1 else { return 1 }
    let width = numbers.count / n
    var (sum, units) = ([Double](repeating: 0, count: width), 0.0)
    for row in 0..<n {
      let values = numbers[row * width..<(row + 1) * width]
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      units += 1
      for (column, value) in values.enumerated() { sum[column] += value / length }
    }
    // Σ over pairs of ⟨u, v⟩ is (‖Σ u‖² − Σ ‖u‖²) / 2.
    return (sum.reduce(0) { $0 + $1 * $1 } - units) / Double(n * (n - 1))
  }

  private static func norm(_ x: Tensor) -> Double {
    x.scalars(as: Double.self).reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// A line for each depth.
  public var description: String {
    levels.enumerated().map { "depth \($0): row similarity \($1.similarity), gradient norm \($1.gradientNorm)" }
      .joined(separator: "\n")
  }
}
