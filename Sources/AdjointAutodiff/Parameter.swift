import Synchronization

/// A trainable tensor: the one thing in a model with an identity of its own.
///
///     struct Scale: Layer {
///       @Parameter var factor: Variable
///       init() { _factor = Parameter(Tensor(1)) }
///       func callAsFunction(_ x: Variable) -> Variable { factor * x }
///     }
///
/// Reading the wrapped value inside `valueWithGradients { }` (or ``Tape/recording(_:)``) gives a leaf of that scope's tape; outside
/// it gives a constant. Copies of a layer share its parameters, which is how weights are tied.
///
/// Parameters may be read on several threads at once; changing ``value`` while another thread reads it is a mistake.
@propertyWrapper
public final class Parameter: @unchecked Sendable {
  /// The current value.
  public var value: Tensor

  /// The dotted path in the model, such as `layers.0.weight`, once its parameters have been listed; else empty.
  public package(set) var path: String {
    get { storedPath.withLock { $0 } }
    // A layer on its own gives shorter paths than the model around it; the longest one is kept.
    set { storedPath.withLock { if newValue.count > $0.count { $0 = newValue } } }
  }
  private let storedPath = Mutex("")

  /// Whether this is a table whose rows are looked up: an update then changes those rows alone that were.
  public let isTable: Bool

  /// Creates a parameter.
  ///
  /// - Parameters:
  ///   - value: The initial value. A number written as a literal has the default element type.
  ///   - isTable: Whether this is a table whose rows are looked up: an update then changes those rows alone that were.
  public init(_ value: Tensor, isTable: Bool = false) {
    self.value = value.isLiteral ? Tensor(value.scalarValue) : value
    self.isTable = isTable
  }

  /// The value as a variable: a leaf of the current scope's tape, or a constant outside any scope.
  public var wrappedValue: Variable {
    guard let state = UnsafeMutablePointer<TapeState>.current else { return Variable(value) }
    return state.leaf(for: self)
  }

  /// The parameter itself: `layer.$weight`.
  public var projectedValue: Parameter { self }
}
