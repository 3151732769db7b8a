import Adjoint
import BenchmarkData
import Testing

// The values are those that the script of the compared frameworks prints for its case `checksums`.
@Suite struct `The data recipe` {
  @Test func `features, integers and weights begin as everywhere`() {
    #expect(features(13, [4]).scalars(as: Float.self) == [0.5374211, -0.3426243, 0.26570535, -0.41682529])
    #expect(integers(14, 6, below: 40) == [16, 2, 0, 26, 36, 13])
    #expect(integers(31, 1024, below: 91).reduce(0) { $0 + 10 + $1 } == 56_517)
  }

  @Test func `weights are transposed and scaled by the input width`() {
    let stored = features(1002, [3, 4], times: 0.5).scalars(as: Float.self)
    let transposed = weight(2, 4, 3)
    #expect(transposed.shape == [4, 3])
    for input in 0..<4 {
      for output in 0..<3 { #expect(Float(transposed[input, output]) == stored[output * 4 + input]) }
    }
    #expect(bias(3, 4, 3) == features(1003, [3], times: 0.5))
  }

  @Test func `the arxiv graph has the edges of everywhere`() {
    let (sources, targets) = ArxivGraph.edges()
    #expect(sources.count == 2_329_186)
    #expect(zip(sources, targets).reduce(0) { $0 + ($1.0 ^ $1.1) } == 253_710_747_148)
    #expect(sources.prefix(3) == [22, 28, 31] && targets.prefix(3) == [0, 0, 0])
    var degrees = [Int](repeating: 0, count: ArxivGraph.nodeCount)
    for target in targets { degrees[target] += 1 }
    #expect(degrees.max() == 19_756)
    #expect(degrees.count { $0 == 0 } == 10)
  }
}
