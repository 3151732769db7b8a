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
    let (bucket, byteCount) = Allocator.bucket(for: shape.elementCount * elementSize)
    self.bucket = Int32(bucket)
    self.shape = shape
    base = nil
    pointer = Self.block(bucket, byteCount)
  }

  /// A new block of raw bytes.
  package init(byteCount: Int) {
    let (bucket, byteCount) = Allocator.bucket(for: byteCount)
    self.bucket = Int32(bucket)
    shape = Shape()
    base = nil
    pointer = Self.block(bucket, byteCount)
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

  private static func block(_ bucket: Int, _ byteCount: Int) -> UnsafeMutableRawPointer {
    if let block = allocator.take(bucket: bucket, byteCount: byteCount) { return block }
    stop(
      "Tensor: no memory for \(byteCount) bytes, although the cache was emptied; "
        + "\(TensorMemory.liveBytes) bytes are alive in other tensors")
  }
}
