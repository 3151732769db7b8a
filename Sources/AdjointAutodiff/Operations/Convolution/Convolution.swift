/// Returns the convolution of pictures with windows of weights.
///
///     y[b, o, r, c] = bias[o] + Σ weight[i, j, d, o] x[b, d, r s + i l − p, c s + j l − p]
///                     x: [B, C, H, W]   weight: [window height, window width, C / groups, O]   y: [B, O, H′, W′]
///     H′ = ⌊(H + 2 p − l (window − 1) − 1) / s⌋ + 1      stride s, padding p, dilation l; W′ alike
///
/// The weights are not flipped (a cross-correlation, as in other frameworks). An odd window with stride 1 and padding
/// l (window − 1) / 2 keeps the extents. Channels of group g of the input reach those of group g of the output alone.
///
/// - Parameters:
///   - x: Pictures, channels before rows and columns.
///   - weight: The weights.
///   - bias: A number for each output channel, `[O]`.
///   - stride: How far neighbouring windows are apart.
///   - padding: How many zeros surround every picture on each side.
///   - dilation: How far neighbouring elements of a window are apart.
///   - groups: How many parts the channels are divided into.
/// - Returns: `[B, O, H′, W′]`. Extents that do not fit stop the program and are named.
/// - Complexity: O(B · H′ · W′ · window · C · O / groups) time, as a matrix product; keeps the unfolded input.
/// - SeeAlso: LeCun et al., *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE 86(11), 1998.
public func conv2d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: Size2D = 1, padding: Size2D = 0,
  dilation: Size2D = 1, groups: Int = 1
) -> Variable {
  let size = x.pictureSize("conv2d")
  checkConvolution("conv2d", x, weight, bias, groups)
  let windows = SlidingWindows(
    "conv2d", over: size, window: Size2D(weight.shape[0], weight.shape[1]), stride: stride, padding: padding,
    dilation: dilation)
  return convolution(x, weight, bias, windows, groups)
}

/// Returns the convolution of sequences with windows of weights.
///
///     y[b, o, t] = bias[o] + Σ weight[i, d, o] x[b, d, t s + i l − p]      x: [B, C, T]   weight: [window, C / groups, O]
///     T′ = ⌊(T + 2 p − l (window − 1) − 1) / s⌋ + 1                        y: [B, O, T′]
///
/// - Parameters:
///   - x: Sequences, channels before time.
///   - weight: The weights.
///   - bias: A number for each output channel, `[O]`.
///   - stride: How far neighbouring windows are apart.
///   - padding: How many zeros stand before and after every sequence.
///   - dilation: How far neighbouring elements of a window are apart.
///   - groups: How many parts the channels are divided into.
/// - Returns: `[B, O, T′]`. Extents that do not fit stop the program and are named.
/// - Complexity: O(B · T′ · window · C · O / groups) time; keeps the unfolded input.
public func conv1d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) -> Variable {
  let pictures = x.sequenceAsPicture("conv1d")
  checkConvolution("conv1d", x, weight, bias, groups)
  let windows = SlidingWindows(
    "conv1d", over: Size2D(1, x.shape[2]), window: Size2D(1, weight.shape[0]), stride: Size2D(1, stride),
    padding: Size2D(0, padding), dilation: Size2D(1, dilation))
  return convolution(pictures, weight.expandedDims(at: 0), bias, windows, groups).squeezed(along: 2)
}

private func checkConvolution(_ name: String, _ x: Variable, _ weight: Variable, _ bias: Variable?, _ groups: Int) {
  require(weight.rank == x.rank, "\(name): the weights \(weight.label) are not [window, C / groups, O]")
  let channels = x.shape[1], outputs = weight.shape[weight.rank - 1]
  require(
    groups >= 1 && channels % groups == 0 && outputs % groups == 0,
    "\(name): \(channels) channels in and \(outputs) out do not divide into \(groups) groups")
  require(
    weight.shape[weight.rank - 2] * groups == channels,
    "\(name): \(x.label) has \(channels) channels, the weights \(weight.label) in \(groups) groups need "
      + "\(weight.shape[weight.rank - 2] * groups)")
  if let bias {
    require(bias.shape == [outputs], "\(name): the bias \(bias.label) is not [\(outputs)]")
  }
}

private func convolution(
  _ x: Variable, _ weight: Variable, _ bias: Variable?, _ windows: SlidingWindows, _ groups: Int
) -> Variable {
  let outputs = weight.shape[3], inner = windows.window.area * weight.shape[2]
  let columns = windows.unfolded(x).reshaped(to: [x.shape[0], groups, inner, windows.output.area])
  let kernel = weight.transposed([2, 0, 1, 3]).reshaped(to: [inner, groups, outputs / groups]).transposed([1, 0, 2])
  let y = matmul(kernel, columns, transposingLeft: true)
    .reshaped(to: [x.shape[0], outputs, windows.output.height, windows.output.width])
  return bias.map { y + $0.reshaped(to: [outputs, 1, 1]) } ?? y
}

extension OperationSample {
  static let conv2d = OperationSample([[2, 2, 4, 3], [3, 2, 2, 3], [3]], yields: [2, 3, 2, 4]) {
    AdjointAutodiff.conv2d($0[0], $0[1], bias: $0[2], stride: [2, 1], padding: 1)
  }.also(on: [[0, 2, 4, 3], [3, 2, 2, 3], [3]], yields: [0, 3, 2, 4])
    .also(on: [[1, 1, 1, 1], [1, 1, 1, 1], [1]], yields: [1, 1, 2, 3])
  static let conv2dGroups = OperationSample("conv2d in groups", [[1, 4, 3, 4], [2, 2, 2, 2]], yields: [1, 2, 2, 2]) {
    AdjointAutodiff.conv2d($0[0], $0[1], dilation: [1, 2], groups: 2)
  }
  static let conv2dOne = OperationSample(
    "conv2d of one element", [[2, 3, 2, 2], [1, 1, 3, 2]], yields: [2, 2, 2, 2]
  ) {
    AdjointAutodiff.conv2d($0[0], $0[1])
  }
  static let conv1d = OperationSample([[2, 2, 5], [3, 2, 2], [2]], yields: [2, 2, 3]) {
    AdjointAutodiff.conv1d($0[0], $0[1], bias: $0[2], stride: 2, padding: 1)
  }.also(on: [[0, 2, 5], [3, 2, 2], [2]], yields: [0, 2, 3]).also(
    on: [[1, 1, 1], [1, 1, 1], [1]], yields: [1, 1, 2])
}
