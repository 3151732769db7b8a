import Synchronization

/// The entries of a tape, behind a raw pointer that variables keep.
///
/// A state is never freed: when its tape ends, its generation moves on and it waits to be used again. A variable that
/// outlives its tape therefore finds another generation, and the mistake is named instead of reading foreign memory.
struct TapeState {
  /// Entries lie in chunks that never move, so that a pullback may record while the sweep reads. Chunk k holds
  /// `firstChunk` · 2ᵏ entries: a short tape takes a few kilobytes, a long one lies in huge pages.
  private static let firstChunk = 64

  private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Entry>>
  private var storages: [Storage] = []
  private var capacity = 0
  private(set) var count = 0
  private(set) var generation: UInt32 = 1
  /// Whether any entry holds a reference that has to be released.
  private var holdsReferences = false
  var leafNames: [Int32: String] = [:]
  var parameters: [ObjectIdentifier: (index: Int32, parameter: Parameter, storage: ObjectIdentifier?)] = [:]

  private init() { chunks = .allocate(capacity: Int.bitWidth) }

  @inline(__always)
  func entry(_ index: Int32) -> UnsafeMutablePointer<Entry> {
    // No sum or shift of these can overflow.
    let position = Int(index) &+ Self.firstChunk
    let chunk = Self.firstChunk.leadingZeroBitCount &- position.leadingZeroBitCount
    return chunks[chunk] + (position &- Self.firstChunk &<< chunk)
  }

  @inline(__always)
  mutating func append(_ entry: Entry) -> Int32 {
    if count == capacity { grow() }
    if entry.holdsReferences { holdsReferences = true }
    self.entry(Int32(truncatingIfNeeded: count)).initialize(to: entry)
    count += 1
    return Int32(truncatingIfNeeded: count - 1)
  }

  @inline(never)
  private mutating func grow() {
    require(count < Int(Int32.max) / 2, "Tape: more than \(count) operations on one tape")
    let size = Self.firstChunk << storages.count
    let storage = Storage(byteCount: size * MemoryLayout<Entry>.stride)
    chunks[storages.count] = storage.pointer.bindMemory(to: Entry.self, capacity: size)
    storages.append(storage)
    capacity += size
  }

  /// Drops every entry. Variables recorded so far are no longer on the tape.
  mutating func reset() {
    if holdsReferences {
      for index in 0..<count { entry(Int32(truncatingIfNeeded: index)).pointee.release() }
      holdsReferences = false
    }
    count = 0
    generation &+= 1
    if !leafNames.isEmpty { leafNames = [:] }
    if !parameters.isEmpty { parameters = [:] }
    if storages.count > 1 {
      storages.removeLast(storages.count - 1)
      capacity = Self.firstChunk
    }
  }

  private static let pool = Mutex(Pool())

  private struct Pool: @unchecked Sendable {
    var free: [UnsafeMutablePointer<TapeState>] = []
  }

  static func make() -> UnsafeMutablePointer<TapeState> {
    if let state = pool.withLock({ $0.free.popLast() }) { return state }
    let state = UnsafeMutablePointer<TapeState>.allocate(capacity: 1)
    state.initialize(to: TapeState())
    return state
  }

  static func recycle(_ state: UnsafeMutablePointer<TapeState>) {
    state.pointee.reset()
    pool.withLock { $0.free.append(state) }
  }
}
