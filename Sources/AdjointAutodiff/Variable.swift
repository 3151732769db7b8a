@_exported import AdjointTensors

/// A value in a computation: a tensor and, when it was recorded, its place on a tape.
///
/// Variables are immutable values. An operation on variables is recorded on the tape of its operands; if none of them is
/// recorded, neither is the result, and nothing is kept. A variable made from a number or a tensor is a constant.
///
/// A variable belongs to one thread of execution, as its tape does. It may outlive its tape, but then only its ``value``
/// can be read: an operation that meets it stops the program and says so. Use ``detached()`` for what is carried on.
public struct Variable {
  /// The value.
  public let value: Tensor
  let tape: UnsafeMutablePointer<TapeState>?
  let index: Int32
  let generation: UInt32

  @inline(__always)
  init(value: Tensor, index: Int32, tape: UnsafeMutablePointer<TapeState>) {
    self.value = value
    self.index = index
    self.tape = tape
    generation = tape.pointee.generation
  }

  @inline(__always)
  init(value: Tensor, index: Int32, generation: UInt32, tape: UnsafeMutablePointer<TapeState>) {
    (self.value, self.index, self.generation, self.tape) = (value, index, generation, tape)
  }

  /// A constant.
  ///
  /// - Parameter value: The value.
  @inline(__always)
  public init(_ value: Tensor) {
    self.value = value
    index = -1
    generation = 0
    tape = nil
  }

  /// A constant number that adopts the element type of whatever it meets, as a literal does.
  ///
  /// - Parameter value: The number.
  @inline(__always)
  public init(_ value: Double) { self.init(Tensor(floatLiteral: value)) }

  /// The extents of the axes.
  public var shape: Shape { value.shape }

  /// The element type.
  public var dtype: DType { value.dtype }

  /// The number of axes.
  public var rank: Int { value.rank }

  /// Whether the variable is on a tape, so that gradients flow through it.
  @inline(__always)
  public var isRecorded: Bool { index >= 0 }

  /// The same value as a constant: no gradient flows through it.
  ///
  /// - Returns: A variable that is on no tape.
  public func detached() -> Variable { Variable(value) }

  /// The value of a variable with exactly one element.
  ///
  /// - Returns: The element as a `Double`; a variable with more or fewer elements stops the program.
  public func item() -> Double { value.item() }

  /// The elements in row-major order.
  ///
  /// - Parameter type: `Float.self` or `Double.self`; elements of the other type are converted.
  /// - Returns: An array of all elements.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] { value.scalars(as: type) }
}

extension Variable: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// A constant number that adopts the element type of the other operand.
  @inline(__always)
  public init(floatLiteral value: Double) { self.init(Tensor(floatLiteral: value)) }

  /// A constant number that adopts the element type of the other operand.
  @inline(__always)
  public init(integerLiteral value: Int) { self.init(Tensor(integerLiteral: value)) }

  /// A constant from nested literals: `[[1, 2], [3, 4]]`.
  public init(arrayLiteral elements: Tensor...) {
    self.init(elements.isEmpty ? Tensor(zeros: [0]) : stack(elements))
  }
}

extension Variable: CustomStringConvertible {
  /// The text of the value.
  public var description: String { value.description }
}

extension Variable {
  /// The shape, after the path of the parameter that this variable stands for, if it does: `conv1.weight [1433, 16]`.
  var label: String {
    path.map { "\($0) \(shape)" } ?? "\(shape)"
  }

  /// The path of the parameter that this variable stands for, if it is known.
  private var path: String? {
    guard let tape, index >= 0, tape.pointee.generation == generation else { return nil }
    let path = tape.pointee.parameters.values.first { $0.index == index }?.parameter.path
    return path?.isEmpty == false ? path : nil
  }

  /// The name that views of the tape show: a given one, or the path of the parameter.
  var name: String? {
    guard let tape, index >= 0, tape.pointee.generation == generation else { return nil }
    return tape.pointee.names[index] ?? path
  }
}
