/// A range of positions along an axis.
struct AxisRange: Hashable, Sendable {
  let axis: Int
  let range: Range<Int>
}

/// What reached a variable from slices of it. It is put together when the sweep comes to the variable, or when it has grown to twice
/// the variable's size, so that T slices take about as long as one gradient of the whole, not T.
struct SlicedGradient {
  private var parts: [(place: AxisRange, gradient: Variable)] = []
  private var positions: [AxisRange: Int] = [:]
  private(set) var elementCount = 0

  /// Adds the gradient of a slice.
  mutating func add(_ gradient: Variable, at place: AxisRange) {
    guard let position = positions[place] else {
      positions[place] = parts.count
      // A view would keep all of the array that it shows a part of.
      let isView = !gradient.isRecorded && gradient.value.isView
      parts.append((place, isView ? Variable(gradient.value.copied()) : gradient))
      elementCount += gradient.value.count
      return
    }
    if parts[position].gradient.isRecorded || gradient.isRecorded {
      parts[position].gradient = parts[position].gradient + gradient
    } else {
      // Taken out, so that what nothing else shares is added to in place.
      var total = parts[position].gradient.value
      parts[position].gradient = 0
      total.add(gradient.value)
      parts[position].gradient = Variable(total)
    }
  }

  /// The gradient of the whole variable.
  func whole(_ shape: Shape, _ dtype: DType) -> Variable {
    if parts.count == 1 {
      return parts[0].gradient.placed(in: shape, along: parts[0].place.axis, at: parts[0].place.range.lowerBound)
    }
    func zeros(_ range: Range<Int>, _ axis: Int) -> [Variable] {
      var extents = Array(shape)
      extents[axis] = range.count
      return range.isEmpty ? [] : [Variable(Tensor(zeros: Shape(extents), dtype: dtype))]
    }
    // Slices that overlap go to different layers; each layer is one array.
    var layers: [(axis: Int, end: Int, pieces: [Variable])] = []
    let sorted = parts.enumerated().sorted {
      ($0.element.place.axis, $0.element.place.range.lowerBound, $0.offset)
        < ($1.element.place.axis, $1.element.place.range.lowerBound, $1.offset)
    }
    for (_, (place, gradient)) in sorted {
      let start = place.range.lowerBound
      let position = layers.firstIndex { $0.axis == place.axis && $0.end <= start } ?? layers.count
      if position == layers.count { layers.append((place.axis, 0, [])) }
      layers[position].pieces += zeros(layers[position].end..<start, place.axis) + [gradient]
      layers[position].end = place.range.upperBound
    }
    func array(_ layer: (axis: Int, end: Int, pieces: [Variable])) -> Variable {
      concatenate(layer.pieces + zeros(layer.end..<shape[layer.axis], layer.axis), along: layer.axis)
    }
    return layers.dropFirst().reduce(array(layers[0])) { $0 + array($1) }
  }
}
