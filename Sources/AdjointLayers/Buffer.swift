/// A tensor that a layer keeps and changes without training it, such as a running mean.
///
/// Like a ``Parameter`` it has an identity of its own, so that copies of a layer share it, and it is found by reflection:
/// ``Layer/buffers``. Unlike a parameter it is a constant wherever it is used and has no gradient.
public final class Buffer: @unchecked Sendable {
  /// The current value.
  public var value: Tensor

  /// Creates a buffer.
  ///
  /// - Parameter value: The initial value.
  public init(_ value: Tensor) { self.value = value }
}
