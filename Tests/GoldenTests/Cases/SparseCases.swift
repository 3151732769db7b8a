import Adjoint

extension CaseTable {
  /// Products with sparse matrices, and scores of edges.
  static let sparse: [CaseRow] = [
    CaseRow("spmm_coo", "spmv") { try matmul($0.coordinateMatrix(), $0["x"]) },
    CaseRow("spmm_transposed") { try matmul($0.coordinateMatrix(), $0["x"], transposingLeft: true) },
    CaseRow("spmm_csr") { run in
      let (rows, columns) = (try run.integer("rows"), try run.integer("columns"))
      let values = try run["values"], entries = values.shape[0]
      let pointers = try run.indices("row_pointer", below: entries + 1)
      guard pointers.count == rows + 1, zip(pointers, pointers.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw CaseError.malformed("input row_pointer does not describe \(rows) rows")
      }
      let row = (0..<rows).flatMap { [Int](repeating: $0, count: pointers[$0 + 1] - pointers[$0]) }
      let matrix = try SparseMatrix(
        rows: IndexArray(row), columns: run.indices("column", below: columns), values: values, rowCount: rows,
        columnCount: columns)
      return try matmul(matrix, run["x"])
    },
    CaseRow("sddmm") { try scores($0, $0["a"], $0["b"]) },
    CaseRow("bilinear_scores") { try scores($0, matmul($0["a"], $0.parameter("W")), $0["b"]) },
    CaseRow("graph_filter") { run in
      let (x, h) = (try run["x"], try run.parameter("h"))
      let graph = try run.graph(nodeCount: x.shape[0])
      let shift = SparseMatrix(graph.adjacency, values: try run["weight"].gatherRows(graph.edgeOrder))
      var (shifted, result) = (x, h.rows(0..<1) * x)
      for k in 1..<Swift.max(1, h.shape[0]) {
        shifted = matmul(shift, shifted)
        result = result + h.rows(k..<k + 1) * shifted
      }
      return result
    },
  ]

  /// ⟨a[row], b[column]⟩ for every entry, in the order that they are given in.
  private static func scores(_ run: CaseRun, _ a: Variable, _ b: Variable) throws -> Variable {
    let pattern = try SparsePattern(
      rows: run.indices("row", below: a.shape[0]), columns: run.indices("column", below: b.shape[0]),
      rowCount: a.shape[0], columnCount: b.shape[0])
    return sampledProduct(pattern, a, b).scatterSum(to: pattern.order, count: pattern.count)
  }
}

extension CaseRun {
  fileprivate func coordinateMatrix() throws -> SparseMatrix {
    let (rows, columns) = (try integer("rows"), try integer("columns"))
    return try SparseMatrix(
      rows: indices("row", below: rows), columns: indices("column", below: columns), values: self["values"],
      rowCount: rows, columnCount: columns)
  }

  /// The graph that `edge_index` describes: row 0 sources, row 1 targets.
  func graph(nodeCount: Int, _ name: String = "edge_index") throws -> Graph {
    let ends = try indices(name, below: nodeCount)
    guard try shape(of: name).first == 2 else { throw CaseError.malformed("\(name) does not have two rows") }
    let count = ends.count / 2
    return try Graph(nodeCount: nodeCount, from: IndexArray(ends.prefix(count)), to: IndexArray(ends.suffix(count)))
  }
}
