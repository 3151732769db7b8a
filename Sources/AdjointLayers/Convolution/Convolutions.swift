/// A convolution of pictures.
///
///     y = conv2d(x, weight) + bias      x: [B, inputs, H, W]   y: [B, outputs, H′, W′]
///     weight: [window height, window width, inputs / groups, outputs]   bias: [outputs]
///
/// ``conv2d(_:_:bias:stride:padding:dilation:groups:)`` has the equation and the extents of the result.
public struct Conv2D: UnaryLayer {
  /// The weights.
  @Parameter public var weight: Variable
  /// A number for each output channel, zeros at first; nil for a convolution without.
  public let bias: Parameter?
  /// How far neighbouring windows are apart, how many zeros surround a picture, how far a window's elements are apart.
  public let stride, padding, dilation: Size2D
  /// How many parts the channels are divided into.
  public let groups: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input channels.
  ///   - outputs: The number of output channels.
  ///   - window: The extents of a window.
  ///   - stride: How far neighbouring windows are apart.
  ///   - padding: How many zeros surround every picture on each side.
  ///   - dilation: How far neighbouring elements of a window are apart.
  ///   - groups: How many parts the channels are divided into; both numbers of channels have to be multiples of it.
  ///   - bias: Whether there is a bias.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, window: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1,
    groups: Int = 1, bias: Bool = true, initializer: Initializer = .heUniform, key: RandomKey
  ) {
    checkGroups("Conv2D", inputs, outputs, groups)
    _weight = Parameter(initializer([window.height, window.width, inputs / groups, outputs], key: key))
    self.bias = bias ? Parameter(Tensor(zeros: [outputs])) : nil
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
  }

  /// Applies the convolution.
  ///
  /// - Parameter x: `[B, inputs, H, W]`.
  /// - Returns: `[B, outputs, H′, W′]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    conv2d(
      x, weight, bias: bias?.wrappedValue, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

/// A convolution of sequences.
///
///     y = conv1d(x, weight) + bias      x: [B, inputs, T]   y: [B, outputs, T′]
///     weight: [window, inputs / groups, outputs]   bias: [outputs]
///
/// ``conv1d(_:_:bias:stride:padding:dilation:groups:)`` has the equation and the extents of the result.
public struct Conv1D: UnaryLayer {
  /// The weights.
  @Parameter public var weight: Variable
  /// A number for each output channel, zeros at first; nil for a convolution without.
  public let bias: Parameter?
  /// How far neighbouring windows are apart, how many zeros stand at both ends, how far a window's elements are apart.
  public let stride, padding, dilation: Int
  /// How many parts the channels are divided into.
  public let groups: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input channels.
  ///   - outputs: The number of output channels.
  ///   - window: The length of a window.
  ///   - stride: How far neighbouring windows are apart.
  ///   - padding: How many zeros stand before and after every sequence.
  ///   - dilation: How far neighbouring elements of a window are apart.
  ///   - groups: How many parts the channels are divided into; both numbers of channels have to be multiples of it.
  ///   - bias: Whether there is a bias.
  ///   - initializer: How the weights start.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
    bias: Bool = true, initializer: Initializer = .heUniform, key: RandomKey
  ) {
    checkGroups("Conv1D", inputs, outputs, groups)
    _weight = Parameter(initializer([window, inputs / groups, outputs], key: key))
    self.bias = bias ? Parameter(Tensor(zeros: [outputs])) : nil
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
  }

  /// Applies the convolution.
  ///
  /// - Parameter x: `[B, inputs, T]`.
  /// - Returns: `[B, outputs, T′]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    conv1d(
      x, weight, bias: bias?.wrappedValue, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

private func checkGroups(_ name: String, _ inputs: Int, _ outputs: Int, _ groups: Int) {
  require(
    groups >= 1 && inputs % groups == 0 && outputs % groups == 0,
    "\(name): \(inputs) channels in and \(outputs) out do not divide into \(groups) groups")
}
