/// A tensor kept by a tape, without reference counting of its own: `release()` gives back what `init(retaining:)` took.
///
/// Entries are trivial memory, so that recording an operation on single numbers costs a few stores.
struct SavedTensor {
  /// The bits of a number, or of the reference to what a tensor with axes is stored in.
  private var payload: UInt64
  private var content: Content
  let dtype: DType

  private enum Content: UInt8 { case nothing, number, literal, array }

  /// Nothing but an element type.
  @inline(__always)
  init(dtype: DType = .float32) {
    payload = 0
    content = .nothing
    self.dtype = dtype
  }

  @inline(__always)
  init(retaining tensor: Tensor) {
    switch tensor.elements {
    case .number(let value):
      payload = value.bitPattern
      content = tensor.isLiteral ? .literal : .number
    case .array(let storage):
      payload = UInt64(UInt(bitPattern: Unmanaged.passRetained(storage).toOpaque()))
      content = .array
    }
    dtype = tensor.dtype
  }

  /// A tensor of rank 0, or with `isKept` false nothing but its element type.
  @inline(__always)
  init(number: Tensor, isKept: Bool = true) {
    payload = number.scalarValue.bitPattern
    content = isKept ? (number.isLiteral ? .literal : .number) : .nothing
    dtype = number.dtype
  }

  @inline(__always)
  private var storage: Unmanaged<Storage> {
    .fromOpaque(UnsafeRawPointer(bitPattern: UInt(payload)).unsafelyUnwrapped)
  }

  @inline(__always)
  private var number: Tensor {
    Tensor(scalar: Double(bitPattern: payload), dtype: dtype, isLiteral: content == .literal)
  }

  @inline(__always)
  var isPresent: Bool { content != .nothing }

  @inline(__always)
  var holdsReference: Bool { content == .array }

  /// The tensor, which must be present.
  @inline(__always)
  var tensor: Tensor {
    content == .array ? Tensor(storage: storage.takeUnretainedValue(), dtype: dtype) : number
  }

  /// The tensor, and with it the reference that was held: what is left holds nothing.
  @inline(__always)
  mutating func take() -> Tensor {
    defer { content = .nothing }
    return content == .array ? Tensor(storage: storage.takeRetainedValue(), dtype: dtype) : number
  }

  @inline(__always)
  mutating func release() {
    if content == .array { storage.release() }
    content = .nothing
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

extension Entry {
  /// An operation on numbers under a static rule, or a leaf that is a number.
  @inline(__always)
  init(
    rule: Unmanaged<OperationRule>?, input0: Int32 = -1, input1: Int32 = -1, numbers saved0: SavedTensor,
    _ saved1: SavedTensor, output: SavedTensor
  ) {
    self.init(
      rule: rule, input0: input0, input1: input1, others: nil, saved0: saved0, saved1: saved1, output: output,
      shape: Shape(), ownsRule: false)
  }
}

/// The inputs of an operation that has more than two.
final class ManyInputs {
  let indices: [Int32]
  let saved: [Tensor?]

  init(indices: [Int32], saved: [Tensor?]) { (self.indices, self.saved) = (indices, saved) }
}
