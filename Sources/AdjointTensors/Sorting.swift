import AdjointKernels

extension Tensor {
  /// The positions of the elements along an axis in the order of their values, the smallest first.
  ///
  /// Equal elements keep their order, and NaN comes last, in descending order too.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - descending: Whether the largest element comes first.
  /// - Returns: Positions along `axis`, in row-major order of this tensor's shape.
  /// - Complexity: O(n log n) time for every slice of n elements.
  public func argsort(along axis: Int = -1, descending: Bool = false) -> IndexArray {
    let axis = shape.resolvedAxis(axis, operation: "argsort")
    return dtype == .float32
      ? sortedPositions(Float.self, axis, descending) : sortedPositions(Double.self, axis, descending)
  }

  private func sortedPositions<Scalar: TensorScalar>(_ type: Scalar.Type, _ axis: Int, _ descending: Bool) -> IndexArray
  {
    let extent = shape[axis], inner = shape.dropFirst(axis + 1).reduce(1, *)
    let source = pointer.assumingMemoryBound(to: Scalar.self)
    return IndexArray(count: count) { result in
      var keys: [(key: Scalar, position: Int32)] = []
      keys.reserveCapacity(extent)
      for slice in 0..<(extent == 0 ? 0 : count / extent) {
        let start = slice / inner * extent * inner + slice % inner
        keys.removeAll(keepingCapacity: true)
        for i in 0..<extent { keys.append((source[start + i * inner], Int32(i))) }
        keys.sort { a, b in
          if a.key != b.key && !a.key.isNaN && !b.key.isNaN { return (a.key < b.key) != descending }
          if a.key.isNaN != b.key.isNaN { return b.key.isNaN }
          return a.position < b.position
        }
        for i in 0..<extent { result[start + i * inner] = keys[i].position }
      }
    }
  }

  /// For every element, the position of the largest one up to there along an axis: the first where some are equal. NaN wins.
  package func runningArgmax(along axis: Int) -> IndexArray {
    func find<Scalar: TensorScalar>(_ type: Scalar.Type) -> IndexArray {
      let extent = shape[axis], inner = shape.dropFirst(axis + 1).reduce(1, *), count = count
      let source = pointer.assumingMemoryBound(to: Scalar.self)
      return IndexArray(count: count) { result in
        for start in stride(from: 0, to: count, by: Swift.max(1, extent * inner)) {
          for j in start..<start + inner { result[j] = 0 }
          for row in 1..<Swift.max(1, extent) {
            for j in 0..<inner {
              let here = start + row * inner + j, best = Int(result[here - inner])
              let (x, largest) = (source[here], source[start + best * inner + j])
              result[here] = x > largest || (x.isNaN && !largest.isNaN) ? Int32(row) : Int32(best)
            }
          }
        }
      }
    }
    return dtype == .float32 ? find(Float.self) : find(Double.self)
  }

  /// The sums of the elements up to every position of an axis, or from every position on.
  package func runningSum(along axis: Int, reversed: Bool) -> Tensor {
    func fill<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor {
      let extent = shape[axis], inner = shape.dropFirst(axis + 1).reduce(1, *), count = count
      let source = pointer.assumingMemoryBound(to: Scalar.self)
      return Tensor(shape: shape, dtype: dtype) { result in
        let result = result.assumingMemoryBound(to: Scalar.self)
        let block = extent * inner
        for start in stride(from: 0, to: count, by: Swift.max(1, block)) {
          for i in 0..<extent {
            let row = start + (reversed ? extent - 1 - i : i) * inner
            let before = reversed ? row + inner : row - inner
            for j in 0..<inner { result[row + j] = i == 0 ? source[row + j] : result[before + j] + source[row + j] }
          }
        }
      }
    }
    return dtype == .float32 ? fill(Float.self) : fill(Double.self)
  }
}
