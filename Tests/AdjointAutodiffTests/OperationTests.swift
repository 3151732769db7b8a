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

  @Test(arguments: ["Elementwise", "Products", "Reductions", "Shaping", "Indexing", "Losses", "Convolution"])
  func `every file of operations is tried without elements and with an extent of 1`(_ family: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/AdjointAutodiff/Operations/\(family)").standardized
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path()) {
      let shapes = OperationSample.all.filter { $0.file == file }.flatMap(\.inputs)
      for extent in [0, 1] {
        #expect(shapes.contains { $0.contains(extent) }, "\(file) has no sample with an extent of \(extent)")
      }
    }
  }
}
