import Adjoint

/// A computed tensor.
struct Computed {
  let shape: [Int]
  let values: [Double]

  init(shape: [Int], values: [Double]) { (self.shape, self.values) = (shape, values) }

  init(_ tensor: Tensor) { self.init(shape: Array(tensor.shape), values: tensor.scalars(as: Double.self)) }
}

/// What is wrong with computed tensors: one sentence for each golden tensor that is missing or differs.
func differences(
  _ what: String, _ computed: [String: Computed], _ golden: [String: GoldenTensor], _ tolerance: Tolerance
) -> [String] {
  golden.sorted { $0.key < $1.key }.compactMap { name, expected in
    guard let found = computed[name] else { return "\(what) \(name) is missing" }
    return difference(found, expected, tolerance).map { "\(what) \(name): \($0)" }
  }
}

/// What is wrong with a computed tensor; nil if it agrees.
///
/// Shapes and integers have to be the same.
func difference(_ computed: Computed, _ golden: GoldenTensor, _ tolerance: Tolerance) -> String? {
  guard computed.shape == golden.shape else { return "shape \(computed.shape), golden \(golden.shape)" }
  let tolerance = golden.kind == .float64 ? tolerance : Tolerance(relative: 0, absolute: 0)
  let wrong = computed.values.indices.filter { !agrees(computed.values[$0], golden.values[$0], tolerance) }
  guard let first = wrong.first else { return nil }
  return "\(wrong.count) of \(computed.values.count) elements differ, the first at \(first): "
    + "\(computed.values[first]), golden \(golden.values[first])"
}

/// Whether |value − golden| ≤ atol + rtol |golden|.
///
/// Not-a-number and infinities agree with themselves alone.
func agrees(_ value: Double, _ golden: Double, _ tolerance: Tolerance) -> Bool {
  if golden.isNaN { return value.isNaN }
  if golden.isInfinite { return value == golden }
  return abs(value - golden) <= tolerance.absolute + tolerance.relative * abs(golden)
}
