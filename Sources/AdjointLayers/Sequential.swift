/// A layer that turns one variable into another: what ``Sequential`` is made of.
///
/// A conforming type writes its forward code. One that behaves differently in training, because it draws random numbers or keeps
/// statistics, writes the form with a key as well.
public protocol UnaryLayer: Layer {
  /// Applies the layer as in evaluation.
  ///
  /// - Parameter x: The input.
  /// - Returns: The output.
  func callAsFunction(_ x: Variable) -> Variable

  /// Applies the layer, in training if there is a key.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - key: The place in the random sequence in training, another one at every step; nil in evaluation.
  /// - Returns: The output.
  func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable
}

extension UnaryLayer {
  /// Applies a layer that is the same in training and evaluation.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable { self(x) }
}

/// A function without parameters as a layer: an activation or a rearrangement.
public struct Activation: UnaryLayer {
  private let function: (Variable) -> Variable

  /// Creates a layer.
  ///
  /// - Parameter function: What the layer computes.
  public init(_ function: @escaping (Variable) -> Variable) { self.function = function }

  /// Applies the function.
  public func callAsFunction(_ x: Variable) -> Variable { function(x) }
}

/// Layers one after the other.
///
///     let model = Sequential {
///       Conv2D(1, 8, window: 3, padding: 1, key: key.stream(0))
///       relu
///       MaxPool2D(2)
///       Flatten()
///       Linear(8 * 4 * 4, 10, key: key.stream(1))
///     }
///     model(x)              // evaluation
///     model(x, key: key)    // training: dropout drops, batch norm takes the batch's statistics
///
/// Functions such as `relu` or `{ $0 + 1 }` stand among layers; `if` and `for` work as expected. The parameters of the layer at
/// position i, counting from 0 and functions too, are `layers.i.…`.
public struct Sequential: UnaryLayer {
  /// The layers, first to last.
  public let layers: [any UnaryLayer]

  /// Creates a chain.
  ///
  /// - Parameter layers: The layers, one on each line.
  public init(@SequentialBuilder _ layers: () -> [any UnaryLayer]) { self.layers = layers() }

  /// Creates a chain.
  ///
  /// - Parameter layers: The layers, first to last.
  public init(_ layers: [any UnaryLayer]) { self.layers = layers }

  /// Applies the layers in turn, as in evaluation.
  public func callAsFunction(_ x: Variable) -> Variable { layers.reduce(x) { $1($0) } }

  /// Applies the layers in turn. Each gets a stream of the key of its own.
  public func callAsFunction(_ x: Variable, key: RandomKey?) -> Variable {
    layers.enumerated().reduce(x) { x, entry in entry.element(x, key: key?.stream(entry.offset)) }
  }
}

/// Collects the layers of a ``Sequential``.
@resultBuilder public enum SequentialBuilder {
  /// A layer.
  public static func buildExpression(_ layer: some UnaryLayer) -> [any UnaryLayer] { [layer] }
  /// A function.
  public static func buildExpression(_ function: @escaping (Variable) -> Variable) -> [any UnaryLayer] {
    [Activation(function)]
  }
  /// Everything in a block.
  public static func buildBlock(_ parts: [any UnaryLayer]...) -> [any UnaryLayer] { parts.flatMap(\.self) }
  /// What `if` without `else` chooses.
  public static func buildOptional(_ part: [any UnaryLayer]?) -> [any UnaryLayer] { part ?? [] }
  /// What `if` chooses.
  public static func buildEither(first part: [any UnaryLayer]) -> [any UnaryLayer] { part }
  /// What `else` chooses.
  public static func buildEither(second part: [any UnaryLayer]) -> [any UnaryLayer] { part }
  /// What `for` repeats.
  public static func buildArray(_ parts: [[any UnaryLayer]]) -> [any UnaryLayer] { parts.flatMap(\.self) }
}

/// The axes after the first as one: from pictures to rows.
///
///     y[b, i] = x[b, …]      x: [B, ...]   y: [B, product of the others]
public struct Flatten: UnaryLayer {
  /// Creates a layer.
  public init() {}

  /// Rearranges a variable.
  public func callAsFunction(_ x: Variable) -> Variable {
    require(x.rank > 0, "Flatten: a single number has no batch")
    return x.reshaped(to: [x.shape[0], x.shape.dropFirst().reduce(1, *)])
  }
}
