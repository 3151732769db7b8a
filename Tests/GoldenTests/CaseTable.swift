import Adjoint

/// An output of a row.
enum CaseOutput {
  case values(Variable)
  case integers([Int], shape: [Int])

  var computed: Computed {
    switch self {
    case .values(let variable): Computed(variable.value)
    case .integers(let values, let shape): Computed(shape: shape, values: values.map(Double.init))
    }
  }
}

/// A row of the table: the names of the cases that it computes, and how.
struct CaseRow: Sendable {
  let names: [String]
  let run: @Sendable (CaseRun) throws -> [String: CaseOutput]

  /// A row with the single output y.
  init(_ names: String..., y: @escaping @Sendable (CaseRun) throws -> Variable) {
    self.init(names: names) { ["y": .values(try y($0))] }
  }

  /// A row with the outputs that it names.
  static func outputs(
    _ names: String..., of run: @escaping @Sendable (CaseRun) throws -> [String: CaseOutput]
  ) -> CaseRow {
    CaseRow(names: names, run: run)
  }

  /// A row with the input x and the output y.
  static func unary(_ names: String..., of function: @escaping @Sendable (Variable) -> Variable) -> CaseRow {
    CaseRow(names: names) { ["y": .values(function(try $0["x"]))] }
  }

  /// A row with the inputs a and b and the output y.
  static func binary(
    _ names: String..., of function: @escaping @Sendable (Variable, Variable) throws -> Variable
  ) -> CaseRow {
    CaseRow(names: names) { ["y": .values(try function($0["a"], $0["b"]))] }
  }

  private init(names: [String], run: @escaping @Sendable (CaseRun) throws -> [String: CaseOutput]) {
    (self.names, self.run) = (names, run)
  }
}

/// Which case is computed how: the only place that knows.
///
/// To support another case, add a row to one of the groups.
enum CaseTable {
  static let rows: [CaseRow] = [
    elementwise, products, reductions, losses, shaping, indexing, sparse, autodiff, graphConvolutions, optimizers,
    training, layers, recurrent, characters, graphs, graphLayers, graphModels,
  ].flatMap { $0 }

  private static let rowsByName = Dictionary(
    rows.flatMap { row in row.names.map { ($0, row) } },
    uniquingKeysWith: { first, _ in stop("CaseTable: \(first.names) stands in the table twice") })

  /// The row for a case, by the last component of its name.
  ///
  /// A name that is not in the table loses words at its end that say no more than how the data are laid out, which the data and
  /// the attributes say again: `div_rank3` is computed as `div`, `sum_axis1_keep` as `sum`.
  static func row(named name: String) -> CaseRow? {
    var words = name.split(separator: "_")
    while !words.isEmpty {
      if let row = rowsByName[words.joined(separator: "_")] { return row }
      guard let last = words.popLast(), isLayout(last) else { return nil }
    }
    return nil
  }

  private static func isLayout(_ word: Substring) -> Bool {
    let words: Set<Substring> = [
      "same", "row", "column", "scalar", "outer", "all", "keep", "negative", "axis", "batched", "broadcast",
    ]
    return words.contains(word) || word.wholeMatch(of: /(axis|axes|rank)\d+|\d+d|\d+(\.\d+)?/) != nil
  }
}
