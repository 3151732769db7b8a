/// A block of memory that one or more tensors view. It goes back to the cache when the last of them is gone.
///
/// Its bytes are written once, while a single tensor owns it, and only read when it is shared: that makes it `Sendable`.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  private let bucket: Int32
  package let byteCount: Int

  package init(byteCount requested: Int) {
    let (bucket, byteCount) = Allocator.bucket(for: requested)
    guard let block = allocator.state.withLock({ $0.take(bucket: bucket, byteCount: byteCount) }) else {
      stop(
        "Tensor: no memory for \(requested) bytes, although the cache was emptied; "
          + "\(TensorMemory.liveBytes) bytes are alive in other tensors")
    }
    self.pointer = block
    self.bucket = Int32(bucket)
    self.byteCount = byteCount
  }

  deinit {
    allocator.state.withLock { $0.give(pointer, bucket: Int(bucket), byteCount: byteCount) }
  }
}
