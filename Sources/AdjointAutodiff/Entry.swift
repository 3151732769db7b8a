/// A tensor kept by a tape, without reference counting of its own: `release()` gives back what `init(retaining:)` took.
///
/// Entries are trivial memory, so that recording an operation on single numbers costs a few stores.
struct SavedTensor {
  /// The bits of a number, or of the reference to what a tensor with axes is stored in.
  private var payload: UInt64
  /// Nil where nothing is kept.
  private var kind: Tensor.Kind?

  @inline(__always)
  init() { (payload, kind) = (0, nil) }

  @inline(__always)
  init(retaining tensor: Tensor) {
    kind = tensor.kind
    switch tensor.elements {
    case .float32(let number), .float64(let number), .literal(let number): payload = number.bitPattern
    case .float32Array(let storage), .float64Array(let storage):
      payload = UInt64(UInt(bitPattern: Unmanaged.passRetained(storage).toOpaque()))
    }
  }

  /// A tensor of rank 0, or with `isKept` false nothing.
  @inline(__always)
  init(number: Tensor, isKept: Bool = true) {
    payload = number.scalarValue.bitPattern
    kind = isKept ? number.kind : nil
  }

  /// The tensor, if it is present and of rank 0. Unlike a copy of any tensor, it has no reference to be counted.
  @inline(__always)
  var number: Tensor? {
    guard let kind, kind.isNumber else { return nil }
    return Tensor(number: Double(bitPattern: payload), kind: kind)
  }

  @inline(__always)
  private var storage: Unmanaged<Storage> {
    .fromOpaque(UnsafeRawPointer(bitPattern: UInt(payload)).unsafelyUnwrapped)
  }

  @inline(__always)
  var isPresent: Bool { kind != nil }

  @inline(__always)
  var holdsReference: Bool { kind == .float32Array || kind == .float64Array }

  /// The tensor, which must be present.
  @inline(__always)
  var tensor: Tensor {
    let number = Double(bitPattern: payload)
    return switch kind.unsafelyUnwrapped {
    case .float32: Tensor(.float32(number))
    case .float64: Tensor(.float64(number))
    case .literal: Tensor(.literal(number))
    case .float32Array: Tensor(.float32Array(storage.takeUnretainedValue()))
    case .float64Array: Tensor(.float64Array(storage.takeUnretainedValue()))
    }
  }

  /// The tensor, if it is present.
  var optional: Tensor? { isPresent ? tensor : nil }

  /// The tensor, and with it the reference that was held: what is left holds nothing.
  @inline(__always)
  mutating func take() -> Tensor {
    let tensor = tensor
    release()
    return tensor
  }

  @inline(__always)
  mutating func release() {
    if holdsReference { storage.release() }
    clear()
  }

  /// Forgets a tensor that holds no reference, or one that another has taken over.
  @inline(__always)
  mutating func clear() { kind = nil }
}

/// One recorded operation, or a leaf. Trivial memory: whoever drops it calls `release()`.
struct Entry {
  var rule: Unmanaged<OperationRule>?
  /// The entries of the first two inputs; −1 for a constant or none.
  var input0: Int32, input1: Int32
  /// The inputs of an operation with more than two.
  var others: Unmanaged<ManyInputs>?
  var saved0: SavedTensor, saved1: SavedTensor
  var output: SavedTensor
  /// The shape of the result, which is known even where its elements are not kept.
  let shape: Shape
  let kind: Tensor.Kind
  /// Whether the rule was made for this entry alone.
  var ownsRule: Bool

  @inline(__always)
  var holdsReferences: Bool {
    ownsRule || others != nil || saved0.holdsReference || saved1.holdsReference || output.holdsReference
  }

  @inline(__always)
  mutating func release() {
    saved0.release()
    saved1.release()
    output.release()
    if let others {
      others.release()
      self.others = nil
    }
    if ownsRule {
      rule?.release()
      rule = nil
      ownsRule = false
    }
  }
}

extension Entry {
  /// An operation on numbers under a static rule, or a leaf that is a number.
  @inline(__always)
  init(
    rule: Unmanaged<OperationRule>?, input0: Int32 = -1, input1: Int32 = -1, numbers saved0: SavedTensor,
    _ saved1: SavedTensor, output: Tensor
  ) {
    self.init(
      rule: rule, input0: input0, input1: input1, others: nil, saved0: saved0, saved1: saved1,
      output: SavedTensor(number: output), shape: Shape(), kind: output.kind, ownsRule: false)
  }
}

/// The inputs of an operation that has more than two.
final class ManyInputs {
  let indices: [Int32]
  let saved: [Tensor?]

  init(indices: [Int32], saved: [Tensor?]) { (self.indices, self.saved) = (indices, saved) }
}
