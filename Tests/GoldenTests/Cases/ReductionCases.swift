import Adjoint

extension CaseTable {
  /// Sums, extremes, norms, and softmax along an axis.
  static let reductions: [CaseRow] = [
    CaseRow("sum") { try $0["x"].sum(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("mean") { try $0["x"].mean(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("max") { try $0["x"].max(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("min") { try $0["x"].min(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("norm_l1") { try abs($0["x"]).sum(along: $0.axes(), keepingAxes: $0.flag("keepdims")) },
    CaseRow("norm_l2") { try sqrt(square($0["x"]).sum(along: $0.axes(), keepingAxes: $0.flag("keepdims"))) },
    CaseRow("variance_population", "variance_sample") { try variance($0) },
    CaseRow("std_population", "std_sample") { try sqrt(variance($0)) },
    CaseRow("logsumexp") { run in
      // The maximum is taken out before the exponential, so that nothing overflows; no gradient flows through it.
      let (x, axes) = (try run["x"], try run.axes())
      let peak = x.max(along: axes, keepingAxes: true).detached()
      let result = log(exp(x - peak).sum(along: axes, keepingAxes: true)) + peak
      return try run.flag("keepdims") ? result : result.sum(along: axes)
    },
    CaseRow("softmax") { try softmax($0["x"], along: $0.integer("axis")) },
    CaseRow("log_softmax") { try logSoftmax($0["x"], along: $0.integer("axis")) },
    .outputs("argmax") { run in
      let (x, axis) = (try run["x"], try run.integer("axis"))
      let shape = x.shape.reduced(along: [x.shape.resolvedAxis(axis, operation: "argmax")], keepingAxes: false)
      return ["y": .integers(Array(x.value.argmax(along: axis)), shape: Array(shape))]
    },
  ]

  private static func variance(_ run: CaseRun) throws -> Variable {
    let (x, axes, correction) = (try run["x"], try run.axes(), try run.number("correction"))
    let kept = axes ?? Array(0..<x.rank)
    let count = kept.reduce(1) { $0 * x.shape[x.shape.resolvedAxis($1, operation: "variance")] }
    let deviations = x - x.mean(along: axes, keepingAxes: true)
    let squares = try square(deviations).sum(along: axes, keepingAxes: run.flag("keepdims"))
    return squares / Variable(Double(count) - correction)
  }
}

extension CaseRun {
  /// The axes to reduce; nil for all.
  fileprivate func axes() throws -> [Int]? { golden.attributes["axes"] == nil ? nil : try integers("axes") }
}
