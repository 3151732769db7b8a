/// A tensor kept by a tape, without reference counting of its own: `release()` gives back what `init(retaining:)` took.
///
/// Entries are trivial memory, so that recording an operation on single numbers costs a few stores.
struct SavedTensor {
  private var storage: Unmanaged<Storage>?
  private var word: UInt64
  let dtype: DType
  private(set) var isPresent: Bool
  private let isLiteral: Bool

  /// Nothing but an element type.
  @inline(__always)
  init(dtype: DType = .float32) {
    storage = nil
    word = 0
    self.dtype = dtype
    isPresent = false
    isLiteral = false
  }

  @inline(__always)
  init(retaining tensor: Tensor) {
    if let held = tensor.storage {
      storage = Unmanaged.passRetained(held)
      word = 0
    } else {
      storage = nil
      word = tensor.scalarValue.bitPattern
    }
    dtype = tensor.dtype
    isPresent = true
    isLiteral = tensor.isLiteral
  }

  @inline(__always)
  var holdsReference: Bool { storage != nil }

  /// The tensor, which must be present.
  @inline(__always)
  var tensor: Tensor {
    guard let storage else { return Tensor(scalar: Double(bitPattern: word), dtype: dtype, isLiteral: isLiteral) }
    return Tensor(storage: storage.takeUnretainedValue(), dtype: dtype)
  }

  /// The tensor, and with it the reference that was held: what is left holds nothing.
  @inline(__always)
  mutating func take() -> Tensor {
    guard let storage else {
      isPresent = false
      return tensor
    }
    self.storage = nil
    isPresent = false
    return Tensor(storage: storage.takeRetainedValue(), dtype: dtype)
  }

  @inline(__always)
  mutating func release() {
    storage?.release()
    storage = nil
    isPresent = false
  }
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

/// The inputs of an operation that has more than two.
final class ManyInputs {
  let indices: [Int32]
  let saved: [Tensor?]

  init(indices: [Int32], saved: [Tensor?]) { (self.indices, self.saved) = (indices, saved) }
}
