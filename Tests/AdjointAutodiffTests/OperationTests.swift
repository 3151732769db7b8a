import AdjointAutodiff
import Foundation
import Testing

@Suite struct `Operations` {
  @Test(arguments: OperationSample.all, [DType.float32, .float64])
  func `the gradient agrees with differences to first and second order`(_ sample: OperationSample, _ dtype: DType) {
    for order in [1, 2] {
      let report = checkGradients(of: sample.apply, at: sample.point(dtype: dtype), order: order, dtype: dtype)
      #expect(report.passes, "\(sample.name): \(report)")
    }
  }

  @Test(arguments: OperationSample.all, [DType.float32, .float64])
  func `the result has the promised shape and the operands' type`(_ sample: OperationSample, _ dtype: DType) {
    let result = withDefaultDType(dtype) { sample.apply(sample.point(dtype: dtype).map { Variable($0) }) }
    #expect(result.shape == sample.output)
    #expect(result.dtype == dtype)
    #expect(!result.isRecorded)
  }

  @Test func `every file of operations has a sample on the list`() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/AdjointAutodiff/Operations").standardized
    let files = FileManager.default.enumerator(atPath: sources.path())?.compactMap { $0 as? String } ?? []
    let operations = Set(files.filter { $0.hasSuffix(".swift") }.map { String($0.split(separator: "/").last ?? "") })
    #expect(!operations.isEmpty)
    #expect(operations == Set(OperationSample.all.map(\.file)))
  }

  @Test func `every file of operations is tried without elements and with an extent of 1`() {
    for (file, samples) in Dictionary(grouping: OperationSample.all, by: \.file) {
      for extent in [0, 1] {
        #expect(
          samples.contains { $0.inputs.contains { $0.contains(extent) } },
          "\(file) has no sample with an extent of \(extent)")
      }
    }
  }
}
