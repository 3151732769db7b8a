import AdjointTensors
import Testing

#if os(Linux)
import Glibc
#endif

// Counts of bytes are the process's own, so each of these tests runs in a process that does nothing else.
@Suite struct `The memory of tensors` {
  @Test func `is given back with the last tensor that uses it`() async {
    await #expect(processExitsWith: .success) {
      let start = TensorMemory.liveBytes
      do {
        var kept = [Tensor(ones: [10, 100])]
        #expect(TensorMemory.liveBytes >= start + 4000)
        for i in 0..<200 {
          kept.append(kept[i / 2].reshaped(to: [10, 100]).rows(0..<10) + Double(i).tensor)
          kept.append(kept[i].transposed().transposed())
          if i % 3 == 0 { kept[i][0, 0] = 1 }
        }
        _ = kept.map { $0.sum() }
      }
      #expect(TensorMemory.liveBytes == start)
    }
  }

  @Test func `of views is counted once, and single numbers take none`() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor(zeros: [1 << 16])
      let before = TensorMemory.liveBytes
      let views = (0..<100).map { x.reshaped(to: [256, 256]).rows($0..<200) }
      let numbers = (0..<100).map { Double($0).tensor * 2 + 1 }
      #expect(TensorMemory.liveBytes == before)
      #expect(views.count + numbers.count == 200)
    }
  }

  @Test func `is not taken anew for a change in place, only for one of a shared tensor`() async {
    await #expect(processExitsWith: .success) {
      var x = Tensor(zeros: [1 << 16])
      let ones = Tensor(ones: [1 << 16])
      TensorMemory.resetPeak()
      let before = TensorMemory.peakBytes
      for i in 0..<50 {
        x[i] = 1
        x.add(ones)
      }
      #expect(TensorMemory.peakBytes == before)
      let copy = x
      x[0] = 7
      #expect(TensorMemory.peakBytes >= before + 4 << 16)
      #expect(copy[0] == 51 && x[0] == 7)
    }
  }

  @Test func `is kept for reuse until the cache is emptied`() async {
    await #expect(processExitsWith: .success) {
      TensorMemory.emptyCache()
      #expect(TensorMemory.cachedBytes == 0)
      do { _ = Tensor(zeros: [1 << 16]) }
      let cached = TensorMemory.cachedBytes
      #expect(cached >= 4 << 16)
      for _ in 0..<10 { _ = Tensor(ones: [1 << 16]) }
      #expect(TensorMemory.cachedBytes == cached)
      TensorMemory.emptyCache()
      #expect(TensorMemory.cachedBytes == 0)
    }
  }

  @Test func `beyond the cache's limit goes back to the system`() async {
    await #expect(processExitsWith: .success) {
      TensorMemory.cacheLimit = 1 << 20
      for exponent in 10..<22 { _ = Tensor(zeros: [1 << exponent]) }
      #expect(TensorMemory.cachedBytes > 0 && TensorMemory.cachedBytes <= 1 << 20)
      TensorMemory.cacheLimit = -5
      #expect(TensorMemory.cacheLimit == 0 && TensorMemory.cachedBytes == 0)
      _ = Tensor(zeros: [100])
      #expect(TensorMemory.cachedBytes == 0)
    }
  }

  @Test func `has a peak that holds until it is reset`() async {
    await #expect(processExitsWith: .success) {
      let start = TensorMemory.liveBytes
      TensorMemory.resetPeak()
      #expect(TensorMemory.peakBytes == start)
      do { _ = Tensor(zeros: [3 << 18]) }
      #expect(TensorMemory.liveBytes == start && TensorMemory.peakBytes == start + 3 << 20)
      TensorMemory.resetPeak()
      #expect(TensorMemory.peakBytes == start)
    }
  }

  @Test func `is wasted by a quarter at most, and 64 bytes for small ones`() async {
    await #expect(processExitsWith: .success) {
      for count in [0, 1, 16, 17, 100, 1000, 1025, 5000, 100_001] {
        let start = TensorMemory.liveBytes
        let x = Tensor(zeros: [count])
        let taken = TensorMemory.liveBytes - start
        #expect(taken >= x.count * 4 && taken <= Swift.max(64, x.count * 5), "\(count) elements take \(taken) bytes")
      }
    }
  }
}

#if os(Linux)
/// Lets the process have no more than `bytes` beyond what it has now.
private func limitMemory(toAdditional bytes: Int) {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = Int(text.split(separator: " ").first ?? "") ?? 0
  let limit = rlim_t(pages * Int(sysconf(Int32(_SC_PAGESIZE))) + bytes)
  var limits = rlimit(rlim_cur: limit, rlim_max: limit)
  #expect(pages > 0 && setrlimit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), &limits) == 0)
}

@Suite struct `When the system has no memory left` {
  @Test func `the cache is emptied and the allocation tried again`() async {
    await #expect(processExitsWith: .success) {
      setThreadCount(1)
      TensorMemory.cacheLimit = .max
      do { _ = (0..<4).map { _ in Tensor(zeros: [10 << 20]) } }
      #expect(TensorMemory.cachedBytes >= 160 << 20)
      limitMemory(toAdditional: 40 << 20)
      let large = Tensor(repeating: 3, shape: [25 << 20])
      #expect(TensorMemory.cachedBytes == 0 && large[25 << 20 - 1] == 3)
    }
  }

  @Test func `the program stops and says what was asked for`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let kept = Tensor(zeros: [1024])
      limitMemory(toAdditional: 64 << 20)
      _ = Tensor(zeros: [100 << 20]) + kept[0].tensor
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "Tensor: no memory for 419430400 bytes, although the cache was emptied; 4096 bytes are alive in other tensors\n"
      ))
  }
}
#endif

extension Double {
  /// The number as a tensor of the default element type.
  fileprivate var tensor: Tensor { Tensor(self, dtype: .default) }
}
