import Adjoint

extension CaseTable {
  /// Sums, extremes, norms, and softmax along an axis.
  static let reductions: [CaseRow] = [
    CaseRow("sum") { try $0["x"].sum(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("mean") { try $0["x"].mean(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("max") { try $0["x"].max(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("min") { try $0["x"].min(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("prod") { try $0["x"].product(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("norm_l1") { try $0["x"].norm(1, along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("norm_l2") { try $0["x"].norm(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("variance_population", "variance_sample") { run in
      try run["x"].variance(
        along: run.axes(), correction: Int(run.number("correction")), keepingAxes: run.flag("keepdims"))
    },
    CaseRow("std_population", "std_sample") { run in
      try run["x"].standardDeviation(
        along: run.axes(), correction: Int(run.number("correction")), keepingAxes: run.flag("keepdims"))
    },
    CaseRow("logsumexp") { try $0["x"].logSumExp(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("cumsum") { try $0["x"].cumulativeSum(along: $0.integer("axis")) },
    CaseRow("softmax") { try softmax($0["x"], along: $0.integer("axis")) },
    CaseRow("log_softmax") { try logSoftmax($0["x"], along: $0.integer("axis")) },
    .outputs("argmax") { run in
      let (x, axis) = (try run["x"], try run.integer("axis"))
      let shape = x.shape.reduced(along: [x.shape.resolvedAxis(axis, operation: "argmax")], keepingAxes: false)
      return ["y": .integers(Array(x.argmax(along: axis)), shape: Array(shape))]
    },
  ]
}

extension CaseRun {
  /// The axes to reduce; nil for all.
  fileprivate func axes() throws -> [Int]? { golden.attributes["axes"] == nil ? nil : try integers("axes") }
}
