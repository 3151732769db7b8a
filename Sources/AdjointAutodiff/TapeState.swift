import Synchronization

/// The entries of a tape, behind a raw pointer that variables keep.
///
/// A state is never freed: when its tape ends, its generation moves on and it waits to be used again. A variable that
/// outlives its tape therefore finds another generation, and the mistake is named instead of reading foreign memory.
struct TapeState {
  /// Entries lie in blocks of 64 that never move, so that a pullback may record while the sweep reads. Their memory doubles: a
  /// short tape takes a few kilobytes, a long one lies in huge pages.
  private static let blockSize = 64

  /// The leaves that stand for parameters.
  typealias Parameters = [ObjectIdentifier: (index: Int32, parameter: Parameter, storage: ObjectIdentifier?)]

  private var blocks: UnsafeMutablePointer<UnsafeMutablePointer<Entry>>
  private var storages: [Storage] = []
  private var capacity = 0
  /// Where recording leaves its short way: at the capacity, or at once while something observes the tape.
  private var limit = 0
  private(set) var count = 0
  private(set) var generation: UInt32 = 1
  /// Whether any entry holds a reference that has to be released.
  private var holdsReferences = false
  var names: [Int32: String] = [:]
  /// What looks at every operation and gradient, in debugging; mostly nothing.
  var observers: [any TapeObserver] = [] {
    didSet { limit = observers.isEmpty ? capacity : count }
  }
  var growth = TapeGrowth()
  /// The gradients of an earlier sweep, if they were numbers: the next one writes over them once nobody else holds them.
  var spareAdjoints: AdjointBuffer?
  var parameters: Parameters = [:]

  private init() { blocks = .allocate(capacity: 0) }

  @inline(__always)
  func entry(_ index: Int32) -> UnsafeMutablePointer<Entry> {
    let position = Int(UInt32(bitPattern: index))
    return blocks[position / Self.blockSize] + position % Self.blockSize
  }

  /// The place of the entry that is added next.
  @inline(__always)
  var nextIndex: Int32 { Int32(truncatingIfNeeded: count) }

  /// Whether recording has to leave its short way, by `makeRoom()`.
  @inline(__always)
  var isFull: Bool { count == limit }

  /// Whether recording may go its short way for variables of a generation.
  @inline(__always)
  func isOpen(_ generation: UInt32) -> Bool { generation == self.generation && !isFull }

  /// Adds an entry that holds no references.
  @inline(__always)
  mutating func appendNumber(_ entry: Entry) {
    self.entry(nextIndex).initialize(to: entry)
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ entry: Entry) {
    if entry.holdsReferences { holdsReferences = true }
    appendNumber(entry)
  }

  @inline(never)
  mutating func makeRoom() {
    if count == capacity { grow() }
    limit = observers.isEmpty ? capacity : count + 1
  }

  private mutating func grow() {
    require(count < Int(Int32.max) / 2, "Tape: more than \(count) operations on one tape")
    let size = Self.blockSize << storages.count
    let storage = Storage(byteCount: size * MemoryLayout<Entry>.stride)
    let first = storage.pointer.bindMemory(to: Entry.self, capacity: size)
    let known = capacity / Self.blockSize, all = known + size / Self.blockSize
    let larger = UnsafeMutablePointer<UnsafeMutablePointer<Entry>>.allocate(capacity: all)
    larger.update(from: blocks, count: known)
    for block in known..<all { larger[block] = first + (block - known) * Self.blockSize }
    blocks.deallocate()
    blocks = larger
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
    growth = TapeGrowth()
    if !names.isEmpty { names = [:] }
    if !parameters.isEmpty { parameters = [:] }
    if storages.count > 1 {
      storages.removeLast(storages.count - 1)
      capacity = Self.blockSize
    }
    limit = observers.isEmpty ? capacity : 0
  }

  /// Drops the entries from `start` on, and says which parameters were first read there. Variables of those entries must not be
  /// used any more: nothing tells them from later ones.
  mutating func rewind(to start: Int) -> [Parameter] {
    for index in start..<count { entry(Int32(truncatingIfNeeded: index)).pointee.release() }
    count = start
    limit = observers.isEmpty ? capacity : count
    names = names.filter { $0.key < start }
    let dropped = parameters.values.filter { $0.index >= start }.sorted { $0.index < $1.index }.map(\.parameter)
    for parameter in dropped { parameters[ObjectIdentifier(parameter)] = nil }
    return dropped
  }

  /// Lets an observer see everything from here on.
  mutating func observe(_ observer: any TapeObserver) {
    if !observers.contains(where: { $0 === observer }) { observers.append(observer) }
  }

  private static let pool = Mutex(Pool())

  private struct Pool: @unchecked Sendable {
    var free: [UnsafeMutablePointer<TapeState>] = []
  }

  static func make() -> UnsafeMutablePointer<TapeState> {
    let state = pool.withLock({ $0.free.popLast() }) ?? allocate()
    if let detector = AnomalyDetector.current { state.pointee.observe(detector) }
    return state
  }

  private static func allocate() -> UnsafeMutablePointer<TapeState> {
    let state = UnsafeMutablePointer<TapeState>.allocate(capacity: 1)
    state.initialize(to: TapeState())
    return state
  }

  static func recycle(_ state: UnsafeMutablePointer<TapeState>) {
    if !state.pointee.observers.isEmpty { state.pointee.observers = [] }
    state.pointee.reset()
    pool.withLock { $0.free.append(state) }
  }
}
