/// What a graph knows of each of its nodes, or each of its edges, or of itself, under one name.
///
/// The case says what whole numbers mean. When graphs are put side by side, node indices move with the nodes and edge indices with
/// the edges, whatever the column is called; everything else is joined as it is.
public enum Column: Sendable {
  /// Numbers: `[rows, ...]`.
  case values(Tensor)
  /// Whole numbers that stay as they are, such as labels.
  case labels(IndexArray)
  /// Nodes of the graph, its targets if it is bipartite; −1 stands for none.
  case nodeIndices(IndexArray)
  /// Edges of the graph, in its stored order; −1 stands for none.
  case edgeIndices(IndexArray)

  /// The number of rows.
  public var count: Int {
    switch self {
    case .values(let tensor): tensor.rank == 0 ? 0 : tensor.shape[0]
    case .labels(let indices), .nodeIndices(let indices), .edgeIndices(let indices): indices.count
    }
  }

  /// The rows at the given positions, in their order.
  ///
  /// - Parameter rows: Positions; one outside the column stops the program.
  /// - Returns: A column of the same kind.
  public func gatherRows(_ rows: IndexArray) -> Column {
    rows.check(within: count, operation: "Column.gatherRows")
    return map({ $0.gatherRows(rows) }, { $0.gathered(rows) })
  }

  /// What the case is called in messages.
  var kind: String {
    switch self {
    case .values(let tensor): "values of \(tensor.dtype)"
    case .labels: "labels"
    case .nodeIndices: "node indices"
    case .edgeIndices: "edge indices"
    }
  }

  /// A column of the same kind.
  func map(_ values: (Tensor) -> Tensor, _ indices: (IndexArray) -> IndexArray) -> Column {
    switch self {
    case .values(let tensor): .values(values(tensor))
    case .labels(let array): .labels(indices(array))
    case .nodeIndices(let array): .nodeIndices(indices(array))
    case .edgeIndices(let array): .edgeIndices(indices(array))
    }
  }

  /// Another number for every node and every edge; −1 stays, and so does all else.
  func renumbered(nodes: (Int32) -> Int32, edges: (Int32) -> Int32) -> Column {
    func changed(_ array: IndexArray, _ number: (Int32) -> Int32) -> IndexArray {
      let old = array.pointer
      return IndexArray(count: array.count) { result in
        for i in 0..<array.count { result[i] = old[i] < 0 ? -1 : number(old[i]) }
      }
    }
    return switch self {
    case .values, .labels: self
    case .nodeIndices(let array): .nodeIndices(changed(array, nodes))
    case .edgeIndices(let array): .edgeIndices(changed(array, edges))
    }
  }
}

/// Named columns of one length: the features of a graph's nodes, of its edges, or of the graph.
///
///     graph.nodes["x"] = .values(features)
///     graph.nodes.values("x")
public struct Columns: Sendable {
  /// Whose columns these are, as messages say it: "node".
  let owner: String
  /// The number of rows that every column has; nil if each may have its own.
  let rowCount: Int?
  private var columns: [String: Column] = [:]

  init(owner: String, rowCount: Int?) { (self.owner, self.rowCount) = (owner, rowCount) }

  /// The names, in alphabetical order.
  public var names: [String] { columns.keys.sorted() }

  /// Whether there is no column.
  public var isEmpty: Bool { columns.isEmpty }

  /// The column of a name; nil if there is none.
  ///
  /// Setting a column with another number of rows than the graph has nodes, or edges, stops the program.
  public subscript(name: String) -> Column? {
    get { columns[name] }
    set {
      if let newValue, let rowCount {
        let shape = if case .values(let tensor) = newValue { " \(tensor.shape)" } else { "" }
        require(
          newValue.count == rowCount,
          "\(owner) column \(name): \(newValue.kind)\(shape), \(newValue.count) rows for \(rowCount) \(owner)s")
      }
      columns[name] = newValue
    }
  }

  /// The numbers of a column; a name or kind that is not there stops the program.
  public func values(_ name: String) -> Tensor {
    guard case .values(let tensor)? = columns[name] else { missing(name, "values") }
    return tensor
  }

  /// The whole numbers of a column, of any kind; a name or kind that is not there stops the program.
  public func indices(_ name: String) -> IndexArray {
    switch columns[name] {
    case .labels(let array), .nodeIndices(let array), .edgeIndices(let array): return array
    default: missing(name, "whole numbers")
    }
  }

  private func missing(_ name: String, _ wanted: String) -> Never {
    let known = columns.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.kind))" }
    stop(
      "no \(owner) column \(name) of \(wanted); there are: \(known.isEmpty ? "none" : known.joined(separator: ", "))")
  }

  /// The columns of other rows, each made from the one of its name.
  func mapColumns(rowCount: Int?, _ body: (String, Column) -> Column) -> Columns {
    var result = Columns(owner: owner, rowCount: rowCount)
    for (name, column) in columns { result[name] = body(name, column) }
    return result
  }
}
