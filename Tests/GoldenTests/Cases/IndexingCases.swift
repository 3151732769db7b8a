import Adjoint

extension CaseTable {
  /// Gathering, and scattering over segments.
  static let indexing: [CaseRow] = [
    CaseRow("gather_rows") { try gathered($0, $0["x"]) },
    CaseRow("embedding") { try gathered($0, $0.parameter("table")) },
    CaseRow("gather_columns") { run in
      let x = try run["x"]
      return x.gather(try run.indices("index", below: x.shape[1]), along: 1)
    },
    CaseRow("take_along") { run in
      let x = try run["x"]
      return x.take(try run.indices("index", below: x.shape[1]), along: 1)
    },
    CaseRow("mean_of_neighbors") { run in
      let x = try run["x"], nodes = x.shape[0]
      let targets = try run.indices("target", below: nodes)
      return try x.gatherRows(run.indices("source", below: nodes)).scatterMean(to: targets, count: nodes)
    },
    CaseRow("scatter", "scatter_sum", "scatter_mean", "scatter_max", "scatter_min") { run in
      let (x, count) = (try run["x"], try run.integer("targets"))
      let index = try run.indices("index", below: count)
      switch try run.text("reduce") {
      case "sum": return x.scatterSum(to: index, count: count)
      case "mean": return x.scatterMean(to: index, count: count)
      case "max": return x.scatterMax(to: index, count: count)
      case "min": return x.scatterMin(to: index, count: count)
      case let other: throw CaseError.unsupported("reduce \(other)")
      }
    },
    CaseRow("segment_softmax") { run in
      let count = try run.integer("targets")
      return try run["x"].segmentSoftmax(over: run.indices("index", below: count), count: count)
    },
  ]

  /// A row for every number of an index array of any shape.
  private static func gathered(_ run: CaseRun, _ table: Variable) throws -> Variable {
    let rows = table.gatherRows(try run.indices("index", below: table.shape[0]))
    return try rows.reshaped(to: run.shape(of: "index") + table.shape.dropFirst())
  }
}
