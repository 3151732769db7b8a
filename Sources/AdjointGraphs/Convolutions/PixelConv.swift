/// A convolution of pictures as message passing: a pixel's neighbours are told apart by where they lie.
///
///     y[p] = Σ_u x[p + u] W_u + b          over the places u of a window; zeros lie around the picture
///
/// x: `[height · width, inputs]`, pixels row by row; W_u: `[inputs, outputs]`; y: `[height · width, outputs]`. It equals a
/// two-dimensional convolution (a cross-correlation) with the kernel `[window, window, inputs, outputs]`. Since neighbours have
/// an order, it is not equivariant to renumbered pixels.
///
/// Source: LeCun, Bottou, Bengio & Haffner, *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE
/// 86(11), 1998.
public struct PixelConv: Layer {
  /// The weights, `[window, window, inputs, outputs]`.
  @Parameter public var weight: Variable
  /// The bias b.
  @Parameter public var bias: Variable

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input channels.
  ///   - outputs: The number of output channels.
  ///   - window: The window's height and width, an odd number.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, window: Int = 3, key: RandomKey) {
    _weight = Parameter(Initializer.glorotUniform([window, window, inputs, outputs], key: key))
    _bias = Parameter(Tensor(zeros: [outputs]))
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The pixels, `[height · width, inputs]`.
  ///   - pixels: ``RelationalGraph/pixels(height:width:window:)`` with the layer's window.
  /// - Returns: `[height · width, outputs]`.
  public func callAsFunction(_ x: Variable, on pixels: RelationalGraph) -> Variable {
    let shape = weight.shape, places = shape[0] * shape[1]
    require(
      pixels.relations.count == places,
      "PixelConv: a window of \(places) places meets a graph of \(pixels.relations.count) relations")
    let matrices = weight.reshaped(to: [places, shape[2], shape[3]]).unstacked()
    return zip(pixels.relations, matrices).reduce(nil as Variable?) { sum, place in
      let moved = place.0.sum(.source(matmul(x, place.1)))
      return sum.map { $0 + moved } ?? moved
    }.map { $0 + bias } ?? bias
  }
}
