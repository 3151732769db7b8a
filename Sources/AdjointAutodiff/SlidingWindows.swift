import AdjointKernels

/// Windows that slide over the last two axes of arrays [B, C, H, W], checked.
///
///     output = ⌊(input + 2 padding − dilation (window − 1) − 1) / stride⌋ + 1      along each axis
struct SlidingWindows: Sendable {
  let window, stride, padding, dilation, input: Size2D
  /// How many windows there are along each axis.
  let output: Size2D

  init(
    _ operation: String, over input: Size2D, window: Size2D, stride: Size2D, padding: Size2D, dilation: Size2D = 1
  ) {
    func requireAtLeast(_ least: Int, _ name: String, _ size: Size2D) {
      require(size.height >= least && size.width >= least, "\(operation): the \(name) \(size) is below \(least)")
    }
    requireAtLeast(1, "window", window)
    requireAtLeast(1, "stride", stride)
    requireAtLeast(0, "padding", padding)
    requireAtLeast(1, "dilation", dilation)
    func room(_ axis: KeyPath<Size2D, Int>) -> Int {
      input[keyPath: axis] + 2 * padding[keyPath: axis] - dilation[keyPath: axis] * (window[keyPath: axis] - 1) - 1
    }
    require(
      room(\.height) >= 0 && room(\.width) >= 0,
      "\(operation): a window of \(window) with dilation \(dilation) does not fit into \(input) with padding \(padding)"
    )
    (self.window, self.stride, self.padding, self.dilation, self.input) = (window, stride, padding, dilation, input)
    output = Size2D(room(\.height) / stride.height + 1, room(\.width) / stride.width + 1)
  }

  /// The elements of every window: [B, C, H, W] becomes [B, C, window, output], with a number where a window reaches outside.
  func unfolded(_ x: Variable, filling: Double = 0) -> Variable {
    let shape: Shape = [x.shape[0], x.shape[1], window.area, output.area]
    // Windows of one element side by side are the picture itself.
    if window.area == 1 && stride.area == 1 && padding == 0 { return x.reshaped(to: Array(shape)) }
    let value = x.value.withPointer { source in
      Tensor(shape: shape, dtype: x.dtype) { result in
        withKernel(planes: shape[0] * shape[1]) { adjoint_unfold(x.dtype.kernel, result, source, $0, filling) }
      }
    }
    return record("unfold", x, value: value, saving: .nothing) { dy, _ in folded(dy) }
  }

  /// The adjoint of unfolding: [B, C, window, output] becomes [B, C, H, W], elements of several windows are added.
  func folded(_ columns: Variable) -> Variable {
    let shape: Shape = [columns.shape[0], columns.shape[1], input.height, input.width]
    let value = columns.value.withPointer { source in
      Tensor(shape: shape, dtype: columns.dtype) { result in
        withKernel(planes: shape[0] * shape[1]) { adjoint_fold(columns.dtype.kernel, result, source, $0) }
      }
    }
    return record("fold", columns, value: value, saving: .nothing) { dy, _ in unfolded(dy) }
  }

  private func withKernel(planes: Int, _ body: (UnsafePointer<adjoint_windows>) -> Void) {
    var windows = adjoint_windows(
      planes: planes, height: input.height, width: input.width, window_height: window.height,
      window_width: window.width, stride_y: stride.height, stride_x: stride.width, padding_y: padding.height,
      padding_x: padding.width, dilation_y: dilation.height, dilation_x: dilation.width, rows: output.height,
      columns: output.width)
    body(&windows)
  }
}

extension Variable {
  /// The extents of the last two of four axes; another number of axes stops the program.
  func pictureSize(_ operation: String) -> Size2D {
    require(rank == 4, "\(operation): shape \(label) is not [B, C, H, W]")
    return Size2D(shape[2], shape[3])
  }

  /// A sequence [B, C, T] as pictures [B, C, 1, T].
  func sequenceAsPicture(_ operation: String) -> Variable {
    require(rank == 3, "\(operation): shape \(label) is not [B, C, T]")
    return expandedDims(at: 2)
  }
}
