/// Returns the largest element of every window that slides over pictures.
///
///     y[b, c, r, s] = max x[b, c] over the window at (r, s)      x: [B, C, H, W]   y: [B, C, H′, W′]
///     x̄[i] = Σ ȳ[w] / (number of elements that attain y[w]) over the windows w in which x[i] does
///
/// Ties share the gradient equally; NaN wins, and then no element gets a gradient. Padding is −∞, so that it is never the
/// maximum. H′ = ⌊(H + 2 padding − window) / stride⌋ + 1, W′ alike: what remains at the end is left out.
///
/// - Parameters:
///   - x: Pictures.
///   - window: The extents of a window.
///   - stride: How far neighbouring windows are apart; the window itself if left out.
///   - padding: How many places surround every picture on each side, at most half a window.
/// - Returns: `[B, C, H′, W′]`. Windows that do not fit stop the program.
/// - Complexity: O(`y.count` · window) time; keeps the unfolded input.
public func maxPool2d(_ x: Variable, window: Size2D, stride: Size2D? = nil, padding: Size2D = 0) -> Variable {
  let size = x.pictureSize("maxPool2d")
  return maxPool("maxPool2d", x, size, window, stride ?? window, padding)
}

/// Returns the largest element of every window that slides over sequences.
///
///     y[b, c, t] = max x[b, c] over the window at t      x: [B, C, T]   y: [B, C, ⌊(T + 2 padding − window) / stride⌋ + 1]
///
/// Ties share the gradient equally; padding is −∞.
///
/// - Parameters:
///   - x: Sequences.
///   - window: The length of a window.
///   - stride: How far neighbouring windows are apart; the window's length if left out.
///   - padding: How many places stand before and after every sequence, at most half a window.
/// - Returns: The maxima. Windows that do not fit stop the program.
/// - Complexity: O(`y.count` · window) time; keeps the unfolded input.
public func maxPool1d(_ x: Variable, window: Int, stride: Int? = nil, padding: Int = 0) -> Variable {
  maxPool(
    "maxPool1d", x.sequenceAsPicture("maxPool1d"), Size2D(1, x.shape[2]), Size2D(1, window),
    Size2D(1, stride ?? window), Size2D(0, padding)
  ).squeezed(along: 2)
}

private func maxPool(
  _ name: String, _ x: Variable, _ size: Size2D, _ window: Size2D, _ stride: Size2D, _ padding: Size2D
) -> Variable {
  let windows = SlidingWindows(name, over: size, window: window, stride: stride, padding: padding)
  require(
    2 * padding.height <= window.height && 2 * padding.width <= window.width,
    "\(name): the padding \(padding) is more than half the window \(window)")
  return windows.unfolded(x, filling: -.infinity).max(along: 2)
    .reshaped(to: [x.shape[0], x.shape[1], windows.output.height, windows.output.width])
}

extension OperationSample {
  static let maxPool2d = OperationSample([[2, 2, 4, 5]], yields: [2, 2, 2, 2]) {
    AdjointAutodiff.maxPool2d($0[0], window: 2)
  }.also(on: [[0, 2, 4, 5]], yields: [0, 2, 2, 2]).also(on: [[1, 1, 2, 2]], yields: [1, 1, 1, 1])
  static let maxPool2dPadded = OperationSample("maxPool2d with padding", [[1, 2, 4, 3]], yields: [1, 2, 2, 3]) {
    AdjointAutodiff.maxPool2d($0[0], window: 3, stride: [2, 1], padding: 1)
  }
  static let maxPool1d = OperationSample([[2, 2, 5]], yields: [2, 2, 4]) {
    AdjointAutodiff.maxPool1d($0[0], window: 2, stride: 1)
  }.also(on: [[0, 2, 5]], yields: [0, 2, 4]).also(on: [[1, 1, 2]], yields: [1, 1, 1])
}
