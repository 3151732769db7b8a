/// The elements of a tensor: a block of memory, or a view of another one's, with the extents of its axes.
///
/// A block goes back to the cache when the last tensor that views it is gone. Its bytes are written while a single tensor owns
/// it, and only read when it is shared: that makes it `Sendable`.
@usableFromInline package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let shape: Shape
  /// The storage whose block this one views; nil if it has one of its own.
  private let base: Storage?
  private let bucket: Int32

  /// A new block for `shape.elementCount` elements of `elementSize` bytes.
  package init(shape: Shape, elementSize: Int) {
    let count = shape.elementCount
    if count > 1 << 58 { shape.tooLarge() }
    (bucket, pointer) = Self.block(count * elementSize)
    self.shape = shape
    base = nil
  }

  /// A new block of raw bytes.
  package init(byteCount: Int) {
    (bucket, pointer) = Self.block(byteCount)
    shape = Shape()
    base = nil
  }

  /// The bytes of another storage from `byteOffset` on, with other extents.
  package init(viewing other: Storage, byteOffset: Int, shape: Shape) {
    bucket = -1
    self.shape = shape
    base = other.base ?? other
    pointer = other.pointer + byteOffset
  }

  deinit {
    if bucket >= 0 { allocator.give(pointer, bucket: Int(bucket)) }
  }

  /// Whether the elements are this storage's own, not a view of another's.
  package var ownsBlock: Bool { base == nil }

  /// The storage that owns the memory: this one, or the one it views.
  package var block: Storage { base ?? self }

  private static func block(_ requested: Int) -> (bucket: Int32, pointer: UnsafeMutableRawPointer) {
    let (bucket, byteCount) = Allocator.bucket(for: requested)
    if let block = allocator.take(bucket: bucket, byteCount: byteCount) { return (Int32(bucket), block) }
    stop(
      "Tensor: no memory for \(requested) bytes, although the cache was emptied; "
        + "\(TensorMemory.liveBytes) bytes are alive in other tensors")
  }
}
