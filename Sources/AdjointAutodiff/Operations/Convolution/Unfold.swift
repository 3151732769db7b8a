/// Returns the elements of every window that slides over pictures, a column for each window.
///
///     y[b, c, k, l] = element k of window l of x[b, c], 0 outside      x: [B, C, H, W]   y: [B, C, window, windows]
///     x̄ = the sum of ȳ over the places that an element went to
///
/// Elements and windows are counted row by row. A convolution is a matrix product of these columns.
///
/// - Parameters:
///   - x: Pictures.
///   - window: The extents of a window.
///   - stride: How far neighbouring windows are apart.
///   - padding: How many zeros surround every picture on each side.
///   - dilation: How far neighbouring elements of a window are apart.
/// - Returns: The columns. Windows that do not fit stop the program.
/// - Complexity: O(`y.count`) time and memory; nothing is kept.
public func unfold(
  _ x: Variable, window: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1
) -> Variable {
  let size = x.pictureSize("unfold")
  return SlidingWindows(
    "unfold", over: size, window: window, stride: stride, padding: padding, dilation: dilation
  ).unfolded(x)
}

/// Returns pictures made of the columns of sliding windows: the adjoint of ``unfold(_:window:stride:padding:dilation:)``.
///
///     y[b, c, h, w] = Σ columns[b, c, k, l] over the windows l whose element k lies at (h, w)
///
/// - Parameters:
///   - columns: `[B, C, window, windows]`.
///   - size: The extents H and W of a picture.
///   - window: The extents of a window.
///   - stride: How far neighbouring windows are apart.
///   - padding: How many zeros surround every picture on each side.
///   - dilation: How far neighbouring elements of a window are apart.
/// - Returns: `[B, C, H, W]`. Columns of another shape stop the program.
/// - Complexity: O(`columns.count`) time; nothing is kept.
public func fold(
  _ columns: Variable, to size: Size2D, window: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1
) -> Variable {
  let windows = SlidingWindows(
    "fold", over: size, window: window, stride: stride, padding: padding, dilation: dilation)
  require(
    columns.rank == 4 && columns.shape[2] == window.area && columns.shape[3] == windows.output.area,
    "fold: columns of shape \(columns.label) are not [B, C, \(window.area), \(windows.output.area)]")
  return windows.folded(columns)
}

extension OperationSample {
  static let unfold = OperationSample([[2, 2, 3, 4]], yields: [2, 2, 6, 4]) {
    AdjointAutodiff.unfold($0[0], window: [2, 3], stride: [2, 2], padding: 1)
  }.also(on: [[0, 2, 3, 4]], yields: [0, 2, 6, 4]).also(on: [[1, 1, 1, 1]], yields: [1, 1, 6, 1])
  static let fold = OperationSample([[1, 2, 4, 6]], yields: [1, 2, 4, 5]) {
    AdjointAutodiff.fold($0[0], to: [4, 5], window: 2, dilation: [2, 2])
  }.also(on: [[0, 2, 4, 6]], yields: [0, 2, 4, 5]).also(on: [[1, 1, 4, 6]], yields: [1, 1, 4, 5])
}
