import AdjointLayers
import Testing

@Suite struct `A data loader` {
  let key = RandomKey(seed: 3)

  // 001-16
  @Test func `makes ⌈examples / batch size⌉ batches, and ⌊examples / batch size⌋ with dropLast`() {
    let examples = IndexArray(0..<1000)
    let loader = DataLoader(examples, batchSize: 120, key: key)
    #expect(loader.batchesPerEpoch == 9)
    #expect(loader.map(\.count) == [Int](repeating: 120, count: 8) + [40])
    let dropping = DataLoader(examples, batchSize: 120, dropLast: true, key: key)
    #expect(dropping.batchesPerEpoch == 8)
    #expect(dropping.map(\.count) == [Int](repeating: 120, count: 8))
  }

  @Test func `gives every example once an epoch, in an order of the epoch's own`() {
    let loader = DataLoader(IndexArray(0..<50), batchSize: 7, key: key)
    let first = loader.flatMap { $0 }, second = loader.flatMap { $0 }
    #expect(first.sorted() == Array(0..<50) && second.sorted() == Array(0..<50))
    #expect(first != second && first != Array(0..<50))
    let again = DataLoader(IndexArray(0..<50), batchSize: 7, key: key)
    #expect(again.flatMap { $0 } == first && again.flatMap { $0 } == second)
    #expect(again.epoch == 2 && again.position == 0)
    let ordered = DataLoader(IndexArray(0..<5), batchSize: 2)
    for _ in 0..<2 { #expect(Array(ordered) == [[0, 1], [2, 3], [4]]) }
  }

  @Test func `keeps examples and their targets together`() {
    let x: Tensor = [[0, 0], [1, 10], [2, 20], [3, 30]]
    for (rows, labels) in DataLoader(x, IndexArray(0..<4), batchSize: 3, key: key) {
      #expect(rows == x.gatherRows(labels))
    }
    let names = DataLoader(["a", "b", "c"], [0, 1, 2], batchSize: 2)
    #expect(names.map { $0.0 } == [["a", "b"], ["c"]])
    let own = DataLoader(count: 3, batchSize: 2) { $0.map { $0 * $0 } }
    #expect(Array(own) == [[0, 1], [4]])
  }

  @Test func `takes sets of different sizes`() {
    let sets = RaggedRows([[[1], [2]], Tensor(zeros: [0, 1]), [[3]], [[4], [5], [6]]])
    #expect(sets.exampleCount == 4 && sets.segments == [0, 0, 2, 3, 3, 3] && sets.offsets == [0, 2, 2, 3, 6])
    #expect(sets[3] == [[4], [5], [6]] && sets[1].shape == [0, 1])
    let some = sets.examples([3, 1, 0])
    #expect(some.values == [[4], [5], [6], [1], [2]] && some.segments == [0, 0, 0, 2, 2])
    for (batch, sizes) in DataLoader(sets, IndexArray([2, 0, 1, 3]), batchSize: 3, key: key) {
      #expect(zip(batch.offsets, batch.offsets.dropFirst()).map { $1 - $0 } == Array(sizes))
    }
  }

  @Test func `goes on in the middle of an epoch`() throws {
    let whole = DataLoader(IndexArray(0..<10), batchSize: 3, key: key)
    let expected = Array(whole) + Array(whole)
    for stop in 0...8 {
      let loader = DataLoader(IndexArray(0..<10), batchSize: 3, key: key)
      var batches: [IndexArray] = []
      while batches.count < stop { if let batch = loader.next() { batches.append(batch) } }
      let again = DataLoader(IndexArray(0..<10), batchSize: 3, key: key)
      try again.restore(loader.state)
      while again.epoch < 2 { if let batch = again.next() { batches.append(batch) } }
      #expect(batches == expected, "stopped after \(stop)")
    }
    #expect(throws: TrainingStateError.self) {
      try whole.restore(TrainingState(counters: ["epoch": 0, "position": 11]))
    }
    #expect(whole.epoch == 2)
  }

  @Test func `of no examples has no batches`() {
    let loader = DataLoader(Tensor(zeros: [0, 3]), batchSize: 4, key: key)
    #expect(Array(loader).isEmpty && loader.epoch == 1 && loader.batchesPerEpoch == 0)
    #expect(Array(DataLoader(IndexArray(0..<3), batchSize: 4, dropLast: true)).isEmpty)
  }
}
