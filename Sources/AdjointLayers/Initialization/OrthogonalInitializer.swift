extension Initializer {
  /// Rows or columns, whichever are fewer, that are orthonormal up to a gain, evenly distributed among all such.
  ///
  ///     Wᵀ W = gain² I for at least as many rows as columns, W Wᵀ = gain² I otherwise
  ///
  /// Axes before the last count as rows. Source: Saxe, McClelland & Ganguli, *Exact solutions to the nonlinear dynamics of learning
  /// in deep linear neural networks*, ICLR 2014.
  ///
  /// - Parameter gain: What the activation asks for: ``Nonlinearity/gain``.
  /// - Returns: The initializer; a shape with fewer than two axes stops the program.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape, key, dtype in
      require(shape.rank >= 2, "Initializer: orthogonal weights need two axes, not shape \(shape)")
      let columns = shape[shape.rank - 1], rows = shape.dropLast().reduce(1, *)
      // Vectors to be made orthonormal are the rows of a matrix with no more rows than columns.
      let count = Swift.min(rows, columns), length = Swift.max(rows, columns)
      var vectors = Tensor(normal: [count, length], key: key, dtype: .float64).scalars(as: Double.self)
      vectors.withUnsafeMutableBufferPointer { orthonormalize($0, count, length) }
      let matrix = Tensor(vectors.map { gain * $0 }, shape: [count, length], dtype: dtype)
      return (rows >= columns ? matrix.transposed() : matrix).reshaped(to: Array(shape))
    }
  }

  /// Gram and Schmidt's process, every projection twice, which is enough for full precision.
  private static func orthonormalize(_ vectors: UnsafeMutableBufferPointer<Double>, _ count: Int, _ length: Int) {
    func dot(_ i: Int, _ j: Int) -> Double {
      var sum = 0.0
      for k in 0..<length { sum += vectors[i * length + k] * vectors[j * length + k] }
      return sum
    }
    for i in 0..<count {
      for _ in 0..<2 {
        for j in 0..<i {
          let part = dot(i, j)
          for k in 0..<length { vectors[i * length + k] -= part * vectors[j * length + k] }
        }
      }
      let scale = 1 / dot(i, i).squareRoot()
      for k in 0..<length { vectors[i * length + k] *= scale }
    }
  }
}
