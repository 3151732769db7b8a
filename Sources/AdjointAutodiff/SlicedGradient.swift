/// Some positions in a row along an axis.
struct AxisRange: Hashable, Sendable {
  let axis: Int
  let range: Range<Int>
}

/// What reached a variable from slices of it. They are put together once, when nothing else can come, so that T slices of a
/// variable cost as much as one gradient of it, not T.
struct SlicedGradient {
  private var parts: [(place: AxisRange, gradient: Variable)] = []
  private var numbers: [AxisRange: Int] = [:]
  private(set) var elementCount = 0

  /// Adds the gradient of a slice.
  mutating func add(_ gradient: Variable, at place: AxisRange) {
    guard let number = numbers[place] else {
      numbers[place] = parts.count
      parts.append((place, gradient))
      elementCount += gradient.value.count
      return
    }
    let part = parts[number].gradient
    if part.isRecorded || gradient.isRecorded {
      parts[number].gradient = part + gradient
    } else {
      // Taken out, so that what nothing else shares is added to in place.
      var total = part.value
      parts[number].gradient = 0
      total.add(gradient.value)
      parts[number].gradient = Variable(total)
    }
  }

  /// The gradient of the whole variable.
  func whole(_ shape: Shape, _ dtype: DType) -> Variable {
    if parts.count == 1 {
      return parts[0].gradient.placed(in: shape, along: parts[0].place.axis, at: parts[0].place.range.lowerBound)
    }
    // Slices that overlap go to different layers; each layer is one array.
    var layers: [(axis: Int, end: Int, pieces: [Variable])] = []
    func zeros(_ range: Range<Int>, _ axis: Int) -> [Variable] {
      var extents = Array(shape)
      extents[axis] = range.count
      return range.isEmpty ? [] : [Variable(Tensor(zeros: Shape(extents), dtype: dtype))]
    }
    let sorted = parts.enumerated().sorted {
      ($0.element.place.axis, $0.element.place.range.lowerBound, $0.offset)
        < ($1.element.place.axis, $1.element.place.range.lowerBound, $1.offset)
    }
    for (_, (place, gradient)) in sorted where !place.range.isEmpty {
      let start = place.range.lowerBound
      let number = layers.firstIndex { $0.axis == place.axis && $0.end <= start } ?? layers.count
      if number == layers.count { layers.append((place.axis, 0, [])) }
      layers[number].pieces += zeros(layers[number].end..<start, place.axis) + [gradient]
      layers[number].end = place.range.upperBound
    }
    let arrays = layers.map { layer in
      concatenate(layer.pieces + zeros(layer.end..<shape[layer.axis], layer.axis), along: layer.axis)
    }
    return arrays.first.map { arrays.dropFirst().reduce($0, +) } ?? Variable(Tensor(zeros: shape, dtype: dtype))
  }
}
