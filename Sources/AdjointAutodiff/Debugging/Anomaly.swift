/// The first NaN or infinity that a computation met.
public struct Anomaly: Error, CustomStringConvertible, Sendable {
  /// Where it turned up.
  public enum Direction: String, Sendable {
    /// In the result of an operation.
    case forward
    /// In the gradient of an operation's input.
    case backward
  }

  /// What an array holds.
  public struct Summary: Sendable, CustomStringConvertible {
    /// What the array is, with the name or path of a leaf.
    public let label: String
    /// Its shape and element type.
    public let shape: Shape, dtype: DType
    /// The smallest and the largest number, without NaN; nil if there is none.
    public let minimum: Double?, maximum: Double?
    /// How many elements are NaN, and how many infinite.
    public let nanCount: Int, infinityCount: Int

    init(_ label: String, _ tensor: Tensor) {
      let elements = tensor.scalars(as: Double.self)
      let numbers = elements.filter { !$0.isNaN }
      (self.label, shape, dtype) = (label, tensor.shape, tensor.dtype)
      (minimum, maximum) = (numbers.min(), numbers.max())
      (nanCount, infinityCount) = (elements.count - numbers.count, numbers.count { $0.isInfinite })
    }

    /// Label, shape, range and counts in one line.
    public var description: String {
      let range =
        if let minimum, let maximum {
          "min \(formatNumber(minimum, "%.6g")), max \(formatNumber(maximum, "%.6g"))"
        } else {
          "no numbers"
        }
      return "\(label): \(dtype) \(shape), \(range), \(nanCount) NaN, \(infinityCount) infinite"
    }
  }

  /// Whether it is a result or a gradient.
  public let direction: Direction
  /// The operation.
  public let operation: String
  /// The first bad element and its place in the result, or in the gradient.
  public let value: Double, position: [Int]
  /// Which input's gradient it is; nil for a result.
  public let input: Int?
  /// The inputs; after them, for a gradient, the upstream gradient.
  public let inputs: [Summary]
  /// The line of the program that called the operation, or its function, where the platform tells.
  public let callSite: String?

  /// Operation, place, call and inputs, a line for each.
  public var description: String {
    let number = formatNumber(value, "%g")
    let what = input.map { "the gradient of input \($0)" } ?? "the result"
    let place = position.isEmpty ? "" : " at \(position)"
    let head = "\(operation): \(what) is \(number)\(place)" + (callSite.map { "; called at \($0)" } ?? "")
    return ([head] + inputs.map { "  \($0)" }).joined(separator: "\n")
  }
}
