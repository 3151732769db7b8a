/// The largest element of every window of a picture: ``maxPool2d(_:window:stride:padding:)`` as a layer.
public struct MaxPool2D: UnaryLayer {
  /// The extents of a window, how far neighbouring ones are apart, and how many places surround a picture.
  public let window, stride, padding: Size2D

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - window: The extents of a window.
  ///   - stride: How far neighbouring windows are apart; the window itself if left out.
  ///   - padding: How many places surround every picture on each side, at most half a window.
  public init(_ window: Size2D, stride: Size2D? = nil, padding: Size2D = 0) {
    (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
  }

  /// Pools pictures: `[B, C, H, W]` becomes `[B, C, H′, W′]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    maxPool2d(x, window: window, stride: stride, padding: padding)
  }
}

/// The mean of every window of a picture: ``averagePool2d(_:window:stride:padding:countingPadding:)`` as a layer.
public struct AveragePool2D: UnaryLayer {
  /// The extents of a window, how far neighbouring ones are apart, and how many zeros surround a picture.
  public let window, stride, padding: Size2D
  /// Whether zeros around the picture count.
  public let countingPadding: Bool

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - window: The extents of a window.
  ///   - stride: How far neighbouring windows are apart; the window itself if left out.
  ///   - padding: How many zeros surround every picture on each side, at most half a window.
  ///   - countingPadding: Whether zeros around the picture count.
  public init(_ window: Size2D, stride: Size2D? = nil, padding: Size2D = 0, countingPadding: Bool = true) {
    (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
    self.countingPadding = countingPadding
  }

  /// Pools pictures: `[B, C, H, W]` becomes `[B, C, H′, W′]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    averagePool2d(x, window: window, stride: stride, padding: padding, countingPadding: countingPadding)
  }
}

/// The largest element of every window of a sequence: ``maxPool1d(_:window:stride:padding:)`` as a layer.
public struct MaxPool1D: UnaryLayer {
  /// The length of a window, how far neighbouring ones are apart, and how many places stand at both ends.
  public let window, stride, padding: Int

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - window: The length of a window.
  ///   - stride: How far neighbouring windows are apart; the window's length if left out.
  ///   - padding: How many places stand before and after every sequence, at most half a window.
  public init(_ window: Int, stride: Int? = nil, padding: Int = 0) {
    (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
  }

  /// Pools sequences: `[B, C, T]` becomes `[B, C, T′]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    maxPool1d(x, window: window, stride: stride, padding: padding)
  }
}

/// The mean of every window of a sequence: ``averagePool1d(_:window:stride:padding:countingPadding:)`` as a layer.
public struct AveragePool1D: UnaryLayer {
  /// The length of a window, how far neighbouring ones are apart, and how many zeros stand at both ends.
  public let window, stride, padding: Int
  /// Whether zeros at the ends count.
  public let countingPadding: Bool

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - window: The length of a window.
  ///   - stride: How far neighbouring windows are apart; the window's length if left out.
  ///   - padding: How many zeros stand before and after every sequence, at most half a window.
  ///   - countingPadding: Whether zeros at the ends count.
  public init(_ window: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true) {
    (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
    self.countingPadding = countingPadding
  }

  /// Pools sequences: `[B, C, T]` becomes `[B, C, T′]`.
  public func callAsFunction(_ x: Variable) -> Variable {
    averagePool1d(x, window: window, stride: stride, padding: padding, countingPadding: countingPadding)
  }
}

/// The largest element of every channel: `[B, C, ...]` becomes `[B, C]`. Ties share the gradient equally.
public struct GlobalMaxPool: UnaryLayer {
  /// Creates a layer.
  public init() {}

  /// Pools everything after the channels. Fewer than three axes stop the program.
  public func callAsFunction(_ x: Variable) -> Variable { x.max(along: pooledAxes("GlobalMaxPool", x)) }
}

/// The mean of every channel: `[B, C, ...]` becomes `[B, C]`.
public struct GlobalAveragePool: UnaryLayer {
  /// Creates a layer.
  public init() {}

  /// Pools everything after the channels. Fewer than three axes stop the program.
  public func callAsFunction(_ x: Variable) -> Variable { x.mean(along: pooledAxes("GlobalAveragePool", x)) }
}

private func pooledAxes(_ name: String, _ x: Variable) -> [Int] {
  require(x.rank >= 3, "\(name): shape \(x.shape) is not [B, C, ...]")
  return Array(2..<x.rank)
}
