extension IndexArray {
  /// The indices of several arrays, one array after the other.
  static func joined(_ arrays: [IndexArray], adding offsets: [Int]? = nil) -> IndexArray {
    IndexArray(count: arrays.reduce(0) { $0 + $1.count }) { result in
      var next = result
      for (number, array) in arrays.enumerated() {
        let offset = Int32(offsets?[number] ?? 0), source = array.pointer
        for position in 0..<array.count { next[position] = source[position] &+ offset }
        next += array.count
      }
    }
  }

  /// The indices at a range of positions, less an offset.
  func part(_ range: Range<Int>, subtracting offset: Int = 0) -> IndexArray {
    let source = pointer + range.lowerBound
    return IndexArray(count: range.count) { result in
      for position in 0..<range.count { result[position] = source[position] &- Int32(offset) }
    }
  }

  /// The same indices with a number added at some positions.
  func adding(_ number: Int, at positions: IndexArray) -> IndexArray {
    IndexArray(count: count) { result in
      result.initialize(from: pointer, count: count)
      for position in positions { result[position] += Int32(number) }
    }
  }

  /// Indices that fit in 32 bits already.
  init(words indices: [Int32]) {
    self.init(count: indices.count) { result in
      indices.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { result.initialize(from: base, count: indices.count) }
      }
    }
  }
}
