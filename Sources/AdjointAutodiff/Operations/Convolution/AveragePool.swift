/// Returns the mean of every window that slides over pictures.
///
///     y[b, c, r, s] = Σ x[b, c] / n over the window at (r, s)      x: [B, C, H, W]   y: [B, C, H′, W′]
///     x̄[i] = Σ ȳ[w] / n over the windows w that hold x[i]
///
/// n counts the whole window, or the part of it within the picture. H′ = ⌊(H + 2 padding − window) / stride⌋ + 1, W′
/// alike: what remains at the end is left out.
///
/// - Parameters:
///   - x: Pictures.
///   - window: The extents of a window.
///   - stride: How far neighbouring windows are apart; the window itself if left out.
///   - padding: How many zeros surround every picture on each side, at most half a window.
///   - countingPadding: Whether n counts the zeros around the picture.
/// - Returns: `[B, C, H′, W′]`. Windows that do not fit stop the program.
/// - Complexity: O(`y.count` · window) time; nothing is kept.
public func averagePool2d(
  _ x: Variable, window: Size2D, stride: Size2D? = nil, padding: Size2D = 0, countingPadding: Bool = true
) -> Variable {
  let size = x.pictureSize("averagePool2d")
  return averagePool("averagePool2d", x, size, window, stride ?? window, padding, countingPadding)
}

/// Returns the mean of every window that slides over sequences.
///
///     y[b, c, t] = Σ x[b, c] / n over the window at t      x: [B, C, T]   y: [B, C, ⌊(T + 2 padding − window) / stride⌋ + 1]
///
/// - Parameters:
///   - x: Sequences.
///   - window: The length of a window.
///   - stride: How far neighbouring windows are apart; the window's length if left out.
///   - padding: How many zeros stand before and after every sequence, at most half a window.
///   - countingPadding: Whether n counts the zeros around the sequence.
/// - Returns: The means. Windows that do not fit stop the program.
/// - Complexity: O(`y.count` · window) time; nothing is kept.
public func averagePool1d(
  _ x: Variable, window: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true
) -> Variable {
  averagePool(
    "averagePool1d", x.sequenceAsPicture("averagePool1d"), Size2D(1, x.shape[2]), Size2D(1, window),
    Size2D(1, stride ?? window), Size2D(0, padding), countingPadding
  ).squeezed(along: 2)
}

private func averagePool(
  _ name: String, _ x: Variable, _ size: Size2D, _ window: Size2D, _ stride: Size2D, _ padding: Size2D,
  _ countingPadding: Bool
) -> Variable {
  let windows = SlidingWindows(name, over: size, window: window, stride: stride, padding: padding)
  require(
    2 * padding.height <= window.height && 2 * padding.width <= window.width,
    "\(name): the padding \(padding) is more than half the window \(window)")
  func total(_ x: Variable) -> Variable { windows.unfolded(x).sum(along: 2) }
  let scale =
    countingPadding
    ? Variable(1 / Double(window.area))
    : 1 / total(Variable(Tensor(ones: [1, 1, size.height, size.width], dtype: x.dtype)))
  return (total(x) * scale).reshaped(to: [x.shape[0], x.shape[1], windows.output.height, windows.output.width])
}

extension OperationSample {
  static let averagePool2d = OperationSample([[2, 2, 4, 5]], yields: [2, 2, 2, 2]) {
    AdjointAutodiff.averagePool2d($0[0], window: 2)
  }.also(on: [[0, 2, 4, 5]], yields: [0, 2, 2, 2]).also(on: [[1, 1, 2, 2]], yields: [1, 1, 1, 1])
  static let averagePool2dPadded = OperationSample(
    "averagePool2d with padding", [[1, 2, 4, 3]], yields: [1, 2, 2, 3]
  ) {
    AdjointAutodiff.averagePool2d($0[0], window: 3, stride: [2, 1], padding: 1, countingPadding: false)
  }
  static let averagePool1d = OperationSample([[2, 2, 5]], yields: [2, 2, 3]) {
    AdjointAutodiff.averagePool1d($0[0], window: 3, stride: 2, padding: 1)
  }.also(on: [[0, 2, 5]], yields: [0, 2, 3]).also(on: [[1, 1, 1]], yields: [1, 1, 1])
}
