import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The memory that tensors live in: freed blocks are kept by size and handed out again.
///
/// Touching fresh pages, not arithmetic, is what dominates large arrays on a CPU, so blocks are cached in buckets (four
/// for each power of two, at most a quarter wasted). Blocks of 2 MB and more are aligned to 2 MB and, on Linux, advised to
/// use huge pages. The cache holds at most a quarter of the machine's memory unless ``cacheLimit`` says otherwise, and is
/// emptied before an allocation is given up.
public enum TensorMemory {
  /// The bytes held by tensors that are alive.
  public static var liveBytes: Int { allocator.state.withLock { $0.liveBytes } }

  /// The largest value of ``liveBytes`` since the start or the last ``resetPeak()``.
  public static var peakBytes: Int { allocator.state.withLock { $0.peakBytes } }

  /// The bytes of freed blocks that are kept for later use.
  public static var cachedBytes: Int { allocator.state.withLock { $0.cachedBytes } }

  /// The most bytes that freed blocks may hold; blocks beyond it go back to the system.
  public static var cacheLimit: Int {
    get { allocator.state.withLock { $0.cacheLimit } }
    set {
      allocator.state.withLock {
        $0.cacheLimit = Swift.max(0, newValue)
        if $0.cachedBytes > $0.cacheLimit { $0.emptyCache() }
      }
    }
  }

  /// Gives every cached block back to the system.
  public static func emptyCache() { allocator.state.withLock { $0.emptyCache() } }

  /// Starts ``peakBytes`` anew from the bytes alive now.
  public static func resetPeak() { allocator.state.withLock { $0.peakBytes = $0.liveBytes } }
}

let allocator = Allocator()

final class Allocator: Sendable {
  let state = Mutex(AllocatorState())

  func take(bucket: Int, byteCount: Int) -> UnsafeMutableRawPointer? {
    state.withLock { $0.take(bucket: bucket, byteCount: byteCount) }
  }

  func give(_ block: UnsafeMutableRawPointer, bucket: Int) {
    let byteCount = Self.byteCount(ofBucket: bucket)
    let block = Block(pointer: block)
    state.withLock { $0.give(block.pointer, bucket: bucket, byteCount: byteCount) }
  }

  /// The bucket that a request falls in and the bytes its blocks have.
  @inline(__always)
  static func bucket(for byteCount: Int) -> (index: Int, byteCount: Int) {
    if byteCount <= 64 { return (0, 64) }
    let exponent = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount  // 2^exponent < byteCount ≤ 2^(exponent + 1)
    let step = 1 << (exponent - 2)
    let quarters = (byteCount - (1 << exponent) + step - 1) >> (exponent - 2)  // 1 ... 4
    return ((exponent - 6) * 4 + quarters, (1 << exponent) + quarters * step)
  }

  /// The bytes of the blocks of a bucket.
  @inline(__always)
  static func byteCount(ofBucket bucket: Int) -> Int {
    if bucket == 0 { return 64 }
    let exponent = 6 + (bucket - 1) / 4, quarters = (bucket - 1) % 4 + 1
    return (1 << exponent) + quarters * (1 << (exponent - 2))
  }
}

/// A block on its way back to the cache, which then is its only owner.
private struct Block: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
}

struct AllocatorState: ~Copyable {
  private static let largeBlock = 2 << 20
  private static let bucketCount = 4 * 58

  // Free blocks form one list per bucket; the first word of a free block points to the next one.
  private let free: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  var liveBytes = 0, peakBytes = 0, cachedBytes = 0
  var cacheLimit: Int

  init() {
    free = .allocate(capacity: Self.bucketCount)
    free.initialize(repeating: nil, count: Self.bucketCount)
    let pages = sysconf(Int32(_SC_PHYS_PAGES)), pageSize = sysconf(Int32(_SC_PAGESIZE))
    cacheLimit = pages > 0 && pageSize > 0 ? pages / 4 * pageSize : 1 << 30
  }

  /// A block of at least the bucket's size, or nil when neither the cache nor the system has one.
  mutating func take(bucket: Int, byteCount: Int) -> UnsafeMutableRawPointer? {
    var block = free[bucket]
    if let cached = block {
      free[bucket] = cached.load(as: UnsafeMutableRawPointer?.self)
      cachedBytes -= byteCount
    } else {
      block = Self.systemBlock(byteCount)
      if block == nil {
        emptyCache()
        block = Self.systemBlock(byteCount)
      }
    }
    if block != nil {
      liveBytes += byteCount
      if liveBytes > peakBytes { peakBytes = liveBytes }
    }
    return block
  }

  mutating func give(_ block: UnsafeMutableRawPointer, bucket: Int, byteCount: Int) {
    liveBytes -= byteCount
    if cachedBytes + byteCount > cacheLimit {
      unsafeFree(block)
      return
    }
    block.storeBytes(of: free[bucket], as: UnsafeMutableRawPointer?.self)
    free[bucket] = block
    cachedBytes += byteCount
  }

  mutating func emptyCache() {
    for bucket in 0..<Self.bucketCount {
      while let block = free[bucket] {
        free[bucket] = block.load(as: UnsafeMutableRawPointer?.self)
        unsafeFree(block)
      }
    }
    cachedBytes = 0
  }

  private func unsafeFree(_ block: UnsafeMutableRawPointer) {
    #if canImport(Glibc)
    Glibc.free(block)
    #elseif canImport(Musl)
    Musl.free(block)
    #else
    Darwin.free(block)
    #endif
  }

  private static func systemBlock(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    var block: UnsafeMutableRawPointer?
    let large = byteCount >= largeBlock
    guard posix_memalign(&block, large ? largeBlock : 64, byteCount) == 0, let block else { return nil }
    #if os(Linux)
    if large { _ = madvise(block, byteCount, Int32(MADV_HUGEPAGE)) }
    #endif
    return block
  }
}
